import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { whyNotPlain } from "../../src/wire/plain-scan.ts";

// The test needs the general encoder, to make what the strict one never would.
const { Packr } = createRequire(new URL("../../src/wire/codec.ts", import.meta.url))(
  "msgpackr",
) as typeof import("msgpackr");
const general = new Packr({ useRecords: false, moreTypes: true });

const plain = fc.letrec((value) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.integer(),
    fc.string({ maxLength: 80 }),
    fc.array(value("value"), { maxLength: 20 }),
    fc.dictionary(fc.string(), value("value"), { maxKeys: 20 }),
  ),
})).value;

describe("whyNotPlain", () => {
  it("lets all plain data pass", () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(whyNotPlain(general.pack(value))).toBeUndefined();
      }),
    );
  });

  it.each([
    ["a RegExp", /(a+)+$/],
    ["an Error", new Error("x")],
    ["a Set", new Set([1])],
    ["a typed array", new Uint16Array(2)],
    ["bytes", new Uint8Array(2)],
    ["a Date", new Date(0)],
    ["a big integer", 2n ** 63n],
    ["undefined", undefined],
  ])("refuses %s, at any depth", (_name, value) => {
    expect(whyNotPlain(general.pack(value))).toMatch(/is not plain data/);
    expect(whyNotPlain(general.pack([{ deep: value }]))).toMatch(/is not plain data/);
  });

  it("refuses a record definition, which would be compiled", () => {
    expect(whyNotPlain(new Packr({ useRecords: true }).pack({ a: 1 }))).toMatch(/is not plain data/);
  });

  it.each([
    ["an array of 2^32 - 1 elements in 5 bytes", [0xdd, 0xff, 0xff, 0xff, 0xff], /cut off/],
    ["text longer than the frame", [0xdb, 0x00, 0x10, 0x00, 0x00, 0x41], /cut off/],
    ["two values", [0x01, 0x02], /bytes after the end/],
    ["no value", [], /cut off/],
    ["a hundred levels", [...Array<number>(100).fill(0x91), 0xc0], /levels/],
    ["the token that is never used", [0xc1], /is not plain data/],
  ])("refuses %s", (_name, bytes, why) => {
    expect(whyNotPlain(Uint8Array.from(bytes))).toMatch(why);
  });

  it("answers for any bytes whatever", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
        expect(["string", "undefined"]).toContain(typeof whyNotPlain(bytes));
      }),
    );
  });
});
