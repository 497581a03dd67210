// Both kinds of rows against the plainest model: a list of pairs.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareTerms } from "../../../src/behaviours/table/table-order.ts";
import { OrderedRows } from "../../../src/behaviours/table/table-ordered-rows.ts";
import { type Direction, HashedRows, type Rows } from "../../../src/behaviours/table/table-rows.ts";

type Step =
  | { readonly do: "put" | "remove"; readonly key: unknown; readonly content: number }
  | { readonly do: "clear" };

const key = fc.oneof(
  fc.integer({ min: 0, max: 20 }),
  fc.tuple(fc.constantFrom("a", "b"), fc.integer({ min: 0, max: 9 })),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 20, arbitrary: fc.record({ do: fc.constantFrom("put", "remove"), key, content: fc.integer() }) },
  { weight: 1, arbitrary: fc.constant({ do: "clear" }) },
);

describe.each([
  ["hashed", () => new HashedRows<number>()],
  ["ordered", () => new OrderedRows<number>()],
])("%s rows", (kind, open: () => Rows<number>) => {
  it("hold what was put last under each key, and walk in their order both ways", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const rows = open();
        const model: [unknown, number][] = [];
        for (const each of steps) apply(each, rows, model);
        if (kind === "ordered") model.sort(([a], [b]) => compareTerms(a, b));
        expect(rows.size).toBe(model.length);
        expect(rows.all().map((row) => [row.key, row.content])).toEqual(model);
        expect(walk(rows, "next")).toEqual(model.map(([known]) => known));
        expect(walk(rows, "prev")).toEqual(model.map(([known]) => known).toReversed());
      }),
    );
  });

  it("mark a removed row as gone in lists made before", () => {
    const rows = open();
    rows.put("a", 1);
    const [row] = rows.all();
    if (row !== undefined) rows.remove(row);
    expect(row?.isGone).toBe(true);
    expect(rows.find("a")).toBeUndefined();
  });
});

describe("ordered rows", () => {
  it("halve their runs and drop the empty ones", () => {
    const rows = new OrderedRows<number>();
    const keys = Array.from({ length: 5_000 }, (_, i) => (i * 2_654_435_761) % 65_536);
    for (const each of keys) rows.put(each, each);
    const sorted = [...new Set(keys)].toSorted((a, b) => a - b);
    expect(walk(rows, "next")).toEqual(sorted);
    for (const row of rows.all()) if (Number(row.key) % 7 > 0) rows.remove(row);
    expect(walk(rows, "next")).toEqual(sorted.filter((each) => each % 7 === 0));
  });

  it("step from a key that is not there", () => {
    const rows = new OrderedRows<string>();
    for (const each of [1, 3]) rows.put(each, "x");
    expect([rows.step(2, "next"), rows.step(2, "prev"), rows.step(3, "next"), rows.step(0, "prev")].map(keyIn)).toEqual(
      [3, 1, undefined, undefined],
    );
  });
});

describe("hashed rows", () => {
  it("do not know the way on from a removed key", () => {
    const rows = filled("a", "b");
    remove(rows, "a");
    expect(rows.step("a", "next")).toBe("no_such_key");
  });

  it("know it while they are fixed, and past all that is gone", () => {
    const rows = filled("a", "b", "c", "d");
    rows.fix(true);
    for (const each of ["a", "b", "c"]) remove(rows, each);
    expect(keyIn(rows.step("a", "next"))).toBe("d");
    expect(rows.step("d", "prev")).toBeUndefined();
    expect([rows.size, rows.find("a")]).toEqual([1, undefined]);
  });

  it("give a key that comes back its old place while they are fixed", () => {
    const rows = filled("a", "b", "c");
    rows.fix(true);
    remove(rows, "a");
    rows.put("a", 7);
    rows.fix(false);
    expect(rows.all().map((row) => row.key)).toEqual(["a", "b", "c"]);
    expect(rows.find("a")?.content).toBe(7);
  });

  it("forget what is gone when they are let go", () => {
    const rows = filled("a", "b");
    rows.fix(true);
    remove(rows, "a");
    rows.fix(false);
    expect(rows.step("a", "next")).toBe("no_such_key");
    expect(walk(rows, "next")).toEqual(["b"]);
  });
});

function apply(each: Step, rows: Rows<number>, model: [unknown, number][]): void {
  if (each.do === "clear") {
    rows.clear();
    model.length = 0;
    return;
  }
  const at = model.findIndex(([known]) => compareTerms(known, each.key) === 0);
  const row = rows.find(each.key);
  expect(row === undefined).toBe(at < 0);
  if (each.do === "put") {
    rows.put(each.key, each.content);
    if (at < 0) model.push([each.key, each.content]);
    else model[at] = [each.key, each.content];
  } else if (row !== undefined) {
    rows.remove(row);
    model.splice(at, 1);
  }
}

function walk(rows: Rows<number>, direction: Direction): unknown[] {
  const keys: unknown[] = [];
  for (let row = rows.start(direction); row !== undefined;) {
    keys.push(row.key);
    const next = rows.step(row.key, direction);
    row = next === "no_such_key" ? undefined : next;
  }
  return keys;
}

function filled(...keys: readonly string[]): HashedRows<number> {
  const rows = new HashedRows<number>();
  for (const each of keys) rows.put(each, 0);
  return rows;
}

function remove(rows: Rows<number>, each: string): void {
  const row = rows.find(each);
  if (row !== undefined) rows.remove(row);
}

function keyIn(row: ReturnType<Rows<unknown>["step"]>): unknown {
  return typeof row === "object" ? row.key : row;
}
