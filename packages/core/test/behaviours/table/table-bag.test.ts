import { BagTable, END_OF_TABLE, Table } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, laboratory } from "../../laboratory.ts";

/** Runs `act` in a process of a fresh node. */
function play<T>(act: () => T): T {
  return laboratory().play(function* () {
    return act();
  });
}

function filled(type: "bag" | "duplicate_bag"): BagTable<string, unknown> {
  const table = BagTable.create<string, unknown>({ type });
  for (const value of [[1], 2, [1]]) table.insert("k", value);
  table.insert("j", 1);
  return table;
}

describe("a bag", () => {
  it("holds each pair once, in the order of putting in; a duplicate_bag as often as it was put in", () => {
    play(() => {
      expect(filled("bag").lookup("k")).toEqual([[1], 2]);
      expect(filled("duplicate_bag").lookup("k")).toEqual([[1], 2, [1]]);
      expect([filled("bag").info()?.size, filled("duplicate_bag").info()?.size]).toEqual([3, 4]);
    });
  });

  it("has no values where there is no key", () => {
    play(() => {
      const table = filled("bag");
      expect([table.lookup("z"), table.take("z"), table.member("z")]).toEqual([[], [], false]);
    });
  });

  it("takes all values of a key", () => {
    play(() => {
      const table = filled("bag");
      expect([table.take("k"), table.take("k"), table.info()?.size]).toEqual([[[1], 2], [], 1]);
    });
  });

  it("removes one value by its content; in a duplicate_bag each of its kind", () => {
    play(() => {
      const table = filled("duplicate_bag");
      table.deleteObject("k", [1]);
      expect(table.lookup("k")).toEqual([2]);
      table.deleteObject("k", 2);
      expect(table.member("k")).toBe(false);
    });
  });

  it("takes nothing new under a key that is there", () => {
    play(() => {
      const table = filled("duplicate_bag");
      expect([
        table.insertNew("k", 9),
        table.insertNewAll([
          { key: "m", value: 1 },
          { key: "m", value: 1 },
        ]),
      ]).toEqual([false, true]);
      expect(table.lookup("m")).toEqual([1, 1]);
    });
  });

  it("is walked key by key and searched object by object", () => {
    play(() => {
      const table = filled("bag");
      expect([table.first(), table.next("k"), table.next("j")]).toEqual(["k", "j", END_OF_TABLE]);
      expect(table.tab2list()).toHaveLength(3);
      expect(table.matchObject({ key: "k", value: 2 })).toEqual([{ key: "k", value: 2 }]);
      expect(table.selectDelete(({ value }) => value === 2)).toBe(1);
      expect(table.lookup("k")).toEqual([[1]]);
      expect(table.matchDelete({ key: "k" })).toBe(1);
      expect(table.member("k")).toBe(false);
    });
  });

  it("shares nothing that can change", () => {
    play(() => {
      const table = filled("bag");
      table.lookup("k").push("x");
      expect(table.lookup("k")).toHaveLength(2);
    });
  });

  it("is found by its name as what it is", () => {
    play(() => {
      const table = BagTable.create({ name: "b" });
      Table.create({ name: "t" });
      expect(BagTable.whereis("b")).toBe(table);
      expect(codeOf(() => Table.whereis("b"))).toBe("ERR_BAD_ARGUMENT");
      expect(codeOf(() => BagTable.whereis("t"))).toBe("ERR_BAD_ARGUMENT");
    });
  });

  it("of a type that there is not is refused", () => {
    play(() => {
      // The type forbids what is tried here.
      expect(codeOf(() => BagTable.create({ type: "set" as "bag" }))).toBe("ERR_BAD_ARGUMENT");
    });
  });
});
