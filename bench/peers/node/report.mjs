// What the programs of this folder share. Each runs one workload and prints one line of JSON; 3 is the exit code for one it has not.
//
//   npm ci
//   taskset -c 1 node --expose-gc promise.mjs ping-pong

import { readFileSync } from "node:fs";

/** The workload's name and argument, joined by a blank. */
export const workload = process.argv.slice(2).join(" ");

export const nowNs = () => performance.now() * 1e6;

export const residentBytes = () => Number(readFileSync("/proc/self/statm", "utf8").split(" ")[1]) * 4096;

export function heapBytes() {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const TICK_MS = 10;
let dueMs = 0;
let lagMs = 0;

/** The start of the measured stretch, in nanoseconds; from here on a timer watches how late timers are. */
export function begin() {
  dueMs = performance.now() + TICK_MS;
  setTimeout(tick, TICK_MS).unref();
  return nowNs();
}

function tick() {
  look();
  dueMs = performance.now() + TICK_MS;
  setTimeout(tick, TICK_MS).unref();
}

function look() {
  lagMs = Math.max(lagMs, performance.now() - dueMs);
}

/** Prints the result and ends the program. */
export function report(n, elapsedNs, figures = {}) {
  look();
  console.log(JSON.stringify({ n, ns: inHundredths(elapsedNs / n), ...figures, timerLagMs: inHundredths(lagMs) }));
  process.exit();
}

const inHundredths = (value) => Math.round(value * 100) / 100;

/** Runs the program for this workload, out of a table by name. */
export async function run(workloads) {
  const program = workloads[workload];
  if (program === undefined) process.exit(3);
  await program();
}

/** Times `keep`, which makes `n` of something and returns them, and what they occupy. */
export async function reportKept(n, keep) {
  const heapBefore = heapBytes();
  const residentBefore = residentBytes();
  const start = begin();
  const kept = await keep(n);
  const elapsed = nowNs() - start;
  look();
  dueMs = Infinity; // The collection below is no part of the stretch.
  const residentAfter = residentBytes();
  const heapAfter = heapBytes();
  report(kept.length, elapsed, {
    heapBytes: Math.round((heapAfter - heapBefore) / n),
    residentBytes: Math.round((residentAfter - residentBefore) / n),
  });
}
