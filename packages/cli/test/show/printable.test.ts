import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable, printableJson } from "../../src/show/printable.ts";

/** What a terminal could take for anything but a character to show. */
const DANGEROUS = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]/u;

describe("printable", () => {
  it.each([
    ["plain text, ø and 漢字", "plain text, ø and 漢字"],
    ["\u001b]0;title\u0007", String.raw`\u001b]0;title\u0007`],
    ["\u009b2J", String.raw`\u009b2J`],
    ["two\nlines", String.raw`two\u000alines`],
    ["abc\u202edcba", String.raw`abc\u202edcba`],
  ])("of %j is %j", (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it("leaves nothing that a terminal obeys", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => !DANGEROUS.test(printable(text))));
  });
});

describe("printableJson", () => {
  it("means the same as the plain JSON, and leaves nothing that a terminal obeys", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        const text = printableJson(value);
        expect(DANGEROUS.test(text)).toBe(false);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
