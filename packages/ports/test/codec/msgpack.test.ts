import { describe, expect, it } from "vitest";
import {
  accept,
  connect,
  listen,
  listenerInfo,
  msgpack,
  orExit,
  read,
  readExactly,
  type Packed,
  write,
} from "../../src/index.ts";
import { codeIn, pair, perform } from "../stage.ts";

describe("msgpack", () => {
  it("carries values both ways", () =>
    perform(function* () {
      const listener = yield* orExit(listen({ host: "127.0.0.1", port: 0, framing: msgpack() }));
      const { address } = yield* orExit(listenerInfo(listener));
      const client = yield* orExit(connect({ ...address, framing: msgpack() }));
      const server = yield* orExit(accept(listener));
      const value = { name: "é", bytes: Uint8Array.of(1, 2), big: 2n ** 60n, list: [null, -1.5, true] };
      expect(yield* write(client, value)).toBe("ok");
      expect(yield* read(server)).toEqual({ type: "value", value });
      expect(yield* write(server, "thanks")).toBe("ok");
      expect(yield* read(client)).toEqual({ type: "value", value: "thanks" });
    }));

  it("puts a length of four bytes before each value", () =>
    perform(function* () {
      const { client, server } = yield* pair({ framing: msgpack() });
      yield* write(server, { a: 1 });
      expect([...(yield* orExit(readExactly(client, 8)))]).toEqual([0, 0, 0, 4, 0x81, 0xa1, 97, 1]);
    }));

  it("closes after what is no plain data, and before more than packetBytesMax is taken in", () =>
    perform(function* () {
      for (const [bytes, code] of [
        [Uint8Array.of(0, 0, 0, 3, 0xd4, 1, 0), "ebadmsg"],
        [Uint8Array.of(0, 0, 1, 0), "emsgsize"],
      ] as const) {
        const { client, server } = yield* pair({ framing: msgpack(), packetBytesMax: 100 });
        yield* write(client, bytes);
        expect(codeIn(yield* read(server))).toBe(code);
        expect(codeIn(yield* read(server))).toBe("closed");
      }
    }));

  it.each([
    ["a Date", new Date(0)],
    ["a Set", new Set([1])],
    ["a bigint of 65 bits", 2n ** 64n],
    ["nothing", undefined],
  ])("answers einval to a write of %s", (_what, value) =>
    perform(function* () {
      const { server } = yield* pair({ framing: msgpack() });
      // What a program without types could pass.
      expect(codeIn(yield* write(server, value as unknown as Packed))).toBe("einval");
    }),
  );
});
