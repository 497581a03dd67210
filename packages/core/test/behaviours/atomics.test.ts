import { AtomicArray } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf } from "../laboratory.ts";

describe("an atomic array", () => {
  it("adds, subtracts, exchanges, and compares before it exchanges", () => {
    const words = AtomicArray.create(2);
    words.add(1, 5n);
    words.sub(1, 2n);
    expect(words.get(1)).toBe(3n);
    expect([words.addGet(0, 5n), words.subGet(0, 6n)]).toEqual([5n, -1n]);
    expect([
      words.compareExchange(0, -1n, 9n),
      words.compareExchange(0, -1n, 1n),
      words.exchange(0, 0n),
      words.get(0),
    ]).toEqual(["ok", 9n, 9n, 0n]);
  });

  it.each([
    [true, 2n ** 63n - 1n, -(2n ** 63n)],
    [false, 2n ** 64n - 1n, 0n],
  ])("signed %s counts to %s and wraps to %s", (isSigned, max, min) => {
    const words = AtomicArray.create(1, { isSigned });
    expect([words.min, words.max]).toEqual([min, max]);
    words.put(0, max);
    expect([words.addGet(0, 1n), words.subGet(0, 1n)]).toEqual([min, max]);
  });

  it.each<[string, (words: AtomicArray) => unknown]>([
    ["a size of 0", () => AtomicArray.create(0)],
    ["an index too high", (words) => words.get(1)],
    ["an index that is none", (words) => words.add(-1, 1n)],
    ["a word out of range", (words) => words.put(0, 2n ** 63n)],
    ["a number", (words) => words.add(0, 1 as unknown as bigint)], // the type forbids what is tried here
  ])("refuses %s", (_what, act) => {
    expect(codeOf(() => act(AtomicArray.create(1)))).toBe("ERR_BAD_ARGUMENT");
  });
});
