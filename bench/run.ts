// Runs the benchmarks:
//
//   npm run bench -- [group|workload …] [--runs 5] [--peers all|go,tokio,gevent,elixir,node] [--compare REV] [--nursery MB] [--json] [--page]
//   npm run bench -- --page --from FILE [--from FILE …]
//
// Rounds are interleaved: in each, every system runs every workload once. What disturbs the machine for a while then disturbs all alike.
// The results are written after every round, so that a run which is broken off has measured something.

import { parseArgs } from "node:util";
import { earlierTree, NURSERY_MB, presentTree } from "./krarup.ts";
import { describeMachine } from "./machine.ts";
import { type Figures, measure, PINNED_TO, type System } from "./measure.ts";
import { writePage } from "./page/page.ts";
import { preparePeers } from "./peers.ts";
import { chooseWorkloads, type Workload } from "./plan.ts";
import { keepResults, type KeptResults, readResults, type ResultFile, resultPath } from "./results.ts";
import type { Result } from "./summary.ts";
import { drawReport } from "./table.ts";

const OPTIONS = {
  runs: { type: "string", default: "5" },
  peers: { type: "string", default: "" },
  compare: { type: "string" },
  nursery: { type: "string", default: String(NURSERY_MB) },
  json: { type: "boolean", default: false },
  page: { type: "boolean", default: false },
  from: { type: "string", multiple: true },
} as const;

type Options = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

const say = (line: string): void => console.error(line);

/** Measures each workload on each system, round by round; `keep` is called with all that there is after each round. */
function measureAll(
  workloads: readonly Workload[],
  systems: readonly System[],
  rounds: number,
  keep: (results: readonly Result[]) => void,
): void {
  const results = workloads.map((workload) => ({
    workload,
    runs: Object.fromEntries(systems.map(({ name }) => [name, [] as Figures[]])),
  }));
  for (let round = 1; round <= rounds; round++) {
    for (const { workload, runs } of results) {
      say(`round ${round} of ${rounds}: ${workload.name}`);
      for (const system of systems) {
        const figures = tryToMeasure(workload, system);
        if (figures !== null) runs[system.name]?.push(figures);
      }
    }
    keep(results);
  }
}

/** A program that fails is told of, and fails the run at its end; the other measurements go on. */
function tryToMeasure(workload: Workload, system: System): Figures | null {
  const words = wordsFor(workload, system);
  try {
    return words === null ? null : measure(system, words);
  } catch (error) {
    say(String(error));
    process.exitCode = 1;
    return null;
  }
}

/** What `system` is called with; null for a workload that is about us alone. */
function wordsFor(workload: Workload, system: System): readonly string[] | null {
  const { group, program, counterpart = program } = workload;
  if (system.isOurs) return program;
  return group === "absolute" || group === "ports" ? null : counterpart;
}

/** Measures, and keeps what comes out of it in one file. @returns its path */
function runAndKeep(options: Options, words: readonly string[]): string {
  const workloads = chooseWorkloads(words);
  const rounds = countOf("runs", options.runs, 1);
  const nurseryMb = countOf("nursery", options.nursery, 0);
  if (PINNED_TO === null) say("no program is pinned to a processor: install taskset, on a machine with two processors");
  const machine = describeMachine();
  const peers = preparePeers(["erlang", ...options.peers.split(",").filter((name) => name !== "")], say);
  const earlier = options.compare === undefined ? [] : [earlierTree(options.compare, nurseryMb)];
  const versions = Object.fromEntries(peers.map(({ name, version }) => [name, version]));
  const path = resultPath(machine);
  measureAll(workloads, [presentTree(nurseryMb), ...earlier, ...peers], rounds, (results) =>
    keepResults(path, { machine: { ...machine, ...versions, nurseryMb }, results }),
  );
  return path;
}

function countOf(option: string, text: string, min: number): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < min)
    throw new Error(`Cannot measure as --${option} must be an integer >= ${min}: current value is ${text}`);
  return count;
}

function showJson({ machine, results }: ResultFile): string {
  return JSON.stringify({ machine, results }, null, 2);
}

function showTable(kept: KeptResults): string {
  return `\n${drawReport(kept.results, othersIn(kept))}\n\nbench/results/${kept.file}`;
}

/** The systems besides us and Erlang, in the order of the measurement. */
function othersIn({ results }: ResultFile): readonly string[] {
  const names = new Set(results.flatMap(({ runs }) => Object.keys(runs)));
  return [...names].filter((name) => name !== "krarup" && name !== "erlang");
}

function main(): void {
  const { values: options, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
  const files = options.from ?? [runAndKeep(options, positionals)];
  for (const kept of files.map(readResults)) console.log(options.json ? showJson(kept) : showTable(kept));
  if (options.page) writePage(files);
}

try {
  main();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
