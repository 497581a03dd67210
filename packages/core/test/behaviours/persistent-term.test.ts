import { persistentTerm } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, laboratory } from "../laboratory.ts";

/** Runs `act` in a process of a fresh node. */
function play<T>(act: () => T): T {
  return laboratory().play(function* () {
    return act();
  });
}

describe("persistentTerm", () => {
  it("hands out the one immutable value, whatever becomes of what was put in", () => {
    play(() => {
      const given = { list: [1] };
      persistentTerm.put(["k", 1], given);
      given.list.push(2);
      const found = persistentTerm.get<{ list: number[] }>(["k", 1]);
      expect(found).toEqual({ list: [1] });
      expect([Object.isFrozen(found.list), persistentTerm.get(["k", 1]) === found]).toEqual([true, true]);
    });
  });

  it("leaves what was put in as changeable as it was", () => {
    play(() => {
      const given = { n: 1 };
      persistentTerm.put("k", given);
      expect(Object.isFrozen(given)).toBe(false);
    });
  });

  it("replaces, erases, defaults and counts", () => {
    play(() => {
      persistentTerm.put("k", 1);
      persistentTerm.put("k", undefined);
      expect([persistentTerm.get("k", 7), persistentTerm.info()]).toEqual([undefined, { count: 1 }]);
      expect([persistentTerm.erase("k"), persistentTerm.erase("k"), persistentTerm.get("k", "none")]).toEqual([
        true,
        false,
        "none",
      ]);
      expect(codeOf(() => persistentTerm.get("k"))).toBe("ERR_BAD_ARGUMENT");
    });
  });

  it("refuses what cannot be made immutable", () => {
    play(() => {
      expect([codeOf(() => persistentTerm.put("k", new Map())), persistentTerm.get("k", "none")]).toEqual([
        "ERR_NOT_SENDABLE",
        "none",
      ]);
    });
  });

  it("is one for each node", () => {
    play(() => persistentTerm.put("k", 1));
    expect(play(() => persistentTerm.get("k", "none"))).toBe("none");
  });
});
