// The parts of the page that are made of results, by the names of their marks.

import { showMeasured, showNs, showRatio } from "../cell.ts";
import type { Workload } from "../plan.ts";
import type { KeptResults } from "../results.ts";
import { judge, measuredOf, ratioOf, type Result, summarise } from "../summary.ts";
import { OTHERS, type System } from "./systems.ts";

/** What the page shows: the files, and their results as one list. */
export interface Shown {
  readonly files: readonly KeptResults[];
  readonly results: readonly Result[];
}

const RUNS_WANTED = 5;
/** Programs ready to run, on average, up to which a machine of two processors counts as ours alone. */
const LOAD_QUIET = 0.5;

/** Every part: from its name to its Markdown. */
export const SECTIONS: ReadonlyMap<string, (shown: Shown) => string> = new Map([
  ["machines", ({ files }: Shown) => files.map(describe).join("\n\n")],
  ["kernel", ({ results }: Shown) => againstErlang(results, "kernel")],
  ["servers", ({ results }: Shown) => againstErlang(results, "servers")],
  ["supervision", ({ results }: Shown) => againstErlang(results, "supervision")],
  [
    "native",
    ({ results }: Shown) => againstOthers(results, ({ family }) => family === "native" || family === "python"),
  ],
  ["javascript", ({ results }: Shown) => againstOthers(results, ({ family }) => family === "javascript")],
  ["elixir", ({ results }: Shown) => againstOthers(results, ({ name }) => name === "elixir")],
  ["limits", ({ results }: Shown) => limits(results)],
  ["missed", ({ results }: Shown) => missed(results)],
  ["behind", ({ results }: Shown) => behind(results)],
]);

function describe({ file, machine, results }: KeptResults): string {
  const { cpu, processors, memoryGib, system, pinnedTo, loadBefore, node, commit, date } = machine;
  // Promises are Node's own.
  const peers = OTHERS.filter(({ name }) => name in machine && name !== "promise");
  const versions = peers.map(({ name, title }) => `${title} ${String(machine[name])}`);
  const runs = Math.max(0, ...results.map(({ runs: bySystem }) => bySystem["krarup"]?.length ?? 0));
  return [
    `Measured on ${date.slice(0, 10)} at commit \`${commit}\`, interleaved runs: ${runs}, kept in`,
    `[\`${file}\`](../bench/results/${file}).`,
    `${cpu}, ${processors} processors, ${memoryGib} GiB, ${system}; each program pinned to processor ${pinnedTo ?? "none"};`,
    `load average before the run ${loadBefore}. Node ${node}, ${versions.join(", ")}.`,
    ...caveatsOf(runs, loadBefore),
  ].join("\n");
}

/** What makes figures less than they should be. */
function caveatsOf(runs: number, loadBefore: number): string[] {
  return [
    ...(runs < RUNS_WANTED ? [`**Fewer runs than the ${RUNS_WANTED} that a figure should rest on.**`] : []),
    ...(loadBefore > LOAD_QUIET
      ? ["**The machine was busy with other work: take the ratios as rough, and the delays as too large.**"]
      : []),
  ];
}

function againstErlang(results: readonly Result[], group: Workload["group"]): string {
  const rows = results
    .filter(({ workload, runs }) => workload.group === group && hasRun(runs, "krarup"))
    .map((result) => [
      result.workload.title,
      showMeasured(measuredOf(result, "krarup")),
      showMeasured(measuredOf(result, "erlang")),
      `**${showRatio(ratioOf(result, "erlang"))}**`.replace("****", ""),
      result.workload.ratioMin === undefined ? "" : `${result.workload.ratioMin}x`,
    ]);
  return table(["workload", "krarup", "Erlang/OTP", "ratio", "target"], rows);
}

function againstOthers(results: readonly Result[], isWanted: (system: System) => boolean): string {
  const others = OTHERS.filter((other) => isWanted(other) && results.some(({ runs }) => hasRun(runs, other.name)));
  const rows = results
    .filter(({ runs }) => others.some(({ name }) => hasRun(runs, name)))
    .map((result) => [
      result.workload.title,
      showMeasured(measuredOf(result, "krarup")),
      ...others.map(({ name }) => withRatio(result, name)),
    ]);
  return table(["workload", "krarup", ...others.map(({ title }) => title)], rows);
}

function withRatio(result: Result, name: string): string {
  const measured = measuredOf(result, name);
  return measured === null ? "" : `${showMeasured(measured)} **${showRatio(ratioOf(result, name))}**`;
}

function limits(results: readonly Result[]): string {
  const rows = results.flatMap(({ workload, runs }) =>
    Object.entries(workload.limits ?? {}).flatMap(([figure, limit]) => {
      const summary = summarise(runs["krarup"], figure);
      if (summary === null) return [];
      const { median, min, max } = summary;
      return [[workload.title, figure, `${median} (${min}–${max})`, `≤ ${limit}`, median <= limit ? "yes" : "**no**"]];
    }),
  );
  return table(["workload", "figure", "measured", "limit", "met"], rows);
}

function missed(results: readonly Result[]): string {
  const lines = results.flatMap((result) =>
    judge(result)
      .filter(({ isMet }) => isMet === false)
      .map(({ target }) => `- ${result.workload.title}: ${target}${ratioNote(result, target)}`),
  );
  return lines.length === 0 ? "None." : lines.join("\n");
}

function ratioNote(result: Result, target: string): string {
  return target.startsWith("ratio") ? `, measured ${showRatio(ratioOf(result, "erlang"))}` : "";
}

/** Wherever another system takes less time than we do, named or not among the targets. */
function behind(results: readonly Result[]): string {
  const lines = results.flatMap((result) => {
    const ahead = OTHERS.flatMap(({ name, title }) => {
      const measured = measuredOf(result, name);
      const ratio = ratioOf(result, name);
      return measured === null || ratio === null || ratio >= 1
        ? []
        : [`${title} ${showNs(measured.median)} (${showRatio(ratio)})`];
    });
    const ours = measuredOf(result, "krarup");
    if (ahead.length === 0 || ours === null) return [];
    return [`- ${result.workload.title}: krarup ${showNs(ours.median)}; ${ahead.join(", ")}`];
  });
  return lines.length === 0 ? "Nowhere." : lines.join("\n");
}

function hasRun(runs: Result["runs"], system: string): boolean {
  return (runs[system]?.length ?? 0) > 0;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const draw = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return rows.length === 0
    ? "Not measured."
    : [draw(header), draw(header.map(() => "---")), ...rows.map(draw)].join("\n");
}
