// The report for the terminal: one line per workload.

import { judge, ratioOf, type Result, summarise, type Summary } from "./summary.ts";

/** Draws `results` as a table: ours, Erlang's, the ratio and the target first; then the `others`, with their ratio to us. */
export function drawTable(results: readonly Result[], others: readonly string[]): string {
  const header = ["workload", "krarup", "erlang", "ratio", "target", "met?", ...others];
  const rows = results.map((result) => rowOf(result, others));
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const draw = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  return [draw(header), widths.map((width) => "─".repeat(width)).join("  "), ...rows.map(draw)].join("\n");
}

function rowOf(result: Result, others: readonly string[]): string[] {
  const judgements = judge(result);
  return [
    result.workload.title,
    cell(summarise(result.runs["krarup"])),
    cell(summarise(result.runs["erlang"])),
    ratio(ratioOf(result, "erlang")),
    judgements.map(({ target }) => target).join(", "),
    judgements.map(({ isMet }) => verdict(isMet)).join(", "),
    ...others.map((name) => `${cell(summarise(result.runs[name]))} ${ratio(ratioOf(result, name))}`.trim()),
  ];
}

function verdict(isMet: boolean | null): string {
  if (isMet === null) return "?";
  return isMet ? "yes" : "NO";
}

function ratio(value: number | null): string {
  return value === null ? "" : `${value.toFixed(2)}x`;
}

/** `122 ns (117–139)` */
function cell(summary: Summary | null): string {
  if (summary === null) return "–";
  const [unit, divisor] = summary.median < 10_000 ? ["ns", 1] : ["µs", 1_000];
  const show = (value: number): string => Number((value / divisor).toPrecision(3)).toLocaleString("en");
  return `${show(summary.median)} ${unit} (${show(summary.min)}–${show(summary.max)})`;
}
