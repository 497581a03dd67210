import { describe, expect, it } from "vitest";
import { ProcessTable, type TableEntry } from "../../src/mechanisms/process-table.ts";

function enter(table: ProcessTable<TableEntry>): TableEntry {
  const index = table.allocate();
  const entry = { index, serial: table.serialOf(index) };
  table.insert(entry);
  return entry;
}

describe("a process table", () => {
  it("starts at slot 1, so that no pid is <0.0.0>", () => {
    expect(enter(new ProcessTable()).index).toBe(1);
  });

  it("finds entries by slot and counts them", () => {
    const table = new ProcessTable<TableEntry>();
    const [first, second] = [enter(table), enter(table)];
    expect([table.at(first.index), table.at(second.index), table.size]).toEqual([first, second, 2]);
  });

  it("uses a freed slot again, with another serial", () => {
    const table = new ProcessTable<TableEntry>();
    const first = enter(table);
    expect(table.serialOf(first.index)).toBe(0);
    table.release(first);
    expect(table.at(first.index)).toBeUndefined();
    const second = enter(table);
    expect([second.index, table.serialOf(second.index)]).toEqual([first.index, 1]);
  });

  it("is walked in order of slots", () => {
    const table = new ProcessTable<TableEntry>();
    const entries = [enter(table), enter(table), enter(table)];
    const [, middle] = entries;
    if (middle !== undefined) table.release(middle);
    expect([...table].map((entry) => entry.index)).toEqual([1, 3]);
  });

  it("knows nothing of slots that never were", () => {
    expect(new ProcessTable().at(99)).toBeUndefined();
    expect(new ProcessTable().serialOf(99)).toBe(0);
  });
});
