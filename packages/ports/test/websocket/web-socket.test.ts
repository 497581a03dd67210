import { exit, isAlive, monitor, type Pid, type Self, send } from "@krarup/core";
import { describe, expect, it } from "vitest";
import {
  acceptWebSocket,
  type Address,
  close,
  closeWebSocket,
  connect,
  connectWebSocket,
  type HttpHandler,
  httpServerInfo,
  isPortError,
  orExit,
  type Port,
  portInfo,
  read,
  setActive,
  type WebSocketOptions,
  type WebSocketPort,
  write,
} from "../../src/index.ts";
import type { Steps } from "../../src/port/sequence.ts";
import { asking, heard, say, serving, statusOf } from "../http/http-stage.ts";
import { codeIn, next, perform } from "../stage.ts";

const HANDSHAKE = [
  "GET / HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket",
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
].join("\r\n");

function urlOf(address: Address): string {
  return "port" in address ? `ws://127.0.0.1:${address.port}/` : "";
}

/** Says what it hears, until that ends. @returns how it ended */
function* echo(socket: WebSocketPort): Steps<string> {
  for (;;) {
    const message = yield* read(socket);
    if (isPortError(message)) return message.code;
    yield* write(socket, message);
  }
}

/** Both ends of a WebSocket; what `serve` returns, if anything, is sent to the running process. */
function* pair(
  self: Pid<unknown>,
  serve: (socket: WebSocketPort) => Steps<unknown> = echo,
  options: { readonly client?: WebSocketOptions; readonly server?: WebSocketOptions } = {},
): Steps<WebSocketPort> {
  const handler: HttpHandler = () =>
    acceptWebSocket(function* (socket) {
      const result = yield* serve(socket);
      if (result !== undefined) send(self, result);
    }, options.server);
  const { address } = yield* serving({ handler });
  return yield* orExit(connectWebSocket({ url: urlOf(address), ...options.client }));
}

/** A connection on which the handshake is done and frames can be said byte by byte. */
function* raw(self: Pid<unknown>, options: WebSocketOptions = {}): Steps<Port> {
  const handler: HttpHandler = () =>
    acceptWebSocket(function* (socket) {
      send(self, yield* echo(socket));
    }, options);
  const { address } = yield* serving({ handler });
  const socket = yield* orExit(connect(address));
  yield* write(socket, HANDSHAKE);
  expect(yield* heard(socket, "\r\n\r\n")).toContain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  return socket;
}

/** A frame as a client sends it; the mask is zero, so that the payload can be read. */
function frame(firstByte: number, payload: string): Uint8Array {
  const bytes = new TextEncoder().encode(payload);
  return Uint8Array.of(firstByte, 0x80 | bytes.length, 0, 0, 0, 0, ...bytes);
}

describe("a web socket", () => {
  it.each([
    ["text", "hello é"],
    ["an empty text", ""],
    ["bytes", Uint8Array.of(0, 255)],
    ["much", "x".repeat(300_000)],
  ])("carries %s there and back", (_kind, message) =>
    perform(function* (self) {
      const socket = yield* pair(self);
      yield* orExit(write(socket, message));
      expect(yield* read(socket, { timeoutMs: 3_000 })).toEqual(message);
    }),
  );

  it("keeps messages apart and in order", () =>
    perform(function* (self) {
      const socket = yield* pair(self);
      for (let i = 0; i < 1_000; i++) yield* write(socket, `${i}`);
      for (let i = 0; i < 1_000; i++) expect(yield* read(socket)).toBe(`${i}`);
      expect(yield* portInfo(socket)).toMatchObject({ input: 2_890, output: 2_890 });
    }));

  it("delivers messages in active mode", () =>
    perform(function* (self) {
      const socket = yield* pair(self, function* (served) {
        yield* write(served, "one");
        yield* write(served, "two");
        yield* closeWebSocket(served, 4_001, "enough");
      });
      yield* setActive(socket, true);
      const heardNow = [yield* next(self), yield* next(self), yield* next(self), yield* next(self)];
      expect(heardNow).toEqual([["data", "one"], ["data", "two"], ["failed", "close_4001"], "closed"]);
    }));

  it("puts fragments together, with pings between them", () =>
    perform(function* (self) {
      const socket = yield* raw(self);
      yield* write(socket, Uint8Array.of(...frame(0x01, "hel"), ...frame(0x89, "?"), ...frame(0x80, "lo")));
      expect(yield* heard(socket, "hello")).toBe(
        "\u008a\u0001?\u0081\u0005hello".replace(/[\u0080-\u008f]/g, "\ufffd"),
      );
    }));

  it.each([
    ["close", "closed", (socket: WebSocketPort) => close(socket)],
    ["closeWebSocket with 1000", "closed", (socket: WebSocketPort) => closeWebSocket(socket, 1_000)],
    ["closeWebSocket with 4321", "close_4321", (socket: WebSocketPort) => closeWebSocket(socket, 4_321, "why")],
  ])("tells the peer of %s", (_how, code, act) =>
    perform(function* (self) {
      const socket = yield* pair(self);
      yield* act(socket);
      expect(yield* self.receive().after(3_000)).toBe(code);
    }),
  );

  it("tells the peer that it broke", () =>
    perform(function* (self) {
      self.trapExit();
      const socket = yield* pair(self);
      exit(socket, "kill");
      expect(yield* self.receive((message) => typeof message === "string").after(3_000)).toBe("econnreset");
    }));

  it("closes when the process that serves it ends", () =>
    perform(function* (self) {
      const socket = yield* pair(self, function* (served) {
        yield* read(served);
        return exit("shutdown");
      });
      yield* write(socket, "go");
      expect(codeIn(yield* read(socket, { timeoutMs: 3_000 }))).toBe("closed");
    }));

  it.each([
    ["a message over messageBytesMax", frame(0x81, "x".repeat(11)), "emsgsize", 1009],
    [
      "fragments that are too long together",
      Uint8Array.of(...frame(0x01, "x".repeat(9)), ...frame(0x80, "xx")),
      "emsgsize",
      1009,
    ],
    ["a frame without mask", Uint8Array.of(0x81, 1, 65), "ebadmsg", 1002],
    ["an unknown kind of frame", frame(0x83, "x"), "ebadmsg", 1002],
    ["text that is none", Uint8Array.of(0x81, 0x81, 0, 0, 0, 0, 0xff), "ebadmsg", 1007],
  ])("is closed for %s", (_what, bytes, code, closeCode) =>
    perform(function* (self) {
      const socket = yield* raw(self, { messageBytesMax: 10 });
      yield* write(socket, bytes);
      expect(yield* self.receive().after(3_000)).toBe(code);
      expect([...(yield* orExit(read(socket))).subarray(0, 4)]).toEqual([0x88, 2, closeCode >> 8, closeCode & 255]);
      yield* close(socket);
    }),
  );

  it("is gone when the peer answers no ping", () =>
    perform(function* (self) {
      const socket = yield* raw(self, { pingIntervalMs: 50 });
      expect(yield* self.receive().after(3_000)).toBe("timeout");
      yield* close(socket);
    }));

  it("stays when the peer answers", () =>
    perform(function* (self) {
      const socket = yield* pair(self, echo, { server: { pingIntervalMs: 20 } });
      yield* self.sleep(150);
      yield* write(socket, "still here");
      expect(yield* read(socket, { timeoutMs: 1_000 })).toBe("still here");
    }));

  it("holds up a peer whose messages nobody reads", () =>
    perform(function* () {
      const { address } = yield* serving({
        handler: (_request, own: Self<never>) =>
          acceptWebSocket(function* () {
            yield* own.receive();
          }),
      });
      const socket = yield* orExit(connectWebSocket({ url: urlOf(address) }));
      let written = 0;
      while (written < 32_000_000 && (yield* write(socket, "x".repeat(100_000), { timeoutMs: 300 })) === "ok")
        written += 100_000;
      expect(written).toBeGreaterThan(0);
      expect(written).toBeLessThan(32_000_000);
    }));

  it("refuses to send what is no message", () =>
    perform(function* (self) {
      const socket = yield* pair(self);
      // A program in JavaScript can write anything.
      expect(codeIn(yield* write(socket, 7 as unknown as string))).toBe("einval");
      yield* write(socket, "fine");
      expect(yield* read(socket)).toBe("fine");
    }));

  it.each([
    [1_001, ""],
    [5_000, ""],
    [4_000, "x".repeat(124)],
  ])("cannot be closed with %i %s", (code, reason) => {
    // It is refused before the socket is looked at.
    expect(() => closeWebSocket({} as WebSocketPort, code, reason)).toThrow(
      expect.objectContaining({ code: "ERR_BAD_ARGUMENT" }),
    );
  });
});

describe("acceptWebSocket", () => {
  it("answers 426 to a request that asks for none", () =>
    perform(function* () {
      const { address } = yield* serving({ handler: () => acceptWebSocket(echo) });
      const answer = yield* say(address, asking("GET", "/"));
      expect(statusOf(answer)).toBe(426);
      expect(answer).toContain("upgrade: websocket\r\n");
    }));

  it("answers 400 to one that asks wrongly", () =>
    perform(function* () {
      const { address } = yield* serving({ handler: () => acceptWebSocket(echo) });
      const wrong = "GET / HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
      expect(statusOf(yield* say(address, wrong))).toBe(400);
    }));

  it("agrees upon a protocol", () =>
    perform(function* () {
      const { address } = yield* serving({ handler: () => acceptWebSocket(echo, { protocol: "chat.v2" }) });
      const socket = yield* orExit(connect(address));
      yield* write(
        socket,
        HANDSHAKE.replace("Sec-WebSocket-Version", "Sec-WebSocket-Protocol: chat.v1, chat.v2\r\n$&"),
      );
      expect(yield* heard(socket, "\r\n\r\n")).toContain("Sec-WebSocket-Protocol: chat.v2\r\n");
    }));

  it("leaves a handler that returns something else to refuse it", () =>
    perform(function* () {
      const { address } = yield* serving({ handler: () => ({ status: 403, body: "No" }) });
      expect(codeIn(yield* connectWebSocket({ url: urlOf(address) }))).toBe("http_403");
      expect(yield* say(address, HANDSHAKE)).toMatch(/^HTTP\/1\.1 403 Forbidden[^]*No$/);
    }));

  it("is ended by a server that stops, which does not wait for it", () =>
    perform(function* (self) {
      self.trapExit();
      const { address, server } = yield* serving({
        drainMs: 60_000,
        handler: (_request, own: Self) => {
          send(self, own);
          return acceptWebSocket(echo);
        },
      });
      const socket = yield* orExit(connectWebSocket({ url: urlOf(address) }));
      // The handler has sent its own pid.
      const handler = (yield* self.receive().after(1_000)) as Pid<never>;
      expect(yield* httpServerInfo(server)).toMatchObject({ connections: 1, running: 0 });
      const end = monitor(server);
      exit(server, "shutdown");
      expect(codeIn(yield* read(socket, { timeoutMs: 3_000 }))).toBe("closed");
      expect(yield* self.receive(end)).toMatchObject({ reason: "shutdown" });
      expect(isAlive(handler)).toBe(false);
    }));
});

describe("connectWebSocket", () => {
  it.each([
    ["nobody listens", "ws://127.0.0.1:1/", "econnrefused"],
    ["there is no such host", "ws://nowhere.invalid/", /enotfound|eai_again/],
  ])("returns an error when %s", (_when, url, code) =>
    perform(function* () {
      const answer = yield* connectWebSocket({ url });
      expect(codeIn(answer)).toMatch(code);
    }),
  );

  it("returns timeout when the server does not answer", () =>
    perform(function* (self) {
      const { address } = yield* serving({
        *handler(_request, own: Self<never>) {
          send(self, "asked");
          yield* own.receive();
          return {};
        },
      });
      expect(codeIn(yield* connectWebSocket({ url: urlOf(address), timeoutMs: 100 }))).toBe("timeout");
      expect(yield* self.receive()).toBe("asked");
    }));

  it.each([
    [{ url: "http://host/" }],
    [{ url: "ws://host/#part" }],
    [{ url: "ws://host/", timeoutMs: -1 }],
    [{ url: "ws://host/", messageBytesMax: 0 }],
    [{ url: "ws://host/", pingIntervalMs: 0 }],
  ])("refuses what makes no sense: %j", (options) => {
    expect(() => connectWebSocket(options)).toThrow(expect.objectContaining({ code: "ERR_BAD_ARGUMENT" }));
  });
});
