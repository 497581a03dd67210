import fc from "fast-check";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { unpack } from "../../src/codec/msgpack-reader.ts";

const BOUNDS = { depthMax: 8, valuesMax: 100 };

/** The value in the bytes, or the code of why it is not taken. */
function read(bytes: readonly number[] | Uint8Array, bounds = BOUNDS): unknown {
  const unpacked = unpack(Uint8Array.from(bytes), bounds);
  return "value" in unpacked ? unpacked.value : unpacked.code;
}

describe("unpack", () => {
  it.each([
    ["nil", [0xc0], null],
    ["false and true", [0x92, 0xc2, 0xc3], [false, true]],
    ["small numbers", [0x92, 0x7f, 0xe0], [127, -32]],
    ["unsigned numbers", [0x93, 0xcc, 255, 0xcd, 1, 0, 0xce, 255, 255, 255, 255], [255, 256, 4_294_967_295]],
    ["signed numbers", [0x93, 0xd0, 255, 0xd1, 255, 0, 0xd2, 128, 0, 0, 0], [-1, -256, -2_147_483_648]],
    ["64 bits that fit", [0xcf, 0, 0, 0, 1, 0, 0, 0, 0], 4_294_967_296],
    ["64 bits that do not", [0xd3, 128, 0, 0, 0, 0, 0, 0, 0], -(2n ** 63n)],
    ["floats", [0x92, 0xca, 63, 192, 0, 0, 0xcb, 63, 248, 0, 0, 0, 0, 0, 0], [1.5, 1.5]],
    ["text", [0x92, 0xa2, 0xc3, 0xa9, 0xd9, 1, 65], ["é", "A"]],
    ["bytes", [0xc4, 2, 1, 2], Uint8Array.of(1, 2)],
    ["an array by 16 bits", [0xdc, 0, 1, 7], [7]],
    ["a map", [0x81, 0xa1, 97, 0x80], { a: {} }],
  ])("reads %s", (_what, bytes, value) => {
    expect(read(bytes)).toEqual(value);
  });

  it.each([
    ["nothing", []],
    ["a token that is never used", [0xc1]],
    ["an extension of fixed size", [0xd4, 1, 0]],
    ["an extension with a length", [0xc7, 0, 1]],
    ["a timestamp", [0xd6, 255, 0, 0, 0, 0]],
    ["a record of msgpackr", [0xd4, 0x72, 0x40, 0x91, 0xa1, 97, 1]],
    ["more than one value", [1, 2]],
    ["text that is cut off", [0xa3, 97]],
    ["a number that is cut off", [0xce, 1, 2]],
    ["an array that cannot be there", [0xdd, 255, 255, 255, 255]],
    ["a map that cannot be there", [0xdf, 127, 255, 255, 255]],
    ["bytes that cannot be there", [0xc6, 255, 255, 255, 255]],
    ["text that is no UTF-8", [0xa1, 0xff]],
    ["a key that is a number", [0x81, 1, 1]],
    ["a key that is an array", [0x81, 0x90, 1]],
    ["a key __proto__", [0x81, 0xa9, ...Buffer.from("__proto__"), 0x80]],
  ])("refuses %s", (_what, bytes) => {
    expect(read(bytes)).toBe("ebadmsg");
  });

  it.each([
    ["8 levels", [...Array<number>(7).fill(0x91), 0x90], [[[[[[[[]]]]]]]]],
    ["9 levels", [...Array<number>(8).fill(0x91), 0x90], "emsgsize"],
    ["100 values", [0xdc, 0, 99, ...Array<number>(99).fill(1)], Array<number>(99).fill(1)],
    ["101 values", [0xdc, 0, 100, ...Array<number>(100).fill(1)], "emsgsize"],
  ])("counts %s", (_what, bytes, expected) => {
    expect(read(bytes)).toEqual(expected);
  });

  it("reads what msgpackr writes", () => {
    // The builds differ in how they are made, not in what they export.
    const { Packr } = createRequire(import.meta.url)("msgpackr/index-no-eval") as typeof import("msgpackr");
    const packr = new Packr({ useRecords: false });
    const key = fc.string().filter((text) => text !== "__proto__");
    const { plain } = fc.letrec((tie) => ({
      plain: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, false),
        // It writes -0 as 0.
        fc.double({ noNaN: true }).map((number) => number + 0),
        fc.maxSafeInteger(),
        fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
        fc.string({ unit: "grapheme" }),
        fc.uint8Array(),
        fc.array(tie("plain"), { maxLength: 20 }),
        fc.dictionary(key, tie("plain"), { noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(plain, (value) => {
        expect(unpack(packr.pack(value), { depthMax: 500, valuesMax: 500_000 })).toEqual({ value });
      }),
    );
  });

  it("never throws and never makes anything but plain data, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const unpacked = unpack(bytes, BOUNDS);
        const plain = "value" in unpacked ? structuredClone(unpacked) : { type: "refused", code: unpacked.code };
        expect(unpacked).toEqual(plain);
      }),
    );
  });
});
