// What happened so far. Every request writes it, so it is counters and not a process: nobody waits for anybody.

import { Counters } from "@krarup/core";

const GREETINGS = 0;
const FAILURES = 1;

/** Greetings asked for, and those that failed on purpose. */
export class Tally {
  readonly #counters = Counters.create(2);
  readonly #failEvery: number;

  /** @param failEvery - one greeting in so many is to fail; 0 for none */
  constructor(failEvery: number) {
    this.#failEvery = failEvery;
  }

  /** Counts a greeting. @returns whether it is one that is to fail */
  isNextToFail(): boolean {
    this.#counters.add(GREETINGS, 1);
    const fails = this.#failEvery > 0 && this.#counters.get(GREETINGS) % this.#failEvery === 0;
    if (fails) this.#counters.add(FAILURES, 1);
    return fails;
  }

  get counts(): { readonly greetings: number; readonly failures: number } {
    return { greetings: this.#counters.get(GREETINGS), failures: this.#counters.get(FAILURES) };
  }
}
