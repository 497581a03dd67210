// What is kept of a run of the benchmarks: one file in `results/`, named for its time and commit.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Machine } from "./machine.ts";
import type { Result } from "./summary.ts";

/** Where and of what was measured, and each measurement. */
export interface ResultFile {
  /** With the version of each peer by its name. */
  readonly machine: Machine & Readonly<Record<string, unknown>>;
  readonly results: readonly Result[];
}

/** A result file that was read, and its name in `results/`. */
export interface KeptResults extends ResultFile {
  readonly file: string;
}

const FOLDER = join(import.meta.dirname, "results");

/** Where the results of a run on `machine` are kept. */
export function resultPath({ date, commit }: Machine): string {
  return join(FOLDER, `${date.slice(0, 19).replaceAll(":", "")}-${commit}.json`);
}

/** Writes `results` to `path`, over what was there. */
export function keepResults(path: string, results: ResultFile): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
}

/** Reads a file of `results/`, given by its name or by any path to it. */
export function readResults(path: string): KeptResults {
  const file = basename(path);
  if (!existsSync(join(FOLDER, file))) throw new Error(`Cannot read ${file}: it is not in bench/results`);
  const kept: unknown = JSON.parse(readFileSync(join(FOLDER, file), "utf8"));
  if (!isResultFile(kept)) throw new Error(`Cannot read ${file}: it is no result of the benchmarks`);
  return { ...kept, file };
}

function isResultFile(kept: unknown): kept is ResultFile {
  return typeof kept === "object" && kept !== null && "machine" in kept && "results" in kept;
}

/** The results of several files as one list: of a workload that is in more than one, the last counts. */
export function mergeResults(files: readonly ResultFile[]): readonly Result[] {
  const byName = new Map<string, Result>();
  for (const { results } of files) for (const result of results) byName.set(result.workload.name, result);
  return [...byName.values()];
}
