import { Counters, type Self, spawn } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, laboratory } from "../laboratory.ts";

describe("counters", () => {
  it("start at 0 and count up and down", () => {
    const counters = Counters.create(2);
    counters.add(0, 5);
    counters.sub(0, 7);
    counters.put(1, 9);
    expect([counters.get(0), counters.get(1), counters.size]).toEqual([-2, 9, 2]);
  });

  it("are shared by all who have them", () => {
    laboratory().play(function* (self: Self<never>) {
      const counters = Counters.create(1);
      for (let i = 0; i < 3; i++)
        spawn(function* (_self: Self, given: Counters) {
          given.add(0, 1);
        }, counters);
      yield* self.yield();
      expect(counters.get(0)).toBe(3);
    });
  });

  it("refuse to go beyond 2^53 and stay as they are", () => {
    const counters = Counters.create(1);
    counters.put(0, Number.MAX_SAFE_INTEGER);
    expect(codeOf(() => counters.add(0, 1))).toBe("ERR_BAD_ARGUMENT");
    expect(counters.get(0)).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each<[string, (counters: Counters) => unknown]>([
    ["a size of 0", () => Counters.create(0)],
    ["an index too high", (counters) => counters.get(1)],
    ["an index too low", (counters) => counters.add(-1, 1)],
    ["an index between", (counters) => counters.put(0.5, 1)],
    ["a step that is no integer", (counters) => counters.add(0, 0.5)],
  ])("refuse %s", (_what, act) => {
    expect(codeOf(() => act(Counters.create(1)))).toBe("ERR_BAD_ARGUMENT");
  });
});
