// Back-off: how long a supervisor waits before it restarts a child that keeps ending. Not in OTP, where a restart is always at once and only
// the restart intensity bounds how many there are; what one needs beside a service that is away for a minute.
//
//   ended          delay                                      ended again      delay
//   ──────────────►──────────────► restart … up ≥ resetAfterMs ──────────────► minMs again
//                                          … up < resetAfterMs ──────────────► factor times as long, up to maxMs
//
// Jitter keeps a crowd that has lost the same service from coming back as a crowd.

import { type Flaw, flawOf } from "./flaw.ts";

/** How long a supervisor waits before it restarts a child. */
export interface BackOff {
  /** Milliseconds before the first restart; default 100. */
  readonly minMs?: number;
  /** Milliseconds at most; default 10,000, or `minMs` if that is more. */
  readonly maxMs?: number;
  /** By how much each wait is longer than the one before, from 1; default 2. */
  readonly factor?: number;
  /** Up to which part of itself, from 0 to 1, each wait is cut short by chance; default 0.2. */
  readonly jitter?: number;
  /** Milliseconds that a child must have been running for its waits to begin with `minMs` again; default `maxMs`. */
  readonly resetAfterMs?: number;
}

/** A back-off with every default filled in. */
export type CheckedBackOff = Required<BackOff>;

/** What is wrong with `given`. */
export function flawInBackOff(given: unknown): Flaw | null {
  if (typeof given !== "object" || given === null) return flaw(given, "backOff must be an object");
  const { minMs, maxMs, factor, jitter, resetAfterMs } = checkedBackOff(given);
  if (!isBetween(minMs, 0, maxMs)) return flaw(given, "backOff.minMs must be milliseconds from 0 to maxMs");
  if (!isBetween(maxMs, 0, MAX_MS)) return flaw(given, "backOff.maxMs must be milliseconds up to a day");
  if (!isBetween(factor, 1, Number.MAX_VALUE)) return flaw(given, "backOff.factor must be a number >= 1");
  if (!isBetween(jitter, 0, 1)) return flaw(given, "backOff.jitter must be a number from 0 to 1");
  if (!isBetween(resetAfterMs, 0, Number.MAX_VALUE))
    return flaw(given, "backOff.resetAfterMs must be milliseconds >= 0");
  return null;
}

/** A child that should be away for longer should not be permanent. */
const MAX_MS = 86_400_000;

function flaw(given: unknown, rule: string): Flaw {
  return flawOf("invalid_back_off", given, rule);
}

function isBetween(value: number, from: number, to: number): boolean {
  return typeof value === "number" && value >= from && value <= to;
}

/** Fills in the defaults. */
export function checkedBackOff(given: BackOff): CheckedBackOff {
  const { minMs = 100, maxMs = Math.max(10_000, minMs), factor = 2, jitter = 0.2, resetAfterMs = maxMs } = given;
  return { minMs, maxMs, factor, jitter, resetAfterMs };
}

/**
 * Milliseconds to wait before a restart.
 *
 * @param before - restarts in a row before this one
 * @param chance - from 0 to 1
 */
export function backOffDelay({ minMs, maxMs, factor, jitter }: CheckedBackOff, before: number, chance: number): number {
  const whole = Math.min(maxMs, minMs * factor ** before);
  return whole * (1 - jitter * chance);
}

/** The waits of one child. */
export class Waits {
  readonly #backOff: CheckedBackOff;
  #inARow = 0;

  constructor(backOff: CheckedBackOff) {
    this.#backOff = backOff;
  }

  /**
   * Milliseconds to wait now.
   *
   * @param upMs - how long the child has been running; 0 if it did not come up
   */
  next(upMs: number, chance: number): number {
    if (upMs >= this.#backOff.resetAfterMs) this.#inARow = 0;
    return backOffDelay(this.#backOff, this.#inARow++, chance);
  }
}
