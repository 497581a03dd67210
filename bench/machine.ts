// Where and of what a measurement was made.

import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, totalmem } from "node:os";

/** What a reader must know of the machine to read its numbers. */
export interface Machine {
  readonly date: string;
  readonly commit: string;
  readonly cpu: string;
  readonly processors: number;
  readonly memoryGib: number;
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
