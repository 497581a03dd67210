// Rows in columns, as wide as they must be. On a terminal that is too narrow the flexible column gives way.

import { printable } from "./printable.ts";
import type { Look, Terminal } from "./terminal.ts";
import { cutToWidth, textWidth } from "./text-width.ts";

/** One column of a table of `Row`. */
export interface Column<Row> {
  readonly title: string;
  readonly align: "left" | "right";
  /** At most one column of a table is. */
  readonly isFlexible?: boolean;
  text(row: Row): string;
  look?(row: Row): Look | undefined;
}

const GAP = "  ";
const FLEXIBLE_MIN = 8;

/** The lines of the table, title first. */
export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[], terminal: Terminal): string[] {
  const texts = rows.map((row) => columns.map((column) => printable(column.text(row))));
  const widths = fitted(columns, widthsOf(columns, texts), terminal.width);
  const line = (cells: readonly string[], lookAt: (i: number) => Look | undefined): string =>
    columns
      .map(({ align }, i) => cellText(cells[i] ?? "", widths[i] ?? 0, align, lookAt(i), terminal))
      .join(GAP)
      .trimEnd();
  const titles = columns.map((column) => column.title);
  return [line(titles, () => "bold"), ...rows.map((row, at) => line(texts[at] ?? [], (i) => columns[i]?.look?.(row)))];
}

function cellText(
  text: string,
  width: number,
  align: "left" | "right",
  look: Look | undefined,
  terminal: Terminal,
): string {
  const cut = cutToWidth(text, width, terminal.symbols.ellipsis);
  // The blanks stay outside of the look, so that those at the end of a line can go.
  const space = " ".repeat(Math.max(0, width - textWidth(cut)));
  const painted = look === undefined || cut === "" ? cut : terminal.paint(look, cut);
  return align === "right" ? space + painted : painted + space;
}

function widthsOf<Row>(columns: readonly Column<Row>[], texts: readonly (readonly string[])[]): number[] {
  return columns.map((column, i) =>
    texts.reduce((width, row) => Math.max(width, textWidth(row[i] ?? "")), column.title.length),
  );
}

function fitted<Row>(columns: readonly Column<Row>[], widths: readonly number[], available: number): number[] {
  const wanted = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1);
  const excess = Math.max(0, wanted - available);
  return widths.map((width, i) =>
    columns[i]?.isFlexible === true ? Math.max(Math.min(width, FLEXIBLE_MIN), width - excess) : width,
  );
}
