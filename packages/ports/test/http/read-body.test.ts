import { type Self, send, spawn } from "@krarup/core";
import { describe, expect, it } from "vitest";
import {
  close,
  connect,
  type HttpRequest,
  isPortError,
  orExit,
  readBody,
  readBodyPart,
  textOf,
  write,
} from "../../src/index.ts";
import type { Steps } from "../../src/port/sequence.ts";
import { codeIn, perform } from "../stage.ts";
import { asking, bodyOf, heard, say, serving, statusOf } from "./http-stage.ts";

function* echo(request: HttpRequest): Steps<{ readonly status?: number; readonly body: Uint8Array | string }> {
  const body = yield* readBody(request, { bytesMax: 20 });
  return isPortError(body) ? { status: 422, body: body.code } : { body };
}

describe("readBody", () => {
  it.each([
    ["of a length", asking("POST", "/", "Content-Length: 5\r\n", "hello"), "hello"],
    ["in chunks", asking("POST", "/", "Transfer-Encoding: chunked\r\n", "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"), "hello"],
    ["that is empty", asking("POST", "/", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n"), ""],
    ["that is not there", asking("GET", "/"), ""],
  ])("takes a body %s", (_kind, request, body) =>
    perform(function* () {
      const { address } = yield* serving({ handler: echo });
      expect(bodyOf(yield* say(address, request))).toBe(body);
    }),
  );

  it("takes a body that comes byte by byte", () =>
    perform(function* (self) {
      const { address } = yield* serving({ handler: echo });
      const socket = yield* orExit(connect({ ...address, noDelay: true }));
      for (const byte of asking("POST", "/", "Content-Length: 5\r\n", "hello")) {
        yield* write(socket, byte);
        yield* self.yield();
      }
      expect(bodyOf(yield* heard(socket, "the end"))).toBe("hello");
    }));

  it("refuses more than bytesMax, and the client sees the answer", () =>
    perform(function* () {
      const { address } = yield* serving({ handler: echo });
      const answer = yield* say(address, asking("POST", "/", "Content-Length: 21\r\n", "x".repeat(21)));
      expect([statusOf(answer), bodyOf(answer)]).toEqual([422, "emsgsize"]);
    }));

  it("answers 413 for a handler that has no answer to that", () =>
    perform(function* () {
      const { address } = yield* serving({
        bodyBytesMax: 10,
        // orExit would be a crash, which `perform` does not allow.
        *handler(request, self: Self) {
          if (isPortError(yield* readBody(request))) yield* self.signal("shutdown");
          return {};
        },
      });
      const chunked = asking("POST", "/", "Transfer-Encoding: chunked\r\n", "b\r\n12345678901\r\n0\r\n\r\n");
      expect(statusOf(yield* say(address, chunked))).toBe(413);
    }));

  it("waits for a client that is asked to go on: Expect: 100-continue", () =>
    perform(function* () {
      const { address } = yield* serving({ handler: echo });
      const socket = yield* orExit(connect(address));
      yield* write(socket, asking("POST", "/", "Content-Length: 5\r\nExpect: 100-continue\r\n"));
      expect(yield* heard(socket, "\r\n\r\n")).toBe("HTTP/1.1 100 Continue\r\n\r\n");
      yield* write(socket, "hello");
      expect(bodyOf(yield* heard(socket, "hello"))).toBe("hello");
    }));

  it("does not work in another process", () =>
    perform(function* (self) {
      const { address } = yield* serving({
        *handler(request, own: Self<unknown>) {
          spawn(function* (_other: Self) {
            send(self, codeIn(yield* readBody(request)));
            send(own, "done");
          });
          yield* own.receive();
          return { body: yield* orExit(readBody(request)) };
        },
      });
      expect(bodyOf(yield* say(address, asking("POST", "/", "Content-Length: 5\r\n", "hello")))).toBe("hello");
      expect(yield* self.receive()).toBe("not_owner");
    }));

  it("refuses a bytesMax that is none", () => {
    // Nothing of the request is looked at.
    expect(() => readBody({} as HttpRequest, { bytesMax: -1 })).toThrow(/bytesMax must be/);
  });
});

describe("readBodyPart", () => {
  it("takes what has come, and holds up a client whose body nobody takes", () =>
    perform(function* (self) {
      const { address } = yield* serving({
        bodyBytesMax: "infinity",
        *handler(request, own: Self<"go">) {
          send(self, own);
          yield* own.receive();
          let length = 0;
          for (;;) {
            const part = yield* orExit(readBodyPart(request));
            if (part === null) return { body: String(length) };
            length += part.length;
          }
        },
      });
      const block = "x".repeat(1_000_000);
      const socket = yield* orExit(connect(address));
      yield* write(socket, asking("POST", "/", "Content-Length: 40000000\r\n"));
      // The handler has sent its own pid.
      const handler = (yield* self.receive().after(1_000)) as Self<"go">;
      let sent = 0;
      while (sent < 40) {
        // What is cut short by the time limit is still sent.
        const outcome = yield* write(socket, block, { timeoutMs: 200 });
        sent++;
        if (outcome !== "ok") break;
      }
      expect(sent).toBeLessThan(40);
      send(handler, "go");
      for (; sent < 40; sent++) yield* orExit(write(socket, block));
      expect(bodyOf(yield* heard(socket, "40000000"))).toBe("40000000");
    }));

  it("says that the client has gone in the middle of it", () =>
    perform(function* (self) {
      const { address } = yield* serving({
        endsWithClient: false,
        *handler(request) {
          const first = yield* readBodyPart(request);
          send(self, first instanceof Uint8Array ? textOf(first) : first);
          send(self, codeIn(yield* readBodyPart(request)));
          return {};
        },
      });
      const socket = yield* orExit(connect(address));
      yield* write(socket, asking("POST", "/", "Content-Length: 5\r\n", "hel"));
      expect(yield* self.receive().after(1_000)).toBe("hel");
      yield* close(socket);
      expect(yield* self.receive().after(1_000)).toBe("closed");
    }));
});
