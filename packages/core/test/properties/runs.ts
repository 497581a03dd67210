// How often a property is tried. The same cases in every run: a failure prints the seed and the path to it.

import process from "node:process";

const scale = Number(process.env["KRARUP_RUNS"] ?? 1);

/** Scaled by the environment variable KRARUP_RUNS, for a long run. */
export function timesAsOften(count: number): number {
  return Math.ceil(count * scale);
}

/** Parameters of one property: `count` cases, more with KRARUP_RUNS. */
export function runs(count: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: timesAsOften(count), seed: 1986 };
}
