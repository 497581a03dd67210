import { exit, isAlive, monitor } from "@krarup/core";
import { once } from "node:events";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { describe, expect, it } from "vitest";
import { close, isPortError, nodeStream, portInfo, read, write } from "../../src/index.ts";
import { codeIn, pair, perform, text } from "../stage.ts";

describe("nodeStream", () => {
  it("pipes what comes through streams of Node", () =>
    perform(function* (self) {
      const [from, to] = [yield* pair(), yield* pair({ exitOnClose: false })];
      const piping = pipeline(nodeStream(from.server), createGzip(), createGunzip(), nodeStream(to.client));
      yield* write(from.client, "through and through");
      yield* close(from.client);
      let all = "";
      for (let chunk = yield* read(to.server); !isPortError(chunk); chunk = yield* read(to.server))
        all += String(text(chunk));
      expect(all).toBe("through and through");
      yield* close(to.server);
      yield* self.await(piping);
    }));

  it("reads one packet ahead and no more", () =>
    perform(function* (self) {
      const { client, server } = yield* pair({ framing: "line" });
      const stream = nodeStream(server);
      yield* write(client, "one\ntwo\nthree\n");
      yield* self.await(once(stream, "readable"));
      yield* self.sleep(5);
      expect(yield* portInfo(server)).toMatchObject({ buffered: "two\nthree\n".length, readers: 0 });
    }));

  it("waits with a write while the peer does not read", () =>
    perform(function* (self) {
      const { client, server } = yield* pair();
      const stream = nodeStream(client);
      const block = new Uint8Array(32_000_000);
      let isWritten = false;
      stream.write(block, () => (isWritten = true));
      yield* self.sleep(50);
      expect(isWritten).toBe(false);
      for (let taken = 0; taken < block.length;) {
        const chunk = yield* read(server);
        if (isPortError(chunk)) throw new Error(chunk.message);
        taken += chunk.length;
      }
      while (!isWritten) yield* self.sleep(1);
    }));

  it("closes the port when it is destroyed", () =>
    perform(function* (self) {
      const { server } = yield* pair();
      const stream = nodeStream(server);
      stream.on("error", () => undefined).resume();
      const end = monitor(server);
      stream.destroy();
      yield* self.receive(end);
      yield* self.await(once(stream, "close"));
    }));

  it("ends both sides, without an error, when the peer has closed", () =>
    perform(function* (self) {
      const { client, server } = yield* pair();
      const stream = nodeStream(server).resume();
      const closed = once(stream, "close");
      yield* close(client);
      yield* self.await(closed);
      expect(stream.errored).toBeNull();
      expect(isAlive(server)).toBe(false);
    }));

  it("fails with the port's code, in capitals", () =>
    perform(function* (self) {
      self.trapExit();
      const { server } = yield* pair();
      const stream = nodeStream(server).resume();
      const failed = once(stream, "error").then(([error]: unknown[]) => codeIn(error));
      yield* self.sleep(5);
      exit(server, "boom");
      expect(yield* self.await(failed)).toBe("CLOSED");
    }));
});
