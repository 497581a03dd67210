import { END_OF_TABLE, exit, immutable, makeRef, type Self, Table } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, laboratory } from "../../laboratory.ts";

/** Runs `act` in a process of a fresh node. */
function play<T>(act: () => T): T {
  return laboratory().play(function* () {
    return act();
  });
}

function filled(type: "set" | "ordered_set" = "set"): Table<string, number> {
  const table = Table.create<string, number>({ type });
  table.insertAll([
    { key: "b", value: 2 },
    { key: "a", value: 1 },
    { key: "c", value: 3 },
  ]);
  return table;
}

describe("insert and lookup", () => {
  it("hold one value under each key", () => {
    expect(
      play(() => {
        const table = filled();
        return [table.insert("a", 9), table.lookup("a"), table.lookup("z"), table.info()?.size];
      }),
    ).toEqual([true, 9, undefined, 3]);
  });

  it("take keys by value", () => {
    expect(
      play(() => {
        const table = Table.create<unknown, string>();
        const ref = makeRef();
        table.insert({ user: [1, ref] }, "found");
        return [table.lookup({ user: [1, ref] }), table.lookup({ user: [1, makeRef()] }), table.member({ user: [1] })];
      }),
    ).toEqual(["found", undefined, false]);
  });

  it("share nothing that can change", () => {
    play(() => {
      const table = Table.create<string, number[]>();
      const given = [1];
      table.insert("k", given);
      given.push(2);
      table.lookup("k")?.push(3);
      expect(table.lookup("k")).toEqual([1]);
    });
  });

  it("share what is immutable", () => {
    play(() => {
      const table = Table.create<string, readonly number[]>();
      const given = immutable([1]);
      table.insert("k", given);
      expect(table.lookup("k")).toBe(given);
    });
  });

  it("refuse what is no plain data, and then change nothing", () => {
    play(() => {
      const table = Table.create<unknown, unknown>();
      expect(codeOf(() => table.insert("k", () => 1))).toBe("ERR_NOT_SENDABLE");
      expect(
        codeOf(() =>
          table.insertAll([
            { key: 1, value: 1 },
            { key: () => 1, value: 1 },
          ]),
        ),
      ).toBe("ERR_NOT_SENDABLE");
      expect(table.tab2list()).toEqual([]);
    });
  });

  it("in an ordered_set know 1 and 1n as one key, and keep the key put in last", () => {
    play(() => {
      const table = Table.create<number | bigint, string>({ type: "ordered_set" });
      table.insert(1, "a");
      table.insert(1n, "b");
      expect(table.tab2list()).toEqual([{ key: 1n, value: "b" }]);
    });
  });
});

describe("lookupElement", () => {
  it("returns the value, and refuses a key that is not there", () => {
    play(() => {
      expect(filled().lookupElement("a")).toBe(1);
      expect(codeOf(() => filled().lookupElement("z"))).toBe("ERR_BAD_ARGUMENT");
    });
  });
});

describe("insertNew", () => {
  it("leaves what is there", () => {
    play(() => {
      const table = filled();
      expect([table.insertNew("a", 9), table.insertNew("d", 4), table.lookup("a"), table.lookup("d")]).toEqual([
        false,
        true,
        1,
        4,
      ]);
    });
  });

  it("of several is all or nothing; among equal keys the last wins", () => {
    play(() => {
      const table = filled();
      expect(
        table.insertNewAll([
          { key: "d", value: 1 },
          { key: "a", value: 1 },
        ]),
      ).toBe(false);
      expect(table.member("d")).toBe(false);
      expect(
        table.insertNewAll([
          { key: "d", value: 1 },
          { key: "d", value: 2 },
        ]),
      ).toBe(true);
      expect(table.lookup("d")).toBe(2);
    });
  });
});

describe("delete, take and deleteAllObjects", () => {
  it("remove, and say true whether or not there was anything", () => {
    play(() => {
      const table = filled();
      expect([table.delete("a"), table.delete("a"), table.member("a")]).toEqual([true, true, false]);
      expect([table.take("b"), table.take("b")]).toEqual([2, undefined]);
      expect([table.deleteAllObjects(), table.info()?.size]).toEqual([true, 0]);
    });
  });
});

describe("updateCounter", () => {
  it("counts, and wraps beyond the threshold in the direction of the step", () => {
    play(() => {
      const table = filled();
      const wrap = { threshold: 10, setValue: 0 };
      expect(table.updateCounter("a", 5)).toBe(6);
      expect(table.updateCounter("a", { by: 4, wrap })).toBe(10);
      expect(table.updateCounter("a", { by: 1, wrap })).toBe(0);
      expect(table.updateCounter("a", { by: -5, wrap: { threshold: -3, setValue: 7 } })).toBe(7);
    });
  });

  it("counts in a field and leaves the others, even of an immutable value", () => {
    play(() => {
      const table = Table.create<string, { name: string; hits: number }>();
      table.insert("k", immutable({ name: "n", hits: 1 }));
      expect(table.updateCounter("k", { field: "hits", by: 2 })).toBe(3);
      expect(table.lookup("k")).toEqual({ name: "n", hits: 3 });
    });
  });

  it("starts from the initial value where there is none", () => {
    play(() => {
      expect(filled().updateCounter("z", 5, 1)).toBe(6);
    });
  });

  it.each<[string, (table: Table<string, number>) => unknown]>([
    ["a key that is not there", (table) => table.updateCounter("z", 1)],
    ["a step that is no integer", (table) => table.updateCounter("a", 0.5)],
    [
      "a value that is no number",
      (table) => {
        // The type forbids what is tried here.
        table.insert("s", "text" as unknown as number);
        return table.updateCounter("s", 1);
      },
    ],
    ["a field that is not there", (table) => table.updateCounter("a", { field: "x" as never, by: 1 })], // as above
    ["a sum beyond 2^53", (table) => table.updateCounter("a", Number.MAX_SAFE_INTEGER)],
  ])("refuses %s", (_what, act) => {
    play(() => {
      const table = filled();
      expect(codeOf(() => act(table))).toBe("ERR_BAD_ARGUMENT");
      expect(table.lookup("a")).toBe(1);
    });
  });
});

describe("first, last, next and prev", () => {
  it.each([
    ["set", ["b", "a", "c"]],
    ["ordered_set", ["a", "b", "c"]],
  ] as const)("walk a %s from end to end", (type, keys) => {
    play(() => {
      const table = filled(type);
      const walked: unknown[] = [];
      for (let key = table.first(); key !== END_OF_TABLE; key = table.next(key)) walked.push(key);
      expect(walked).toEqual(keys);
      for (let key = table.last(); key !== END_OF_TABLE; key = table.prev(key)) walked.pop();
      expect(walked).toEqual([]);
    });
  });

  it("find no key in an empty table", () => {
    play(() => {
      const table = Table.create();
      expect([table.first(), table.last()]).toEqual([END_OF_TABLE, END_OF_TABLE]);
    });
  });

  it("go on from a key that is not there in an ordered_set only", () => {
    play(() => {
      expect(filled("ordered_set").next("aa")).toBe("b");
      expect(codeOf(() => filled().next("aa"))).toBe("ERR_BAD_ARGUMENT");
    });
  });
});

describe("safeFixtable", () => {
  it("lets a walk go on from keys that are removed", () => {
    play(() => {
      const table = filled();
      table.safeFixtable(true);
      for (const key of ["b", "a"]) table.delete(key);
      expect([table.next("b"), table.info()?.size, table.info()?.isFixed]).toEqual(["c", 1, true]);
      table.safeFixtable(false);
      expect(codeOf(() => table.next("b"))).toBe("ERR_BAD_ARGUMENT");
    });
  });

  it("adds up, and ends with the process", () => {
    const { run } = laboratory();
    let table: Table<string, number> | null = null;
    run(function* (self: Self<never>) {
      table = filled();
      yield* self.receive();
    });
    const walker = run(function* (self: Self<string>) {
      table?.safeFixtable(true);
      table?.safeFixtable(true);
      table?.safeFixtable(false);
      yield* self.receive();
    });
    const isFixed = (): unknown => table?.info()?.isFixed;
    expect(isFixed()).toBe(true);
    exit(walker, "kill");
    expect(isFixed()).toBe(false);
  });
});

describe("tab2list, foldl and select", () => {
  it("go over all objects in the order of the table", () => {
    play(() => {
      const table = filled("ordered_set");
      expect(table.tab2list().map(({ key }) => key)).toEqual(["a", "b", "c"]);
      expect(table.foldl(({ value }, sum) => sum + value, 10)).toBe(16);
      expect(table.select(({ value }) => value > 1)).toEqual([
        { key: "b", value: 2 },
        { key: "c", value: 3 },
      ]);
      expect(table.selectCount(({ value }) => value > 1)).toBe(2);
      expect(table.selectDelete(({ value }) => value > 1)).toBe(2);
      expect(table.tab2list()).toEqual([{ key: "a", value: 1 }]);
    });
  });

  it("hold their course when the table changes meanwhile", () => {
    play(() => {
      const table = filled();
      const seen = table.foldl<string[]>(({ key }, keys) => {
        for (const each of ["b", "a"]) table.delete(each);
        table.insert(`${key}2`, 0);
        return [...keys, key];
      }, []);
      expect(seen).toEqual(["b", "c"]);
    });
  });

  it("take a guard that throws as one that does not accept", () => {
    play(() => {
      expect(filled().select(({ key }) => (key === "a" ? true : codeless()))).toEqual([{ key: "a", value: 1 }]);
    });
  });

  it("give the guard a copy", () => {
    play(() => {
      const table = Table.create<string, { n: number }>();
      table.insert("k", { n: 1 });
      table.select(({ value }) => (value.n = 2) === 2);
      expect(table.lookup("k")).toEqual({ n: 1 });
    });
  });
});

describe("matchObject", () => {
  it("finds by any part, and by the whole key", () => {
    play(() => {
      const table = Table.create<unknown, { kind: string; size: number }>();
      table.insert(["x", 1], { kind: "tea", size: 1 });
      table.insert("y", { kind: "tea", size: 2 });
      const keys = (pattern: Parameters<typeof table.matchObject>[0]) =>
        table.matchObject(pattern).map(({ key }) => key);
      expect(keys({ value: { kind: "tea" } })).toEqual([["x", 1], "y"]);
      expect(keys({ key: ["x", 1] })).toEqual([["x", 1]]);
      expect(keys({ key: "y", value: { size: 1 } })).toEqual([]);
      expect(table.matchDelete({ value: { size: 2 } })).toBe(1);
      expect(keys({})).toEqual([["x", 1]]);
    });
  });
});

describe("a table of a type that there is not", () => {
  it("is refused", () => {
    play(() => {
      // The type forbids what is tried here.
      expect(codeOf(() => Table.create({ type: "bag" as "set" }))).toBe("ERR_BAD_ARGUMENT");
      expect(codeOf(() => Table.create({ access: "secret" as "public" }))).toBe("ERR_BAD_ARGUMENT"); // as above
    });
  });
});

function codeless(): never {
  throw new Error("a guard that fails");
}
