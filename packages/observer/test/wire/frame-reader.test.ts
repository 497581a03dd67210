import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FRAME_BYTES_MAX } from "../../src/limits.ts";
import { encodeFrame } from "../../src/wire/codec.ts";
import { FrameReader } from "../../src/wire/frame-reader.ts";

function readAll(chunks: readonly Buffer[]): unknown[] {
  const reader = new FrameReader();
  return chunks.flatMap((chunk) => [...reader.read(chunk)]);
}

describe("FrameReader", () => {
  it("yields what was encoded, wherever the bytes are cut", () => {
    const frames = fc.array(
      fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string(), fc.constant(null)), {
        noNullPrototype: true,
      }),
    );
    fc.assert(
      fc.property(frames, fc.array(fc.nat(40)), (values, sizes) => {
        const bytes = Buffer.concat(values.map(encodeFrame));
        const chunks: Buffer[] = [];
        let at = 0;
        for (const size of sizes) {
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(readAll([...chunks, bytes.subarray(at)])).toEqual(values.map(withRenamedPrototype));
      }),
    );
  });

  it.each([
    ["of no bytes", 0],
    ["of more than a megabyte", FRAME_BYTES_MAX + 1],
    ["of four gigabytes", 0xffffffff],
  ])("refuses a frame %s as soon as its length is known", (_name, length) => {
    const header = Buffer.alloc(4);
    header.writeUInt32BE(length);
    expect(() => readAll([header])).toThrow(expect.objectContaining({ code: "ERR_FRAME" }));
  });

  it("decodes nothing after a bad frame", () => {
    const reader = new FrameReader();
    expect(() => [...reader.read(Buffer.from([0, 0, 0, 1, 0xc1]))]).toThrow(
      expect.objectContaining({ code: "ERR_FRAME" }),
    );
    expect(() => [...reader.read(encodeFrame({ fine: true }))]).toThrow(/an earlier one/);
  });

  it("knows whether a frame has begun", () => {
    const reader = new FrameReader();
    const frame = encodeFrame([1, 2]);
    expect(reader.isPartial).toBe(false);
    expect([...reader.read(frame.subarray(0, 4))]).toEqual([]);
    expect(reader.isPartial).toBe(true);
    expect([...reader.read(frame.subarray(4))]).toEqual([[1, 2]]);
    expect(reader.isPartial).toBe(false);
  });
});

describe("encodeFrame", () => {
  it("refuses what is too long for a frame", () => {
    expect(() => encodeFrame("x".repeat(FRAME_BYTES_MAX))).toThrow(expect.objectContaining({ code: "ERR_FRAME" }));
  });
});

/** The one key that the decoder spells differently, for safety. */
function withRenamedPrototype(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key === "__proto__" ? "__proto_" : key, part]));
}
