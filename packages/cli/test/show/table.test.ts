import { afterEach, describe, expect, it, vi } from "vitest";
import { type Column, tableLines } from "../../src/show/table.ts";
import { Terminal } from "../../src/show/terminal.ts";

const settings = {
  node: undefined,
  timeoutMs: 1,
  isJson: false,
  isColoured: false,
  isAscii: false,
  isQuiet: false,
};

const columns: Column<{ name: string; count: number }>[] = [
  { title: "NAME", align: "left", isFlexible: true, text: (row) => row.name },
  { title: "COUNT", align: "right", text: (row) => String(row.count) },
];

afterEach(() => vi.restoreAllMocks());

describe("tableLines", () => {
  it("makes columns as wide as they must be, without trailing blanks", () => {
    const rows = [
      { name: "db_pool", count: 12 },
      { name: "漢字", count: 1_204 },
    ];
    expect(tableLines(columns, rows, new Terminal(settings))).toEqual([
      "NAME     COUNT",
      "db_pool     12",
      "漢字      1204",
    ]);
  });

  it("spells out control characters before it measures them", () => {
    expect(tableLines(columns, [{ name: "\u001b[2J", count: 1 }], new Terminal(settings))[1]).toBe(
      String.raw`\u001b[2J      1`,
    );
  });

  it("lets the flexible column give way on a narrow terminal, and nowhere else", () => {
    const terminal = new Terminal(settings);
    const rows = [{ name: "a name of thirty characters ...", count: 1 }];
    expect(tableLines(columns, rows, terminal)[1]).toContain("a name of thirty characters ...");
    vi.spyOn(terminal, "width", "get").mockReturnValue(20);
    expect(tableLines(columns, rows, terminal)).toEqual(["NAME           COUNT", "a name of th…      1"]);
  });
});
