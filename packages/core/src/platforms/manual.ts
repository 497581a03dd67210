// The door for tests and simulation: nothing moves unless the test moves it. Time is a number, chance is a seed.

import type { Cancellation, CancelSignal, MinimalSignal, Platform, StrayError } from "../kernel/platform.ts";

/** How a {@link ManualPlatform} behaves. */
export interface ManualOptions {
  /** Seed of `random()`; default 1. */
  readonly seed?: number;
  /** Lets the seed choose which runnable process runs next, instead of the first in the queue; default false. */
  readonly shuffle?: boolean;
  /** Receives what processes print; default: it is kept in `output`. */
  readonly write?: (stream: "stdout" | "stderr", text: string) => void;
}

/** A platform that a test steps by hand. */
export interface ManualPlatform extends Platform {
  /** Runs until no process can run. Timers do not fire: time stands still. @returns turns run */
  settle(): number;
  /** Moves the clock `ms` ahead, firing what falls due on the way in order, each time running until quiet. */
  advance(ms: number): void;
  /** Moves the clock to the next alarm and runs until quiet. @returns false when nothing is due, ever */
  advanceToNext(): boolean;
  /** When the next alarm is due, on the clock of `now`; null when none is set. For whoever moves several clocks together. */
  readonly nextAlarmMs: number | null;
  /** Reports an error as the event loop would. */
  raise(stray: StrayError): void;
  /** Whether the node asked for the program to go on. */
  readonly isKeptAlive: boolean;
  /** What was printed. */
  readonly output: string;
}

/** Makes a platform whose clock starts at 0 and whose chance comes from a seed. */
export function manualPlatform(options: ManualOptions = {}): ManualPlatform {
  return new Manual(options);
}

class Manual implements ManualPlatform {
  #nowMs = 0;
  #turn: (() => void) | null = null;
  #alarm: { readonly deadlineMs: number; readonly turn: () => void } | null = null;
  readonly #listeners = new Set<(stray: StrayError) => void>();
  readonly #write: ((stream: "stdout" | "stderr", text: string) => void) | undefined;
  readonly random: () => number;
  readonly choose?: (count: number) => number;
  readonly owner = { start: () => undefined, current: () => undefined };
  isKeptAlive = false;
  output = "";

  constructor(options: ManualOptions) {
    this.random = seededRandom(options.seed ?? 1);
    this.#write = options.write;
    if (options.shuffle === true) this.choose = (count) => Math.floor(this.random() * count);
  }

  now(): number {
    return this.#nowMs;
  }

  systemTime(): number {
    return this.#nowMs;
  }

  schedule(turn: () => void): void {
    this.#turn = turn;
  }

  setAlarm(deadlineMs: number | null, turn: () => void): void {
    this.#alarm = deadlineMs === null ? null : { deadlineMs, turn };
  }

  keepAlive(wanted: boolean): void {
    this.isKeptAlive = wanted;
  }

  write(stream: "stdout" | "stderr", text: string): void {
    if (this.#write !== undefined) this.#write(stream, text);
    else this.output += text;
  }

  cancellation(): Cancellation {
    const listeners = new Set<() => void>();
    const signal: Omit<MinimalSignal, "aborted" | "reason"> & { aborted: boolean; reason: unknown } = {
      aborted: false,
      reason: undefined,
      addEventListener: (_type, listener) => void listeners.add(listener),
      removeEventListener: (_type, listener) => void listeners.delete(listener),
    };
    const minimal: unknown = signal;
    return {
      // Without the environment's AbortController the minimal signal is all there is.
      signal: minimal as CancelSignal,
      abort: (reason) => {
        signal.aborted = true;
        signal.reason = reason;
        for (const listener of listeners) this.#tell(listener);
      },
    };
  }

  /** As an AbortSignal does: a listener that throws stops neither the others nor whoever aborts. */
  #tell(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.raise({ error, owner: undefined, origin: "uncaught_exception" });
    }
  }

  onStray(listener: (stray: StrayError) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  raise(stray: StrayError): void {
    for (const listener of this.#listeners) listener(stray);
  }

  settle(): number {
    let turns = 0;
    for (let turn = this.#turn; turn !== null; turn = this.#turn) {
      this.#turn = null;
      turn();
      turns++;
    }
    return turns;
  }

  get nextAlarmMs(): number | null {
    return this.#alarm?.deadlineMs ?? null;
  }

  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    this.settle();
    while (this.#alarm !== null && this.#alarm.deadlineMs <= untilMs) this.#ring();
    this.#nowMs = untilMs;
  }

  advanceToNext(): boolean {
    this.settle();
    if (this.#alarm === null) return false;
    this.#ring();
    return true;
  }

  #ring(): void {
    const alarm = this.#alarm;
    if (alarm === null) return;
    this.#alarm = null;
    this.#nowMs = Math.max(this.#nowMs, alarm.deadlineMs);
    alarm.turn();
    this.settle();
  }
}

/** A small generator of uniform numbers from a seed (mulberry32): the same sequence everywhere. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
