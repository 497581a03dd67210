import { makeRef } from "@krarup/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareTerms } from "../../../src/behaviours/table/table-order.ts";
import { idle, laboratory } from "../../laboratory.ts";

describe("compareTerms", () => {
  it("puts terms in Erlang's order", () => {
    const { play, run } = laboratory();
    const [first, second] = play(function* () {
      return [makeRef(), makeRef()];
    });
    const [pid, younger] = [run(idle), run(idle)];
    const sorted = [
      -1n,
      0,
      1.5,
      2n,
      Number.POSITIVE_INFINITY,
      Number.NaN,
      false,
      null,
      true,
      "",
      "B",
      "a",
      "aa",
      first,
      second,
      pid,
      younger,
      [],
      [2],
      [1, 1],
      [1, 2],
      [1, [0]],
      {},
      { b: 1 },
      { a: 9, b: 1 },
      { a: 9, b: 2 },
      { a: 9, c: 0 },
      new Date(9),
      new Date(10),
    ];
    expect(sorted.toReversed().toSorted(compareTerms)).toEqual(sorted);
  });

  it("has undefined among the atoms", () => {
    expect([compareTerms(undefined, true), compareTerms(undefined, "")].map(Math.sign)).toEqual([1, -1]);
  });

  it("knows one number of two types", () => {
    expect(compareTerms(1, 1n)).toBe(0);
    expect(compareTerms([1], [1n])).toBe(0);
  });

  it("is an order", () => {
    const term = fc.anything({ maxDepth: 2, withBigInt: true, withDate: true, withMap: true, withSet: true });
    fc.assert(
      fc.property(term, term, term, (a, b, c) => {
        const [ab, bc, ac] = [compareTerms(a, b), compareTerms(b, c), compareTerms(a, c)];
        expect(Math.sign(compareTerms(b, a))).toBe(-Math.sign(ab) + 0);
        expect(ab <= 0 && bc <= 0 && ac > 0).toBe(false);
        expect(compareTerms(a, a)).toBe(0);
      }),
    );
  });
});
