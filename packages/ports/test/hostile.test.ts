// What peers do to a port: nothing of it may reach anything but the port.

import { exit, isAlive, monitor, type Self, spawn, TIMEOUT } from "@krarup/core";
import { connect as connectRaw, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import {
  accept,
  type Address,
  close,
  connect,
  isPortError,
  jsonLines,
  listen,
  listenerInfo,
  msgpack,
  orExit,
  type Port,
  portInfo,
  read,
  readLine,
  serverAddress,
  setActive,
  type SocketOptions,
  startTcpServer,
  write,
} from "../src/index.ts";
import type { Steps } from "../src/port/sequence.ts";
import { codeIn, next, perform, text } from "./stage.ts";

/** A port whose peer is a plain socket in the test's hands. */
function* withPeer<P = Uint8Array>(
  options: SocketOptions<P> = {},
): Steps<{ readonly port: Port<P>; readonly peer: Socket }> {
  const listener = yield* orExit(listen({ host: "127.0.0.1", port: 0, ...options }));
  const { address } = yield* orExit(listenerInfo(listener));
  const peer = connectRaw(portOf(address), "127.0.0.1");
  peer.on("error", () => undefined);
  return { port: yield* orExit(accept(listener)), peer };
}

function portOf(address: Address): number {
  if ("port" in address) return address.port;
  throw new Error("it listens on a port");
}

describe("a peer that resets the connection", () => {
  it("is an error for who reads, and no more", () =>
    perform(function* () {
      const { port, peer } = yield* withPeer();
      peer.resetAndDestroy();
      expect(codeIn(yield* read(port))).toBe("econnreset");
      expect(isAlive(port)).toBe(false);
    }));

  it("is failed and closed for an owner in active mode", () =>
    perform(function* (self) {
      self.trapExit();
      const { port, peer } = yield* withPeer();
      yield* setActive(port, true);
      peer.resetAndDestroy();
      expect([yield* next(self), yield* next(self), yield* next(self)]).toEqual([
        ["failed", "econnreset"],
        "closed",
        ["EXIT", "normal"],
      ]);
    }));

  it("ends the waits of writers", () =>
    perform(function* (self) {
      const { port, peer } = yield* withPeer();
      const answers: unknown[] = [];
      const writer = spawn(function* () {
        let answer: unknown = "ok";
        while (answer === "ok") answer = yield* write(port, new Uint8Array(100_000));
        answers.push(codeIn(answer));
      });
      const end = monitor(writer);
      yield* self.sleep(50);
      expect(isAlive(writer)).toBe(true);
      peer.resetAndDestroy();
      yield* self.receive(end);
      expect(answers).toEqual([expect.stringMatching(/econnreset|epipe/)]);
    }));

  it("before it was accepted is an error of the accepted port at most", () =>
    perform(function* (self) {
      const listener = yield* orExit(listen({ host: "127.0.0.1", port: 0 }));
      const { address } = yield* orExit(listenerInfo(listener));
      const peer = connectRaw(portOf(address), "127.0.0.1");
      peer.on("error", () => undefined);
      while ((yield* orExit(listenerInfo(listener))).waiting < 1) yield* self.sleep(1);
      peer.resetAndDestroy();
      yield* self.sleep(5);
      const port = yield* accept(listener, { timeoutMs: 50 });
      expect(codeIn(isPortError(port) ? port : yield* read(port))).toMatch(/timeout|econnreset|closed/);
    }));
});

describe("a peer that takes its time", () => {
  it("makes one packet of single bytes", () =>
    perform(function* () {
      const { port, peer } = yield* withPeer({ framing: 4 });
      peer.setNoDelay(true);
      const frame = Uint8Array.of(0, 0, 0, 3, 97, 98, 99);
      for (const byte of frame) peer.write(Uint8Array.of(byte));
      expect(text(yield* read(port))).toBe("abc");
      peer.destroy();
    }));

  it("holds up nobody but its reader, and that one for timeoutMs", () =>
    perform(function* () {
      const { port, peer } = yield* withPeer();
      peer.write("never a newl");
      expect(codeIn(yield* readLine(port, { timeoutMs: 30 }))).toBe("timeout");
      expect(codeIn(yield* readLine(port, { timeoutMs: 0 }))).toBe("timeout");
      peer.destroy();
    }));
});

describe("a peer that announces too much", () => {
  it("is cut off before it is listened to", () =>
    perform(function* () {
      const { port, peer } = yield* withPeer({ framing: 4, packetBytesMax: 1_000 });
      peer.write(Uint8Array.of(255, 255, 255, 255));
      expect(codeIn(yield* read(port))).toBe("emsgsize");
      expect(isAlive(port)).toBe(false);
    }));

  it("in active mode is failed and closed", () =>
    perform(function* (self) {
      const { port, peer } = yield* withPeer({ framing: "line", packetBytesMax: 4 });
      peer.write("too long");
      yield* setActive(port, "once");
      expect([yield* next(self), yield* next(self)]).toEqual([["failed", "emsgsize"], "closed"]);
    }));
});

describe("a peer that floods", () => {
  it("is held up by a port that nobody reads", () =>
    perform(function* (self) {
      const { port, peer } = yield* withPeer();
      const block = new Uint8Array(1_000_000);
      for (let i = 0; i < 32; i++) peer.write(block);
      const through = yield* still(self, () => peer.bytesWritten - peer.writableLength);
      expect(through).toBeLessThan(32_000_000);
      expect(isAlive(port)).toBe(true);
      peer.destroy();
    }));

  it("does not keep others from their turns in active mode", () =>
    perform(function* (self) {
      const { port, peer } = yield* withPeer({ framing: "line" });
      peer.write("x\n".repeat(20_000));
      const counter = spawn(function* (own: Self) {
        for (;;) yield* own.yield();
      });
      yield* setActive(port, true);
      for (let i = 0; i < 20_000; i++) expect(yield* self.receive().after(1_000)).not.toBe(TIMEOUT);
      expect(isAlive(counter)).toBe(true);
      peer.destroy();
    }));
});

describe("peers that read nothing", () => {
  it("hold up who writes to them, one write each, and get everything when they read", () =>
    perform(function* (self) {
      const pairs = [];
      for (let i = 0; i < 10; i++) pairs.push(yield* withPeer());
      for (const { peer } of pairs) peer.pause();
      const taken = pairs.map(() => 0);
      let isOver = false;
      const writers = pairs.map(({ port }, i) =>
        spawn(function* () {
          while (!isOver) {
            yield* orExit(write(port, new Uint8Array(10_000)));
            taken[i] = (taken[i] ?? 0) + 10_000;
          }
          yield* close(port);
        }),
      );
      // It ends only because they are held up.
      yield* still(self, () => taken.reduce((sum, bytes) => sum + bytes, 0));
      for (const { port } of pairs) expect(yield* portInfo(port)).toMatchObject({ writers: 1 });
      isOver = true;
      const ends = writers.map((writer) => monitor(writer));
      const arrived = yield* self.await(Promise.all(pairs.map(({ peer }) => collect(peer))));
      for (const end of ends) yield* self.receive(end);
      expect(arrived.map(({ length }) => length)).toEqual(taken);
    }));
});

describe("a peer that closes one half", () => {
  it("can still be written to, when the port was opened for that, and gets everything and the end", () =>
    perform(function* (self) {
      const { port, peer } = yield* withPeer({ exitOnClose: false });
      const heard = collect(peer);
      peer.end("question");
      expect(text(yield* read(port))).toBe("question");
      expect(codeIn(yield* read(port))).toBe("closed");
      expect(yield* write(port, "answer")).toBe("ok");
      yield* close(port);
      expect(yield* self.await(heard)).toBe("answer");
    }));

  it("ends the port otherwise, as soon as somebody reads", () =>
    perform(function* () {
      const { port, peer } = yield* withPeer();
      peer.end();
      expect(codeIn(yield* read(port))).toBe("closed");
      expect(isAlive(port)).toBe(false);
    }));
});

describe("a peer that has gone without a word", () => {
  it("costs readers and writers their timeoutMs, and nothing is left of the port when it is ended", () =>
    perform(function* (self) {
      self.trapExit();
      const { port, peer } = yield* withPeer();
      peer.pause();
      expect(codeIn(yield* read(port, { timeoutMs: 20 }))).toBe("timeout");
      let answer: unknown = "ok";
      while (answer === "ok") answer = yield* write(port, new Uint8Array(1_000_000), { timeoutMs: 100 });
      expect(codeIn(answer)).toBe("timeout");
      exit(port, "kill");
      // The peer hears of it when it looks again; that everything is closed, the stage sees to.
      peer.resume();
    }));
});

describe("many peers that send a byte now and then", () => {
  it("lose their connections by the server's timeoutMs, while one that speaks is served at once", () =>
    perform(function* (self) {
      const server = yield* startTcpServer({
        host: "127.0.0.1",
        port: 0,
        *serve(_self, socket) {
          const line = yield* readLine(socket, { timeoutMs: 300 });
          if (typeof line === "string") yield* write(socket, line);
        },
      });
      const address = yield* orExit(serverAddress(server));
      const slow = Array.from({ length: 100 }, () => connectRaw(portOf(address), "127.0.0.1"));
      const ends = slow.map((peer) => new Promise((resolve) => peer.on("error", () => undefined).on("close", resolve)));
      for (const peer of slow) peer.resume().write("x");
      const honest = yield* orExit(connect(address));
      yield* write(honest, "hello\n");
      expect(text(yield* read(honest, { timeoutMs: 3_000 }))).toBe("hello");
      for (const peer of slow) peer.write("x");
      yield* self.await(Promise.all(ends));
      exit(server, "shutdown");
    }));
});

describe("a peer that never ends its packet", () => {
  it.each(["line", jsonLines(), 4, msgpack()])("is cut off at packetBytesMax, framing %#", (framing) =>
    perform(function* (self) {
      const { port, peer } = yield* withPeer({ framing: framing as "line", packetBytesMax: 100_000 });
      const block = new Uint8Array(1_000_000).fill(1);
      for (let i = 0; i < 32; i++) peer.write(block);
      const closed = new Promise((resolve) => peer.on("close", resolve));
      expect(codeIn(yield* read(port))).toBe("emsgsize");
      expect(isAlive(port)).toBe(false);
      yield* self.await(closed);
      expect(peer.bytesWritten - peer.writableLength).toBeLessThan(32_000_000);
    }),
  );
});

describe("a peer that sends single bytes", () => {
  it.each([
    ["JSON lines", jsonLines(), [...Buffer.from('{"a":[1,2]}\n')]],
    ["MessagePack", msgpack(), [0, 0, 0, 6, 0x81, 0xa1, 97, 0x92, 1, 2]],
  ] as const)("makes one value of %s", (_what, framing, bytes) =>
    perform(function* () {
      const { port, peer } = yield* withPeer({ framing });
      peer.setNoDelay(true);
      for (const byte of bytes) peer.write(Uint8Array.of(byte));
      expect(yield* read(port)).toEqual({ type: "value", value: { a: [1, 2] } });
      peer.destroy();
    }),
  );
});

/** Waits until a number grows no more. @returns the number */
function* still(self: Self<unknown>, count: () => number): Steps<number> {
  for (let before = -1; before !== count();) {
    before = count();
    yield* self.sleep(30);
  }
  return count();
}

/** Everything a socket gets, as text. */
async function collect(peer: Socket): Promise<string> {
  let all = "";
  for await (const chunk of peer) all += String(chunk);
  return all;
}
