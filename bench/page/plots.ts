// The plots of the page, by the names of their files.

import { showMs, showRatio } from "../cell.ts";
import { ratioOf, type Result, summarise } from "../summary.ts";
import { type Dot, type DotRow, drawDotPlot } from "./dot-plot.ts";
import { OTHERS, type System, US } from "./systems.ts";

const isErlang = ({ name }: System): boolean => name === "erlang";

/** Every plot: its file below `docs/performance/`, and the text of that file. */
export function drawPlots(results: readonly Result[]): ReadonlyMap<string, string> {
  return new Map([
    ["against-erlang.svg", drawAgainstErlang(results)],
    ["against-others.svg", drawAgainstOthers(results)],
    ["timer-lag.svg", drawTimerLag(results)],
    ["memory.svg", drawMemory(results)],
  ]);
}

function drawAgainstErlang(results: readonly Result[]): string {
  return drawDotPlot({
    title: "Erlang's time divided by ours",
    subtitle: "right of the line krarup is faster; the strokes are our targets, the bars what the runs leave open",
    rows: rowsOf(results, (result) => ratioDots(result, OTHERS.filter(isErlang)), true),
    reference: 1,
    show: showRatio,
  });
}

function drawAgainstOthers(results: readonly Result[]): string {
  return drawDotPlot({
    title: "Their time divided by ours",
    subtitle: "right of the line krarup is faster",
    rows: rowsOf(results, (result) =>
      ratioDots(
        result,
        OTHERS.filter((system) => !isErlang(system)),
      ),
    ),
    reference: 1,
    show: showRatio,
  });
}

function drawTimerLag(results: readonly Result[]): string {
  const shown = [US, ...OTHERS.filter(({ family }) => family !== "javascript")];
  return drawDotPlot({
    title: "The largest delay of a 10 ms timer while the workload runs",
    subtitle: "left is better: other code in the same program has its turn sooner",
    rows: rowsOf(results, (result) => shown.flatMap((system) => figureDot(result, system, "timerLagMs") ?? [])),
    show: showMs,
  });
}

function drawMemory(results: readonly Result[]): string {
  const kept = results.filter(({ runs }) => summarise(runs["krarup"], "residentBytes") !== null);
  return drawDotPlot({
    title: "Resident memory of one process that waits",
    subtitle: "bytes, from what the operating system counts for the whole program; left is better",
    rows: rowsOf(kept, (result) =>
      [US, ...OTHERS].flatMap((system) => figureDot(result, system, "residentBytes") ?? []),
    ),
    show: (bytes) => `${Math.round(bytes).toLocaleString("en")} B`,
  });
}

/** Rows that have anything to show. */
function rowsOf(
  results: readonly Result[],
  dotsOf: (result: Result) => readonly Dot[],
  showsTarget = false,
): readonly DotRow[] {
  return results
    .map((result) => {
      const { title, ratioMin } = result.workload;
      return { title, dots: dotsOf(result), ...(showsTarget && ratioMin !== undefined && { target: ratioMin }) };
    })
    .filter(({ dots }) => dots.length > 0);
}

/** The ratios to us. A range reaches from their best run against our worst to the reverse. */
function ratioDots(result: Result, others: readonly System[]): Dot[] {
  const ours = summarise(result.runs["krarup"]);
  return others.flatMap((other) => {
    const value = ratioOf(result, other.name);
    const theirs = summarise(result.runs[other.name]);
    if (ours === null || theirs === null || value === null) return [];
    return [{ system: other, value, min: theirs.min / ours.max, max: theirs.max / ours.min }];
  });
}

/** The largest value of a figure: of a delay, what counts is the worst; the others hardly differ. */
function figureDot({ runs }: Result, system: System, figure: string): Dot | null {
  const summary = summarise(runs[system.name], figure);
  // Nothing can be drawn at or below zero.
  return summary === null || summary.max <= 0
    ? null
    : { system, value: summary.max, min: summary.max, max: summary.max };
}
