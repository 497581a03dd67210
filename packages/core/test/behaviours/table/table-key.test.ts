import { isDeepStrictEqual } from "node:util";
import { makeRef } from "@krarup/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { areEqual, formOf, standInFor } from "../../../src/behaviours/table/table-key.ts";
import { idle, laboratory } from "../../laboratory.ts";

const { play, run } = laboratory();
const ref = play(function* () {
  return makeRef();
});
const pid = run(idle);
const elsewhere = laboratory().run(idle);

describe("standInFor", () => {
  it.each([1, 1n, true, null, undefined, "text", Number.NaN, pid, ref])("%s stands for itself", (key) => {
    expect(standInFor(key)).toBe(key);
  });

  it("a string that looks like a form is told from the key whose form it is", () => {
    const form = standInFor(["a"]);
    expect(standInFor(form)).not.toBe(form);
  });
});

describe("areEqual", () => {
  it.each<[unknown, unknown]>([
    [[], []],
    [
      ["a", [1]],
      ["a", [1]],
    ],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [new Map([[["k"], 1]]), new Map([[["k"], 1]])],
    [
      new Map([
        ["a", 1],
        ["b", 2],
      ]),
      new Map([
        ["b", 2],
        ["a", 1],
      ]),
    ],
    [new Set([1, 2]), new Set([2, 1])],
    [new Date(5), new Date(5)],
    [new Uint8Array([1, 2]), new Uint8Array([0, 1, 2]).subarray(1)],
    [[Number.NaN], [Number.NaN]],
    [[0], [-0]],
    [0, -0],
    [
      [pid, ref],
      [pid, ref],
    ],
    [new TypeError("x"), new TypeError("x")],
  ])("%o is %o", (a, b) => {
    expect(areEqual(a, b)).toBe(true);
  });

  it.each<[unknown, unknown]>([
    [[], {}],
    [[1], ["1"]],
    [[1], [1n]],
    [
      ["ab", "c"],
      ["a", "bc"],
    ],
    [
      [["a"], "b"],
      ["a", ["b"]],
    ],
    [[undefined], [null]],
    [[undefined], []],
    [{ a: undefined }, {}],
    [new Map([["a", 1]]), { a: 1 }],
    [new Set([1]), [1]],
    [new Date(5), 5],
    [new Uint8Array([1]), new Int8Array([1])],
    [new Uint8Array([1]), new Uint8Array([1]).buffer],
    [[pid], [elsewhere]],
    [[pid], [String(pid)]],
    [new TypeError("x"), new RangeError("x")],
  ])("%o is not %o", (a, b) => {
    expect(areEqual(a, b)).toBe(false);
  });
});

describe("formOf", () => {
  it("is the same for two terms exactly when they are equal", () => {
    const values = [fc.constantFrom("", "a", "1", ";", "]", 0, 1, 1n, true, null, undefined)];
    const term = fc.anything({
      values,
      key: fc.constantFrom("a", "b", "1"),
      maxDepth: 2,
      maxKeys: 2,
      withDate: true,
      withMap: true,
    });
    fc.assert(
      fc.property(term, term, (a, b) => (formOf(a) === formOf(b)) === isDeepStrictEqual(a, b)),
      { numRuns: 1_000 },
    );
  });
});
