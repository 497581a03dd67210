import { exit, monitor, type Self, spawn } from "@krarup/core";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { accept, connect, listen, orExit, readLine, write } from "../../src/index.ts";
import { codeIn, perform } from "../stage.ts";

describe("connect", () => {
  it("answers the system's code when nobody listens", () =>
    perform(function* () {
      const refused = yield* connect({ host: "127.0.0.1", port: 1 });
      expect(refused).toEqual({
        type: "error",
        code: "econnrefused",
        message: "Cannot connect to tcp 127.0.0.1:1: econnrefused",
      });
    }));

  it("answers enoent for a unix socket that is not there", () =>
    perform(function* () {
      expect(codeIn(yield* connect({ path: join(tmpdir(), "nobody-listens-here.sock") }))).toBe("enoent");
    }));

  it("answers timeout when the other side says nothing", () =>
    perform(function* () {
      // TEST-NET-1 is routed nowhere; a machine without a network may say so at once.
      expect(codeIn(yield* connect({ host: "192.0.2.1", port: 9, timeoutMs: 30 }))).toMatch(/timeout|unreach|refused/);
    }));

  it("leaves nothing behind when its caller is killed on the way", () =>
    perform(function* (self) {
      const caller = spawn(function* () {
        yield* connect({ host: "192.0.2.1", port: 9 });
      });
      const end = monitor(caller);
      yield* self.sleep(5);
      exit(caller, "kill");
      yield* self.receive(end);
    }));

  it.each([
    [{ port: 70_000 }, "port must be an integer from 0 to 65535"],
    [{ port: 1.5 }, "port must be an integer from 0 to 65535"],
    [{ path: "" }, "the path of a socket must be a text"],
    [{ path: `/${"x".repeat(103)}` }, "the path of a socket must have at most 103 bytes"],
    [{ port: 1, packetBytesMax: 0 }, "packetBytesMax must be an integer from 1 to 67108864"],
    [{ port: 1, timeoutMs: -1 }, 'timeoutMs must be milliseconds >= 0 or "infinity"'],
  ])("throws at once for %j", (options, message) => {
    expect(() => connect(options)).toThrow(message);
  });

  it("works in an async process", async () => {
    const server = await listening();
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("it listens on a port");
    await perform(function* (self) {
      const lines: unknown[] = [];
      const reader = spawn(async (_self: Self) => {
        const socket = await orExit(connect({ host: "127.0.0.1", port: address.port }));
        lines.push(await write(socket, "hello\n"), await readLine(socket));
      });
      yield* self.receive(monitor(reader));
      expect(lines).toEqual(["ok", "hello"]);
    });
    await new Promise((resolve) => server.close(resolve));
  });
});

describe("unix sockets", () => {
  it("carry what TCP carries", async () => {
    const folder = await mkdtemp(join(tmpdir(), "ports-"));
    const path = join(folder, "socket");
    await perform(function* () {
      const listener = yield* orExit(listen({ path }));
      const client = yield* orExit(connect({ path }));
      const server = yield* orExit(accept(listener));
      yield* write(server, "hello\n");
      expect(yield* readLine(client)).toBe("hello");
      expect(codeIn(yield* listen({ path }))).toBe("eaddrinuse");
    });
    expect(existsSync(path)).toBe(false);
    await rm(folder, { recursive: true });
  });
});

async function listening(): Promise<Server> {
  const server = createServer((socket) => socket.pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
