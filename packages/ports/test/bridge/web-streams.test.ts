import { exit, isAlive, monitor } from "@krarup/core";
import { describe, expect, it } from "vitest";
import {
  close,
  closeWrite,
  isPortError,
  portInfo,
  read,
  readableStream,
  readLine,
  writableStream,
  write,
} from "../../src/index.ts";
import { codeIn, pair, perform, text } from "../stage.ts";

describe("readableStream", () => {
  it("gives what comes, and ends with the port's stream", () =>
    perform(function* (self) {
      const { client, server } = yield* pair();
      const all = new Response(readableStream(server)).text();
      yield* write(client, "hello ");
      yield* write(client, "world");
      yield* close(client);
      expect(yield* self.await(all)).toBe("hello world");
    }));

  it("reads nothing ahead", () =>
    perform(function* (self) {
      const { client, server } = yield* pair();
      readableStream(server);
      yield* write(client, "x");
      yield* self.sleep(5);
      expect(yield* portInfo(server)).toMatchObject({ input: 0, readers: 0 });
    }));

  it("closes the port when it is cancelled, also while somebody reads", () =>
    perform(function* (self) {
      const { server } = yield* pair();
      const reader = readableStream(server).getReader();
      const waiting = reader.read();
      yield* self.await(reader.cancel("enough"));
      expect(yield* self.await(waiting)).toEqual({ done: true, value: undefined });
      expect(isAlive(server)).toBe(false);
    }));

  it("fails with the port's code, in capitals", () =>
    perform(function* (self) {
      self.trapExit();
      const { server } = yield* pair();
      const reader = readableStream(server).getReader();
      const failure = reader.read().catch((error: unknown) => codeIn(error));
      yield* self.sleep(5);
      exit(server, "boom");
      expect(yield* self.await(failure)).toBe("CLOSED");
    }));
});

describe("writableStream", () => {
  it("writes, waits while the peer does not read, and ends the stream", () =>
    perform(function* (self) {
      const { client, server } = yield* pair({ exitOnClose: false });
      const writer = writableStream(client).getWriter();
      const block = new Uint8Array(4_000_000);
      let settled = 0;
      const writes = Array.from({ length: 8 }, () => writer.write(block).then(() => settled++));
      yield* self.sleep(50);
      expect(settled).toBeLessThan(8);
      const closing = writer.close();
      let taken = 0;
      for (let chunk = yield* read(server); !isPortError(chunk); chunk = yield* read(server)) taken += chunk.length;
      expect(taken).toBe(8 * block.length);
      yield* self.await(Promise.all([...writes, closing]));
      expect(isAlive(client)).toBe(true);
      yield* write(server, "answer\n");
      expect(yield* readLine(client)).toBe("answer");
    }));

  it("closes the port when it is aborted", () =>
    perform(function* (self) {
      const { client } = yield* pair();
      const end = monitor(client);
      yield* self.await(writableStream(client).abort("enough"));
      yield* self.receive(end);
    }));

  it("fails with the port's code, in capitals", () =>
    perform(function* (self) {
      const { client } = yield* pair();
      const writer = writableStream(client).getWriter();
      void writer.closed.catch(() => undefined);
      yield* close(client);
      expect(yield* self.await(writer.write("x").catch((error: unknown) => codeIn(error)))).toBe("CLOSED");
    }));

  it("pipes one port into another", () =>
    perform(function* (self) {
      const [from, to] = [yield* pair(), yield* pair({ exitOnClose: false })];
      const piping = readableStream(from.server).pipeTo(writableStream(to.client));
      yield* write(from.client, "passed on");
      yield* closeWrite(from.client);
      yield* self.await(piping);
      expect(text(yield* read(to.server))).toBe("passed on");
      expect(codeIn(yield* read(to.server))).toBe("closed");
    }));
});
