// The report for the terminal: one line per workload, and a line for whatever else was asked of it.

import { showMeasured, showRatio } from "./cell.ts";
import { judge, measuredOf, ratioOf, type Result } from "./summary.ts";

/** Systems side by side in one table, so that it fits a screen. */
const OTHERS_PER_TABLE = 4;

/** Draws `results`: ours beside Erlang's, then our targets, then the `others` with their ratio to us. */
export function drawReport(results: readonly Result[], others: readonly string[]): string {
  const tables = [];
  for (let i = 0; i < others.length; i += OTHERS_PER_TABLE)
    tables.push(drawOthers(results, others.slice(i, i + OTHERS_PER_TABLE)));
  return [drawErlang(results), drawTargets(results), ...tables].filter((part) => part !== "").join("\n\n");
}

function drawErlang(results: readonly Result[]): string {
  const rows = results.map((result) => [
    result.workload.title,
    showMeasured(measuredOf(result, "krarup")),
    showMeasured(measuredOf(result, "erlang")),
    showRatio(ratioOf(result, "erlang")),
  ]);
  return drawTable(["workload", "krarup · timer lag", "erlang · timer lag", "ratio"], rows);
}

function drawTargets(results: readonly Result[]): string {
  return results
    .flatMap((result) =>
      judge(result).map(({ target, isMet }) => `${verdict(isMet)}  ${result.workload.title}: ${target}`),
    )
    .join("\n");
}

function verdict(isMet: boolean | null): string {
  if (isMet === null) return "?     ";
  return isMet ? "met   " : "MISSED";
}

function drawOthers(results: readonly Result[], others: readonly string[]): string {
  const rows = results
    .filter((result) => others.some((name) => measuredOf(result, name) !== null))
    .map((result) => [
      result.workload.title,
      ...others.map((name) => `${showMeasured(measuredOf(result, name))} ${showRatio(ratioOf(result, name))}`.trim()),
    ]);
  return drawTable(["workload", ...others], rows);
}

function drawTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const draw = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  return [draw(header), widths.map((width) => "─".repeat(width)).join("  "), ...rows.map(draw)].join("\n");
}
