import { exit, type Self, send, spawn, Task } from "@krarup/core";
import { describe, expect, it } from "vitest";
import {
  type Address,
  accept,
  close,
  httpServerInfo,
  isPortError,
  json,
  listen,
  listenerInfo,
  orExit,
  type Port,
  read,
  readBody,
  request,
  requestStream,
  setActive,
  textOf,
  write,
} from "../../src/index.ts";
import type { Steps } from "../../src/port/sequence.ts";
import { codeIn, next, perform } from "../stage.ts";
import { heard, serving } from "./http-stage.ts";

function urlOf(address: Address, path = "/"): string {
  return "port" in address ? `http://127.0.0.1:${address.port}${path}` : "";
}

/** A server that says `answer` to whoever connects, whatever is asked. @returns its URL and the port of the next connection */
function* saying(answer: string): Steps<{ readonly url: string; readonly taken: () => Steps<Port> }> {
  const listener = yield* orExit(listen({ host: "127.0.0.1", port: 0 }));
  const { address } = yield* orExit(listenerInfo(listener));
  const taken = function* (): Steps<Port> {
    const socket = yield* orExit(accept(listener, { timeoutMs: 3_000 }));
    yield* heard(socket, "\r\n\r\n");
    yield* write(socket, answer);
    return socket;
  };
  return { url: urlOf(address), taken };
}

describe("request", () => {
  it("returns status, headers, cookies and the whole body", () =>
    perform(function* () {
      const { address } = yield* serving({
        *handler(asked) {
          const body = textOf(yield* orExit(readBody(asked)));
          const headers = { "set-cookie": ["a=1", "b=2"], "x-word": asked.headers["x-word"] ?? "" };
          return json({ method: asked.method, target: asked.target, body }, { status: 201, headers });
        },
      });
      const asked = { url: urlOf(address, "/p?q=1"), method: "PUT", headers: { "X-Word": "hi" }, body: "hello" };
      const answer = yield* orExit(request(asked));
      expect(answer).toMatchObject({ status: 201, setCookies: ["a=1", "b=2"], headers: { "x-word": "hi" } });
      expect(JSON.parse(textOf(answer.body))).toEqual({ method: "PUT", target: "/p?q=1", body: "hello" });
    }));

  it("keeps the connection for the next request", () =>
    perform(function* () {
      const { address, server } = yield* serving({ handler: () => ({ body: "x".repeat(200_000) }) });
      for (let i = 0; i < 3; i++) {
        const { body } = yield* orExit(request({ url: urlOf(address) }));
        expect(body.length).toBe(200_000);
      }
      yield* orExit(request({ url: urlOf(address), method: "HEAD" }));
      expect(yield* httpServerInfo(server)).toMatchObject({ connections: 1, handled: 4 });
    }));

  it.each([
    ["asks again, by GET,", "GET", 200],
    ["returns econnreset, by POST,", "POST", "econnreset"],
  ])("%s when the server closes a kept connection at the moment of a request", (_what, method, outcome) =>
    perform(function* () {
      const { url, taken } = yield* saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
      const asking = Task.async(function* () {
        yield* orExit(request({ url }));
        return yield* request({ url, method });
      });
      const first = yield* taken();
      yield* heard(first, "\r\n\r\n");
      yield* close(first);
      if (method === "GET") yield* taken();
      const answer = yield* Task.await(asking);
      expect(isPortError(answer) ? answer.code : answer.status).toBe(outcome);
    }),
  );

  it.each([
    ["nobody listens", "http://127.0.0.1:1/", "econnrefused"],
    ["there is no such host", "http://nowhere.invalid/", /enotfound|eai_again/],
  ])("returns an error when %s", (_when, url, code) =>
    perform(function* () {
      const answer = yield* request({ url });
      expect(codeIn(answer)).toMatch(code);
    }),
  );

  it.each([
    ["is no HTTP", "hello\r\n\r\n", /^hpe_/],
    ["has giant headers", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, /^hpe_header_overflow$/],
    ["stops in the middle of its body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel", /^econnreset$/],
  ])("returns an error when the answer %s", (_what, answer, code) =>
    perform(function* () {
      const { url, taken } = yield* saying(answer);
      const asking = Task.async(() => request({ url }));
      yield* close(yield* taken());
      expect(codeIn(yield* Task.await(asking))).toMatch(code);
    }),
  );

  it("returns emsgsize for a body over bodyBytesMax, and lets the connection go", () =>
    perform(function* () {
      const { address } = yield* serving({ handler: () => ({ body: "x".repeat(1_000_000) }) });
      expect(codeIn(yield* request({ url: urlOf(address), bodyBytesMax: 999_999 }))).toBe("emsgsize");
      expect(yield* request({ url: urlOf(address), bodyBytesMax: 1_000_000 })).toMatchObject({ status: 200 });
    }));

  it.each([
    ["headers", ""],
    ["body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel"],
  ])("returns timeout when the %s take too long, and hangs up", (_what, answer) =>
    perform(function* () {
      const { url, taken } = yield* saying(answer);
      const asking = Task.async(() => request({ url, timeoutMs: 50 }));
      const socket = yield* taken();
      expect(codeIn(yield* Task.await(asking))).toBe("timeout");
      expect(codeIn(yield* read(socket, { timeoutMs: 3_000 }))).toMatch(/closed|econnreset/);
    }),
  );

  it("is given up when its process ends", () =>
    perform(function* () {
      const { url, taken } = yield* saying("");
      const asking = spawn(function* (_asking: Self) {
        yield* request({ url });
      });
      const socket = yield* taken();
      exit(asking, "kill");
      expect(codeIn(yield* read(socket, { timeoutMs: 3_000 }))).toMatch(/closed|econnreset/);
    }));

  it.each([
    [{ url: "nothing" }],
    [{ url: "ftp://host/" }],
    [{ url: "http://host/", method: "GET /" }],
    [{ url: "http://host/", headers: { "x\r\ny": "z" } }],
    [{ url: "http://host/", headers: { x: "y\r\nz" } }],
    [{ url: "http://host/", timeoutMs: -1 }],
    [{ url: "http://host/", bodyBytesMax: 0.5 }],
  ])("refuses what makes no sense: %j", (options) => {
    expect(() => request(options)).toThrow(expect.objectContaining({ code: "ERR_BAD_ARGUMENT" }));
  });
});

describe("requestStream", () => {
  it("returns as soon as the head is there, and the body is a port", () =>
    perform(function* (self) {
      const { url, taken } = yield* saying("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none");
      const peer = spawn(function* (own: Self<"go">) {
        const socket = yield* taken();
        yield* own.receive();
        yield* write(socket, "two");
      });
      const { status, body } = yield* orExit(requestStream({ url }));
      expect(status).toBe(200);
      expect(textOf(yield* orExit(read(body)))).toBe("one");
      yield* setActive(body, true);
      send(peer, "go");
      expect([yield* next(self), yield* next(self)]).toEqual([["data", "two"], "closed"]);
    }));

  it("holds up a server whose answer nobody reads", () =>
    perform(function* (self) {
      let written = 0;
      const { address } = yield* serving({
        handler: () => ({
          *body(out) {
            for (; written < 32_000_000; written += 100_000) yield* out("x".repeat(100_000));
          },
        }),
      });
      const { body } = yield* orExit(requestStream({ url: urlOf(address) }));
      for (let before = -1; before !== written;) {
        before = written;
        yield* self.sleep(50);
      }
      expect(written).toBeLessThan(32_000_000);
      let length = 0;
      for (let part = yield* read(body); !isPortError(part); part = yield* read(body)) length += part.length;
      expect(length).toBe(32_000_000);
    }));

  it("takes a body that cannot be written to", () =>
    perform(function* () {
      const { address } = yield* serving({ handler: () => ({ body: "x" }) });
      const { body } = yield* orExit(requestStream({ url: urlOf(address) }));
      expect(codeIn(yield* write(body, "x"))).toBe("epipe");
    }));
});
