// Clients that want to do harm, or that are only slow: a defined outcome for each, and nothing is left behind.

import type { Self } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { connect, httpServerInfo, orExit, write } from "../../src/index.ts";
import { perform } from "../stage.ts";
import { asking, bodyOf, heard, say, serving, statusOf } from "./http-stage.ts";

const hello = (): { readonly body: string } => ({ body: "hello" });

describe("a client", () => {
  it.each([
    ["that is no http client", "\x16\x03\x01 hello\r\n\r\n", 400],
    ["without a Host", "GET / HTTP/1.1\r\n\r\n", 400],
    ["with a length that is none", asking("POST", "/", "Content-Length: many\r\n"), 400],
    ["with two lengths", asking("POST", "/", "Content-Length: 1\r\nContent-Length: 2\r\n", "ab"), 400],
    [
      "with a length and chunks",
      asking("POST", "/", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
      400,
    ],
    ["with giant headers", asking("GET", "/", `X-Giant: ${"x".repeat(20_000)}\r\n`), 431],
    ["with a giant target", asking("GET", `/${"x".repeat(20_000)}`), 431],
    ["that announces a giant body", asking("POST", "/", "Content-Length: 1000000000000\r\n"), 413],
  ])("%s is answered and closed", (_kind, request, status) =>
    perform(function* () {
      const { address, server } = yield* serving({ handler: hello, keepAliveTimeoutMs: 50 });
      const socket = yield* orExit(connect(address));
      yield* write(socket, request);
      expect(statusOf(yield* heard(socket, "\r\n\r\n"))).toBe(status);
      expect(bodyOf(yield* say(address, asking("GET", "/")))).toBe("hello");
      expect(yield* httpServerInfo(server)).toMatchObject({ handled: 1, running: 0 });
    }),
  );

  it.each([
    ["its headers", "GET / HTTP/1.1\r\nHost: te"],
    ["its body", asking("POST", "/", "Content-Length: 5\r\n", "hel")],
  ])("that takes too long to send %s is answered 408 or closed", (_part, beginning) =>
    perform(function* () {
      const { address } = yield* serving({
        handler: function* (_request, own: Self<never>) {
          yield* own.receive();
          return hello();
        },
        headersTimeoutMs: 100,
        requestTimeoutMs: 100,
      });
      expect(statusOf(yield* say(address, beginning))).toBe(408);
    }),
  );

  it("that says nothing at all is closed", () =>
    perform(function* () {
      const { address } = yield* serving({ handler: hello, headersTimeoutMs: 100, stallTimeoutMs: 300 });
      expect(statusOf(yield* say(address, ""))).toBeNaN();
    }));

  it("that sends headers one by one for longer than headersTimeoutMs is answered 408", () =>
    perform(function* (self) {
      const { address } = yield* serving({ handler: hello, headersTimeoutMs: 200 });
      const socket = yield* orExit(connect(address));
      yield* write(socket, "GET / HTTP/1.1\r\nHost: test\r\n");
      let isOpen = true;
      for (let i = 0; i < 100 && isOpen; i++) {
        isOpen = (yield* write(socket, `X-Header-${i}: x\r\n`)) === "ok";
        yield* self.sleep(30);
      }
      expect(isOpen).toBe(false);
    }));

  it("that sends the giant body it did not announce sees the answer and not a reset", () =>
    perform(function* () {
      const { address } = yield* serving({ handler: hello, bodyBytesMax: 1_000 });
      const socket = yield* orExit(connect(address));
      yield* write(socket, asking("POST", "/", "Transfer-Encoding: chunked\r\n"));
      for (let i = 0; i < 50; i++) yield* write(socket, `2710\r\n${"x".repeat(10_000)}\r\n`);
      yield* write(socket, "0\r\n\r\n");
      expect(bodyOf(yield* heard(socket, "hello"))).toBe("hello");
    }));
});
