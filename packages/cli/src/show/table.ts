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
  const { ellipsis } = terminal.symbols;
  const cell = (text: string, i: number): string =>
    padded(cutToWidth(text, widths[i] ?? 0, ellipsis), widths[i] ?? 0, columns[i]?.align);
  const title = columns.map((column, i) => cell(column.title, i)).join(GAP);
  const body = rows.map((row, at) =>
    columns.map((column, i) => paint(terminal, column.look?.(row), cell(texts[at]?.[i] ?? "", i))).join(GAP),
  );
  return [terminal.paint("bold", title.trimEnd()), ...body.map((line) => line.trimEnd())];
}

function paint(terminal: Terminal, look: Look | undefined, text: string): string {
  return look === undefined ? text : terminal.paint(look, text);
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

function padded(text: string, width: number, align: "left" | "right" | undefined): string {
  const space = " ".repeat(Math.max(0, width - textWidth(text)));
  return align === "right" ? space + text : text + space;
}
