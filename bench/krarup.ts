// Our own side: the workloads of this folder, on the packages as they are or as they were at an earlier commit.
//
// Either is laid out in `.build/` first, so that what is edited during a run is not measured:
//
//   .build/<name>-<pid>/packages/…            the sources
//   .build/<name>-<pid>/bench/workloads/…     the present workloads
//   .build/<name>-<pid>/node_modules/@krarup  leads the workloads to those sources
//
// The pid is that of the run, so that two at a time do not pull the sources from under each other. What an ended run has left is swept.

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import type { System } from "./measure.ts";

const BENCH = import.meta.dirname;
const BUILD = join(BENCH, ".build");
const ROOT = join(BENCH, "..");

/** Megabytes of V8's nursery that `krarup run` gives a program. */
export const NURSERY_MB = 2;

/** The packages as they are. `nurseryMb` 0 leaves the nursery to V8. */
export function presentTree(nurseryMb: number): System {
  const folder = layOut("krarup", (to) => {
    const isWanted = (path: string): boolean => !["node_modules", "dist"].includes(basename(path));
    cpSync(join(ROOT, "packages"), join(to, "packages"), { recursive: true, filter: isWanted });
  });
  return systemIn("krarup", folder, nurseryMb);
}

/** The packages as they were at `revision`. */
export function earlierTree(revision: string, nurseryMb: number): System {
  const commit = commitOf(revision);
  const folder = layOut(commit, (to) => {
    const archive = execFileSync("git", ["archive", commit, "packages"], {
      cwd: ROOT,
      maxBuffer: 2 ** 30,
    });
    execFileSync("tar", ["-x", "-C", to], { input: archive });
  });
  return systemIn(commit, folder, nurseryMb);
}

function commitOf(revision: string): string {
  const git = ["rev-parse", "--short", "--verify", "--quiet", `${revision}^{commit}`];
  const { status, stdout } = spawnSync("git", git, { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Error(`Cannot compare with ${revision}: it is no commit of this repository`);
  return stdout.trim();
}

function layOut(name: string, fill: (folder: string) => void): string {
  sweep();
  const folder = join(BUILD, `${name}-${process.pid}`);
  const scope = join(folder, "node_modules", "@krarup");
  mkdirSync(scope, { recursive: true });
  fill(folder);
  for (const each of readdirSync(join(folder, "packages")))
    symlinkSync(join("..", "..", "packages", each), join(scope, each));
  for (const part of ["workloads", "clients"])
    cpSync(join(BENCH, part), join(folder, "bench", part), { recursive: true });
  cpSync(join(BENCH, "workload.ts"), join(folder, "bench", "workload.ts"));
  return folder;
}

function sweep(): void {
  for (const name of existsSync(BUILD) ? readdirSync(BUILD) : []) {
    const pid = /-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(BUILD, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function systemIn(name: string, folder: string, nurseryMb: number): System {
  const nursery = [
    `--max-semi-space-size=${nurseryMb}`,
    `--min-semi-space-size=${nurseryMb}`,
    "--no-parallel-scavenge",
  ];
  const flags = ["--conditions=@krarup/source", "--expose-gc", ...(nurseryMb === 0 ? [] : nursery)];
  const fileOf = (program = ""): string => join(folder, "bench", "workloads", `${program}.ts`);
  return {
    name,
    isOurs: true,
    command: ([program, ...args]) => [process.execPath, ...flags, fileOf(program), ...args],
  };
}
