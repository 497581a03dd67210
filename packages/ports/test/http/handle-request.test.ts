import { exit, isAlive, monitor, type Pid, type Self, send } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { close, connect, httpServerInfo, orExit, type Port, read, write } from "../../src/index.ts";
import type { Steps } from "../../src/port/sequence.ts";
import { perform } from "../stage.ts";
import { asking, bodyOf, heard, say, serving, statusOf } from "./http-stage.ts";

const GET = asking("GET", "/");

/** A handler that tells `to` its pid and then waits for ever. */
function waiting(to: Pid<unknown>) {
  return function* (_request: unknown, own: Self<"never">): Steps<{ readonly body: string }> {
    send(to, own);
    yield* own.receive();
    return { body: "too late" };
  };
}

describe("a handler that fails", () => {
  // A test that ends with a crash that nobody expected fails: `perform` subscribes to them. So these ends are orderly for the node.
  it.each([
    ["exits", (): never => exit(["shutdown", "planned"])],
    [
      "exits after a wait",
      function* (_request: unknown, own: Self): Steps<never> {
        yield* own.yield();
        return exit(["shutdown", "planned"]);
      },
    ],
  ] as const)("answers 500 when it %s", (_how, handler) =>
    perform(function* () {
      const { address } = yield* serving({ handler });
      const answer = yield* say(address, GET);
      expect(statusOf(answer)).toBe(500);
      expect(bodyOf(answer)).toBe("Internal Server Error\n");
    }),
  );

  it("answers 500 when it is killed", () =>
    perform(function* (self) {
      const { address } = yield* serving({ handler: waiting(self) });
      const socket = yield* orExit(connect(address));
      yield* write(socket, GET);
      // The handler has sent its own pid.
      exit((yield* self.receive().after(1_000)) as Pid<never>, "kill");
      expect(statusOf(yield* heard(socket, "the end"))).toBe(500);
    }));

  it("answers 500 when it returns what cannot be sent, and is reported", async () => {
    let answer = "";
    const play = perform(function* () {
      const { address } = yield* serving({ handler: () => ({ headers: { "x-split": "a\r\nb: c" } }) });
      answer = yield* say(address, GET);
    });
    // The stage allows no crash; this is one.
    await expect(play).rejects.toThrow(/deeply equal/);
    expect(answer).toMatch(/^HTTP\/1\.1 500 Internal Server Error\r\ncontent-type: text\/plain/);
    expect(answer).not.toContain("b: c");
  });

  it("takes no other request with it, not even one on the same connection", () =>
    perform(function* () {
      const handler = ({ path }: { readonly path: string }): { readonly body: string } =>
        path === "/fail" ? exit(["shutdown", "planned"]) : { body: path };
      const { address } = yield* serving({ handler });
      const socket = yield* orExit(connect(address));
      const ask = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: t\r\n\r\n`;
      yield* write(socket, ask("/one") + ask("/fail") + ask("/two"));
      expect(yield* heard(socket, "/two")).toMatch(/200 OK[^]*\/oneHTTP\/1.1 500 [^]*200 OK[^]*\/two$/);
    }));

  it("is cut off in the middle of a body, so that nobody takes a part for the whole", () =>
    perform(function* (self) {
      const { address } = yield* serving({
        handler: (_request, own: Self<"go">) => ({
          *body(write) {
            send(self, own);
            yield* write("part");
            yield* own.receive();
            exit(["shutdown", "planned"]);
          },
        }),
      });
      const socket = yield* orExit(connect(address));
      yield* write(socket, GET);
      expect(bodyOf(yield* heard(socket, "part\r\n"))).toBe("4\r\npart\r\n");
      // The handler has sent its own pid.
      send((yield* self.receive().after(1_000)) as Pid<"go">, "go");
      expect(yield* heard(socket, "the end")).toBe("");
    }));

  it("answers 503 when it takes longer than handlerTimeoutMs, and ends", () =>
    perform(function* (self) {
      const { address } = yield* serving({ handler: waiting(self), handlerTimeoutMs: 20 });
      const socket = yield* orExit(connect(address));
      yield* write(socket, GET);
      // The handler has sent its own pid.
      const end = monitor((yield* self.receive().after(1_000)) as Pid<never>);
      expect(yield* self.receive(end)).toMatchObject({ reason: "timeout" });
      expect(statusOf(yield* heard(socket, "the end"))).toBe(503);
    }));
});

describe("a client that goes away", () => {
  it("takes the handler with it", () =>
    perform(function* (self) {
      const { address, server } = yield* serving({ handler: waiting(self) });
      const socket = yield* orExit(connect(address));
      yield* write(socket, GET);
      // The handler has sent its own pid.
      const end = monitor((yield* self.receive().after(1_000)) as Pid<never>);
      yield* close(socket);
      expect(yield* self.receive(end)).toMatchObject({ reason: ["shutdown", "client_gone"] });
      expect(yield* httpServerInfo(server)).toMatchObject({ running: 0 });
    }));

  it("does not with endsWithClient false: what it answers is dropped", () =>
    perform(function* (self) {
      const { address, server } = yield* serving({
        endsWithClient: false,
        *handler(_request, own: Self<"go">) {
          send(self, own);
          yield* own.receive();
          return {
            *body(write) {
              send(self, yield* write("nobody"));
            },
          };
        },
      });
      const socket = yield* orExit(connect(address));
      yield* write(socket, GET);
      // The handler has sent its own pid.
      const handler = (yield* self.receive().after(1_000)) as Pid<"go">;
      const end = monitor(handler);
      yield* close(socket);
      // The server has noticed.
      while ((yield* orExit(httpServerInfo(server))).running > 0) yield* self.sleep(1);
      expect(isAlive(handler)).toBe(true);
      send(handler, "go");
      expect(yield* self.receive(end)).toMatchObject({ reason: "normal" });
    }));

  it("in the middle of a response ends the handler that writes it", () =>
    perform(function* (self) {
      const { address } = yield* serving({
        handler: (_request, own: Self) => ({
          *body(write) {
            send(self, own);
            for (;;) yield* write("x".repeat(10_000));
          },
        }),
      });
      const socket = yield* orExit(connect(address));
      yield* write(socket, GET);
      // The handler has sent its own pid.
      const end = monitor((yield* self.receive().after(1_000)) as Pid<never>);
      yield* orExit(read(socket));
      yield* close(socket);
      expect(yield* self.receive(end)).toMatchObject({ reason: ["shutdown", "client_gone"] });
    }));
});

describe("a body in parts", () => {
  it("is sent as it is written", () =>
    perform(function* () {
      const { address } = yield* serving({
        handler: () => ({
          *body(write) {
            yield* write("one");
            yield* write(new TextEncoder().encode("two"));
          },
        }),
      });
      // What is written in one turn may be sent together.
      expect(bodyOf(yield* say(address, GET))).toMatch(/^(6\r\nonetwo|3\r\none\r\n3\r\ntwo)\r\n0\r\n\r\n$/);
    }));

  it("waits for a client that does not read", () =>
    perform(function* (self) {
      let written = 0;
      const { address } = yield* serving({
        handler: () => ({
          *body(write) {
            for (; written < 32_000_000; written += 100_000) yield* write("x".repeat(100_000));
          },
        }),
      });
      const socket = yield* orExit(connect(address));
      yield* write(socket, GET);
      yield* standsStill(self, () => written);
      expect(written).toBeGreaterThan(0);
      expect(written).toBeLessThan(32_000_000);
      yield* drained(socket);
      expect(written).toBe(32_000_000);
    }));

  it("is not asked for after HEAD", () =>
    perform(function* () {
      let wasAsked = false;
      const { address } = yield* serving({
        handler: () => ({
          *body() {
            wasAsked = true;
          },
        }),
      });
      expect(bodyOf(yield* say(address, asking("HEAD", "/")))).toBe("");
      expect(wasAsked).toBe(false);
    }));

  it("cuts off a client that takes nothing for stallTimeoutMs", () =>
    perform(function* (self) {
      const { address } = yield* serving({
        stallTimeoutMs: 100,
        handler: (_request, own: Self) => ({
          *body(write) {
            send(self, own);
            for (;;) yield* write("x".repeat(1_000_000));
          },
        }),
      });
      const socket = yield* orExit(connect(address));
      yield* write(socket, GET);
      // The handler has sent its own pid.
      const end = monitor((yield* self.receive().after(1_000)) as Pid<never>);
      expect(yield* self.receive(end).after(3_000)).toMatchObject({ reason: ["shutdown", "client_gone"] });
    }));
});

/** Waits until `count` has not changed for a while. */
function* standsStill(self: Self<unknown>, count: () => number): Steps<void> {
  for (let before = -1; before !== count();) {
    before = count();
    yield* self.sleep(50);
  }
}

function* drained(socket: Port): Steps<void> {
  while ((yield* read(socket)) instanceof Uint8Array);
}
