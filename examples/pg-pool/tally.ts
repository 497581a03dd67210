// Counts what the customers were told.

import { genServer } from "@krarup/core";
import type { Books } from "./bank.ts";

/** Codes after which nobody knows whether a transfer was done. */
const UNCERTAIN = ["connection_lost", "loan_timeout"];

/** What happened since the last look. */
export interface Interval {
  readonly done: number;
  /** The longest time that one of them took, from the wish to the end. */
  readonly slowestMs: number;
  /** Errors by their codes, since the beginning. */
  readonly errors: Readonly<Record<string, number>>;
}

/** What the customers were told, against the books. */
export interface Verdict {
  readonly done: number;
  /** Told that they were done, and are not in the books. */
  readonly lost: number;
  /** Told that they failed, and are in the books. */
  readonly ghosts: number;
  /** Nobody knew. */
  readonly uncertain: number;
  /** Of these, how many are in the books. */
  readonly uncertainDone: number;
}

/** Under which name it is registered. */
export const TALLY = "tally";

/** Notes the outcome of each transfer. */
export const Tally = genServer({
  name: TALLY,
  register: true,
  init: () => ({ notes: new Notes() }),
  call: {
    interval: ({ state }): Interval => state.notes.interval(),
    /** Compares what was told with the names of the transfers that were done. */
    compare: ({ state }, done: Books["done"]): Verdict => state.notes.compare(done),
  },
  cast: {
    /** @param code - of the error, or null if there was none */
    note: ({ state }, id: string, code: string | null, ms: number) => state.notes.add(id, code, ms),
  },
});

class Notes {
  readonly #done: string[] = [];
  readonly #failed: string[] = [];
  readonly #uncertain: string[] = [];
  readonly #errors: Record<string, number> = {};
  #doneBefore = 0;
  #slowestMs = 0;

  add(id: string, code: string | null, ms: number): void {
    this.#slowestMs = Math.max(this.#slowestMs, ms);
    if (code === null) this.#done.push(id);
    else {
      this.#errors[code] = (this.#errors[code] ?? 0) + 1;
      (UNCERTAIN.includes(code) ? this.#uncertain : this.#failed).push(id);
    }
  }

  interval(): Interval {
    const interval = {
      done: this.#done.length - this.#doneBefore,
      slowestMs: this.#slowestMs,
      errors: { ...this.#errors },
    };
    this.#doneBefore = this.#done.length;
    this.#slowestMs = 0;
    return interval;
  }

  compare(books: Books["done"]): Verdict {
    const inBooks = (ids: readonly string[]): number => ids.filter((id) => books.has(id)).length;
    return {
      done: this.#done.length,
      lost: this.#done.length - inBooks(this.#done),
      ghosts: inBooks(this.#failed),
      uncertain: this.#uncertain.length,
      uncertainDone: inBooks(this.#uncertain),
    };
  }
}
