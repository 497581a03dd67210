// Where and of what a measurement was made.

import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";
import { PINNED_TO } from "./measure.ts";

/** What a reader must know of the machine to read its numbers. */
export interface Machine {
  readonly date: string;
  readonly commit: string;
  readonly cpu: string;
  readonly processors: number;
  readonly memoryGib: number;
  readonly system: string;
  /** Programs ready to run in the minute before, on average: other than near 0, the machine was not ours alone. */
  readonly loadBefore: number;
  readonly pinnedTo: number | null;
  readonly node: string;
}

/** The facts of this machine and this tree. */
export function describeMachine(): Machine {
  return {
    date: new Date().toISOString(),
    commit: commitOf(),
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    processors: availableParallelism(),
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    pinnedTo: PINNED_TO,
    node: process.version,
  };
}

/** The commit of the tree, with `+` when the packages have been changed since. */
function commitOf(): string {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: import.meta.dirname, encoding: "utf8" }).trim();
  const isChanged = git("status", "--porcelain", "--", "../packages") !== "";
  return git("rev-parse", "--short", "HEAD") + (isChanged ? "+" : "");
}
