import { exit, monitor, processInfo, type Self, StartError, whereis } from "@krarup/core";
import { Supervisor } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { connect, orExit, type Port, read, readLine, serverAddress, startTcpServer, write } from "../../src/index.ts";
import type { Steps } from "../../src/port/sequence.ts";
import { codeIn, perform } from "../stage.ts";

const LOOPBACK = { host: "127.0.0.1", port: 0 };

/** Answers each line; fails at the line "crash". */
function* serve(_self: Self, socket: Port): Steps<void> {
  for (;;) {
    const line = yield* readLine(socket);
    if (typeof line !== "string") return;
    if (line === "crash") exit("crashed");
    yield* write(socket, `${line}!\n`);
  }
}

describe("a tcp server", () => {
  it("serves each connection in a process of its own: one that fails takes no other with it", () =>
    perform(function* () {
      const address = yield* orExit(serverAddress(yield* startTcpServer({ ...LOOPBACK, serve })));
      const [a, b] = [yield* orExit(connect(address)), yield* orExit(connect(address))];
      yield* write(a, "crash\n");
      expect(codeIn(yield* readLine(a))).toMatch(/closed|econnreset/);
      yield* write(b, "still here\n");
      expect(yield* readLine(b)).toBe("still here!");
    }));

  it("goes on listening when its acceptor fails", () =>
    perform(function* (self) {
      const server = yield* startTcpServer({ ...LOOPBACK, serve });
      const address = yield* orExit(serverAddress(server));
      const children = yield* Supervisor.whichChildren(server);
      const acceptor = children.find(({ id }) => id === "acceptor")?.pid;
      if (typeof acceptor !== "object") throw new Error("the acceptor runs");
      const end = monitor(acceptor);
      exit(acceptor, "kill");
      yield* self.receive(end);
      const client = yield* orExit(connect(address));
      yield* write(client, "hello\n");
      expect(yield* readLine(client)).toBe("hello!");
    }));

  it("closes a connection beyond connectionsMax", () =>
    perform(function* () {
      const server = yield* startTcpServer({ ...LOOPBACK, serve, connectionsMax: 1 });
      const address = yield* orExit(serverAddress(server));
      const first = yield* orExit(connect(address));
      yield* write(first, "hello\n");
      expect(yield* readLine(first)).toBe("hello!");
      expect(codeIn(yield* read(yield* orExit(connect(address))))).toMatch(/closed|econnreset/);
    }));

  it("gives each connection and its socket the priority it was asked for", () =>
    perform(function* () {
      const priorities = function* (self: Self, socket: Port): Steps<void> {
        yield* write(socket, `${processInfo(self)?.priority} ${processInfo(socket)?.priority}\n`);
      };
      for (const [asked, expected] of [
        [{ priority: "high" }, "high high"],
        [{}, "normal normal"],
      ] as const) {
        const server = yield* startTcpServer({ ...LOOPBACK, serve: priorities, ...asked });
        expect(yield* readLine(yield* orExit(connect(yield* orExit(serverAddress(server)))))).toBe(expected);
      }
    }));

  it("ends in order, with its connections", () =>
    perform(function* (self) {
      self.trapExit();
      const server = yield* startTcpServer({ ...LOOPBACK, serve, name: "echo" });
      expect(whereis("echo")).toBe(server);
      const address = yield* orExit(serverAddress(server));
      const client = yield* orExit(connect(address));
      yield* write(client, "hello\n");
      yield* readLine(client);
      const end = monitor(server);
      exit(server, "shutdown");
      expect(yield* self.receive(end)).toMatchObject({ reason: "shutdown" });
      expect(codeIn(yield* readLine(client))).toMatch(/closed|econnreset/);
      expect(codeIn(yield* connect(address))).toBe("econnrefused");
    }));

  it("fails to start with the system's code where it cannot listen", () =>
    perform(function* (self) {
      self.trapExit();
      const address = yield* orExit(serverAddress(yield* startTcpServer({ ...LOOPBACK, serve })));
      let failure: unknown;
      try {
        yield* startTcpServer({ ...address, serve });
      } catch (error) {
        failure = error;
      }
      expect(failure).toBeInstanceOf(StartError);
      expect(failure).toMatchObject({
        reason: ["shutdown", ["failed_to_start_child", "listener", { type: "error", code: "eaddrinuse" }]],
      });
    }));
});
