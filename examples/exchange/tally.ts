// What is measured, and the arithmetic of it. No process, no clock: the statistics process tells it what happened when.
//
//   erlangs carried   the mean number of busy trunks: the integral of `busy` over time, divided by the time
//   erlangs offered   carried / (1 - blocking): what would have been carried had there been a trunk for every call
//
// By Little's law that is the rate of calls × the mean time a call really held its trunk. A call that chaos cut short counts
// with the time it had, so the formula is asked about the load that was there and not about the one that was planned. What
// is measured is the load; that the blocking follows from it is left for Erlang to say.

import { BatchMeans } from "./confidence.ts";

/** How the exchange did since the measurement began. */
export interface Measurement {
  /** Whether the warm-up is over, and what was counted counts. */
  readonly isWarm: boolean;
  /** Calls that seized a trunk or found none. */
  readonly calls: number;
  readonly blocked: number;
  /** Calls that ended otherwise than by hanging up. */
  readonly crashed: number;
  readonly erlangsCarried: number;
  readonly erlangsOffered: number;
  /** Share of calls that were blocked. */
  readonly blocking: number;
  /** Of the 99 % confidence interval; undefined while it is too early to say. */
  readonly halfWidth: number | undefined;
}

/** Counts since `sinceMs`. */
export class Tally {
  readonly #isWarm: boolean;
  readonly #batches: BatchMeans;
  readonly #sinceMs: number;
  #calls = 0;
  #blocked = 0;
  #crashed = 0;
  #busy: number;
  #changedAtMs: number;
  #busyMs = 0;

  /** @param busy - trunks that are busy at `sinceMs` */
  constructor(isWarm: boolean, batchLength: number, busy: number, sinceMs: number) {
    this.#isWarm = isWarm;
    this.#batches = new BatchMeans(batchLength);
    this.#busy = busy;
    this.#sinceMs = this.#changedAtMs = sinceMs;
  }

  /** Calls that count; none during the warm-up. */
  get calls(): number {
    return this.#isWarm ? this.#calls : 0;
  }

  get busy(): number {
    return this.#busy;
  }

  blocked(): void {
    this.#outcome(true);
  }

  seized(atMs: number): void {
    this.#outcome(false);
    this.#change(1, atMs);
  }

  ended(isCrash: boolean, atMs: number): void {
    if (isCrash) this.#crashed++;
    this.#change(-1, atMs);
  }

  read(atMs: number): Measurement {
    this.#change(0, atMs);
    const blocking = this.#calls === 0 ? 0 : this.#blocked / this.#calls;
    const erlangsCarried = atMs > this.#sinceMs ? this.#busyMs / (atMs - this.#sinceMs) : 0;
    return {
      isWarm: this.#isWarm,
      calls: this.#calls,
      blocked: this.#blocked,
      crashed: this.#crashed,
      erlangsCarried,
      erlangsOffered: blocking < 1 ? erlangsCarried / (1 - blocking) : 0,
      blocking,
      halfWidth: this.#batches.halfWidth(),
    };
  }

  #outcome(isBlocked: boolean): void {
    this.#calls++;
    if (isBlocked) this.#blocked++;
    this.#batches.add(isBlocked);
  }

  #change(by: number, atMs: number): void {
    this.#busyMs += this.#busy * (atMs - this.#changedAtMs);
    this.#busy += by;
    this.#changedAtMs = atMs;
  }
}
