import { tmpdir } from "node:os";
import { join } from "node:path";
import { exit, isAlive, monitor, type Pid, type Self, send, spawn, StartError, TIMEOUT, whereis } from "@krarup/core";
import { Supervisor } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import {
  close,
  connect,
  httpServerInfo,
  type HttpRequest,
  json,
  orExit,
  startHttpServer,
  write,
} from "../../src/index.ts";
import { codeIn, perform } from "../stage.ts";
import { asking, bodyOf, heard, say, serving, statusOf } from "./http-stage.ts";

const GET = asking("GET", "/");
const KEPT = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";
const hello = (): { readonly body: string } => ({ body: "hello" });

describe("an http server", () => {
  it("answers each request with what its handler returns", () =>
    perform(function* () {
      const { address } = yield* serving({ handler: () => json({ hello: "world" }, { status: 201 }) });
      const answer = yield* say(address, GET);
      expect(answer).toContain("HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 17\r\n");
      expect(bodyOf(answer)).toBe('{"hello":"world"}');
    }));

  it("gives the handler the request as plain data", () =>
    perform(function* (self) {
      const { address } = yield* serving({
        handler(request: HttpRequest) {
          send(self, request);
          return {};
        },
      });
      yield* say(address, asking("POST", "/a/b?c=d&e", "X-Word: one\r\nX-Word: two\r\nContent-Length: 0\r\n"));
      expect(yield* self.receive().after(1_000)).toEqual({
        method: "POST",
        target: "/a/b?c=d&e",
        path: "/a/b",
        query: "c=d&e",
        headers: { host: "test", connection: "close", "x-word": "one, two", "content-length": "0" },
        version: "1.1",
        peer: "127.0.0.1",
        body: null,
      });
    }));

  it("keeps a connection for further requests", () =>
    perform(function* () {
      const { address, server } = yield* serving({ handler: hello });
      const socket = yield* orExit(connect(address));
      for (let i = 0; i < 3; i++) {
        yield* write(socket, KEPT);
        expect(bodyOf(yield* heard(socket, "hello"))).toBe("hello");
      }
      expect(yield* httpServerInfo(server)).toMatchObject({ connections: 1, handled: 3, running: 0 });
    }));

  it("handles pipelined requests at the same time, and answers in their order", () =>
    perform(function* (self) {
      const { address } = yield* serving({
        *handler({ path }, own: Self<"go">) {
          send(self, own);
          if (path === "/first") yield* own.receive();
          return { body: path };
        },
      });
      const socket = yield* orExit(connect(address));
      yield* write(socket, "GET /first HTTP/1.1\r\nHost: t\r\n\r\nGET /second HTTP/1.1\r\nHost: t\r\n\r\n");
      // Each handler has sent its own pid.
      const first = (yield* self.receive().after(1_000)) as Pid<"go">;
      expect(yield* self.receive().after(1_000)).not.toBe(TIMEOUT);
      send(first, "go");
      expect(yield* heard(socket, "/second")).toMatch(/\/firstHTTP\/1\.1 200[^]*\/second$/);
    }));

  it("reads a client no further that pipelines more than can be handled, and refuses it nothing", () =>
    perform(function* () {
      const { address, server } = yield* serving({
        requestsMax: 3_000,
        *handler(_request, own: Self) {
          yield* own.sleep(1);
          return { status: 204 };
        },
      });
      const socket = yield* orExit(connect(address));
      spawn(function* (_client: Self) {
        yield* write(socket, KEPT.repeat(9_999) + GET);
      });
      const answers = yield* heard(socket, "the end");
      expect(answers.match(/HTTP\/1\.1 204/g)).toHaveLength(10_000);
      expect(yield* httpServerInfo(server)).toMatchObject({ handled: 10_000, refused: 0 });
    }));

  it("refuses one request more than requestsMax with 503, and one connection more than connectionsMax", () =>
    perform(function* (self) {
      const { address, server } = yield* serving({
        requestsMax: 1,
        connectionsMax: 2,
        *handler(_request, own: Self<"go">) {
          send(self, own);
          yield* own.receive();
          return hello();
        },
      });
      const first = yield* orExit(connect(address));
      yield* write(first, KEPT);
      // The handler has sent its own pid.
      const handler = (yield* self.receive().after(1_000)) as Pid<"go">;
      const second = yield* orExit(connect(address));
      yield* write(second, KEPT);
      expect(statusOf(yield* heard(second, "Unavailable\n"))).toBe(503);
      expect(yield* say(address, GET)).toBe("");
      send(handler, "go");
      expect(bodyOf(yield* heard(first, "hello"))).toBe("hello");
      expect(yield* httpServerInfo(server)).toMatchObject({ refused: 1, handled: 1 });
    }));

  it("starts anew when its listener is killed, whose requests end with it", () =>
    perform(function* (self) {
      const path = join(tmpdir(), `krarup-http-again-${process.pid}.sock`);
      const server = yield* startHttpServer({
        path,
        *handler(request, own: Self<"go">) {
          send(self, own);
          if (request.path === "/wait") yield* own.receive();
          return hello();
        },
      });
      const socket = yield* orExit(connect({ path }));
      yield* write(socket, "GET /wait HTTP/1.1\r\nHost: t\r\n\r\n");
      // The handler has sent its own pid.
      const end = monitor((yield* self.receive().after(1_000)) as Pid<never>);
      const [listener] = yield* Supervisor.whichChildren(server);
      if (typeof listener?.pid !== "object") throw new Error("the listener runs");
      exit(listener.pid, "kill");
      expect(yield* self.receive(end)).toMatchObject({ reason: "killed" });
      yield* heard(socket, "the end");
      expect(bodyOf(yield* say({ path }, GET))).toBe("hello");
    }));

  it("listens on a unix socket", () =>
    perform(function* () {
      const path = join(tmpdir(), `krarup-http-${process.pid}.sock`);
      const server = yield* startHttpServer({ path, handler: hello });
      expect(bodyOf(yield* say({ path }, GET))).toBe("hello");
      expect(yield* httpServerInfo(server)).toMatchObject({ address: { path } });
    }));

  it("fails to start with the system's code where it cannot listen", () =>
    perform(function* (self) {
      self.trapExit();
      const { address } = yield* serving({ handler: hello });
      let failure: unknown;
      try {
        yield* startHttpServer({ ...address, handler: hello });
      } catch (error) {
        failure = error;
      }
      expect(failure).toBeInstanceOf(StartError);
      expect(failure).toMatchObject({
        reason: ["shutdown", ["failed_to_start_child", "listener", { type: "error", code: "eaddrinuse" }]],
      });
    }));

  it.each([
    [{ port: 70_000, handler: hello }],
    [{ port: 0, handler: hello, bodyBytesMax: -1 }],
    [{ port: 0, handler: hello, requestsMax: 1.5 }],
    [{ port: 0, handler: hello, headersTimeoutMs: 100, requestTimeoutMs: 50 }],
    [{ port: 0, handler: hello, handlerTimeoutMs: Number.NaN }],
  ])("refuses options that make no sense: %j", (options) => {
    expect(() => startHttpServer(options)).toThrow(expect.objectContaining({ code: "ERR_BAD_ARGUMENT" }));
  });
});

describe("an http server that is told to stop", () => {
  it("takes no more connections, and answers what it has", () =>
    perform(function* (self) {
      self.trapExit();
      const { address, server } = yield* serving({
        name: "web",
        *handler(_request, own: Self<"go">) {
          send(self, own);
          yield* own.receive();
          return hello();
        },
      });
      expect(whereis("web")).toBe(server);
      const idle = yield* orExit(connect(address));
      const busy = yield* orExit(connect(address));
      yield* write(busy, KEPT);
      // The handler has sent its own pid.
      const handler = (yield* self.receive().after(1_000)) as Pid<"go">;
      const end = monitor(server);
      exit(server, "shutdown");
      expect(yield* heard(idle, "the end")).toBe("");
      expect(codeIn(yield* connect(address))).toBe("econnrefused");
      expect(isAlive(handler)).toBe(true);
      send(handler, "go");
      expect(bodyOf(yield* heard(busy, "the end"))).toBe("hello");
      expect(yield* self.receive(end)).toMatchObject({ reason: "shutdown" });
    }));

  it("answers everything that was pipelined", () =>
    perform(function* (self) {
      self.trapExit();
      const { address, server } = yield* serving({
        *handler({ path }, own: Self<"go">) {
          send(self, own);
          yield* own.receive();
          return { body: path };
        },
      });
      const idle = yield* orExit(connect(address));
      const socket = yield* orExit(connect(address));
      yield* write(socket, "GET /first HTTP/1.1\r\nHost: t\r\n\r\nGET /second HTTP/1.1\r\nHost: t\r\n\r\n");
      // Each handler has sent its own pid.
      const handlers = [yield* self.receive().after(1_000), yield* self.receive().after(1_000)] as Pid<"go">[];
      const end = monitor(server);
      exit(server, "shutdown");
      yield* heard(idle, "the end");
      for (const handler of handlers) send(handler, "go");
      expect(yield* heard(socket, "the end")).toMatch(/\/first[^]*connection: close[^]*\/second$/i);
      expect(yield* self.receive(end)).toMatchObject({ reason: "shutdown" });
    }));

  it("ends what does not finish within drainMs, and answers it with 503", () =>
    perform(function* (self) {
      self.trapExit();
      const { address, server } = yield* serving({
        drainMs: 30,
        *handler(_request, own: Self<"go">) {
          send(self, own);
          yield* own.receive();
          return hello();
        },
      });
      const busy = yield* orExit(connect(address));
      yield* write(busy, KEPT);
      yield* self.receive().after(1_000);
      const end = monitor(server);
      exit(server, "shutdown");
      expect(statusOf(yield* heard(busy, "the end"))).toBe(503);
      expect(yield* self.receive(end)).toMatchObject({ reason: "shutdown" });
    }));

  it("does not wait for a connection that has nothing under way", () =>
    perform(function* (self) {
      self.trapExit();
      const { address, server } = yield* serving({ handler: hello });
      const socket = yield* orExit(connect(address));
      yield* write(socket, KEPT);
      yield* heard(socket, "hello");
      const end = monitor(server);
      const begun = performance.now();
      exit(server, "shutdown");
      expect(yield* self.receive(end)).toMatchObject({ reason: "shutdown" });
      expect(performance.now() - begun).toBeLessThan(2_000);
      yield* close(socket);
    }));
});
