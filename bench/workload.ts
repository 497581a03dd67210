// What all workload programs share: sizes, the clock, memory, and the one line of JSON that each prints.

import { readFileSync } from "node:fs";
import { type Pid, type Self, send } from "@krarup/core";

/** Milliseconds between two ticks of the timer that watches how late timers are. */
const TICK_MS = 10;
const PAGE_BYTES = 4_096;

/** Operations to do: the program's first argument, or `usual`. */
export function size(usual: number): number {
  return Number(process.argv[2] ?? usual);
}

/** The value that `share` of `values` do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? Number.NaN;
}

/** A body that tells `parent` when it first runs: by then every process spawned before it has run. */
// oxlint-disable-next-line require-yield -- a process that never waits
export function* last(_self: Self, parent: Pid<"all run">) {
  send(parent, "all run");
}

/**
 * One measured stretch of time, with an eye on how late timers are in it.
 *
 * It starts with an empty nursery. A full collection would throw away more than garbage: code compiled for objects of which none lives at
 * the moment, such as a message, goes with their hidden class.
 */
export class Stopwatch {
  readonly #startNs: bigint;
  #expectedMs = 0;
  #lagMs = 0;

  constructor() {
    collectGarbage("minor");
    this.#nextTick();
    this.#startNs = process.hrtime.bigint();
  }

  /** Nanoseconds since the start. A timer that is overdue by now counts as late, also in a stretch that never lets it run. */
  read(): number {
    const elapsedNs = Number(process.hrtime.bigint() - this.#startNs);
    this.#look();
    return elapsedNs;
  }

  /** Prints `n` operations in `elapsedNs`, with what else was measured, and ends the program. */
  report(n: number, elapsedNs: number, figures: Readonly<Record<string, number>> = {}): void {
    const line = { n, ns: elapsedNs / n, ...figures, timerLagMs: this.#lagMs };
    console.log(JSON.stringify(line, (_key, value: unknown) => round(value)));
    process.exit();
  }

  #nextTick(): void {
    this.#expectedMs = performance.now() + TICK_MS;
    setTimeout(() => {
      this.#look();
      this.#nextTick();
    }, TICK_MS).unref();
  }

  #look(): void {
    this.#lagMs = Math.max(this.#lagMs, performance.now() - this.#expectedMs);
  }
}

function round(value: unknown): unknown {
  return typeof value === "number" ? Math.round(value * 100) / 100 : value;
}

/** Bytes of living objects: a full collection comes first. */
export function heapBytes(): number {
  collectGarbage("major");
  return process.memoryUsage().heapUsed;
}

function collectGarbage(type: "minor" | "major"): void {
  if (globalThis.gc === undefined) throw new Error("Cannot measure: start node with --expose-gc");
  globalThis.gc({ type });
}

// What loading the program has left behind is not paid for in any stretch.
collectGarbage("major");

/** Bytes of the program in memory, as the operating system counts them. */
export function residentBytes(): number {
  return process.platform === "linux" ? residentPages() * PAGE_BYTES : process.memoryUsage().rss;
}

function residentPages(): number {
  return Number(readFileSync("/proc/self/statm", "utf8").split(" ")[1]);
}
