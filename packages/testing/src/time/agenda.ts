// What will happen in the simulated world, in order of time. What falls on the same moment happens in the order in which it was planned.

/** Moments are multiples of 1/1024 ms. Sums and differences of these are exact, so that several clocks agree on every one of them. */
const MOMENTS_PER_MS = 1_024;

/** The moment next to `ms`. */
export function momentOf(ms: number): number {
  return Math.round(ms * MOMENTS_PER_MS) / MOMENTS_PER_MS;
}

/** One thing to come. */
interface Plan {
  readonly atMs: number;
  readonly act: () => void;
  isCancelled: boolean;
}

/** The world's clock and what is planned on it. It moves only when it is told to. */
export class Agenda {
  nowMs = 0;
  /** Sorted, the next one last. */
  readonly #plans: Plan[] = [];

  /** Plans `act`. @returns a function that takes it back */
  after(delayMs: number, act: () => void): () => void {
    const plan: Plan = { atMs: momentOf(this.nowMs + delayMs), act, isCancelled: false };
    this.#plans.splice(this.#placeFor(plan.atMs), 0, plan);
    return () => {
      plan.isCancelled = true;
    };
  }

  /** When the next thing happens; null when nothing is planned. */
  get nextMs(): number | null {
    for (let next = this.#plans.at(-1); next !== undefined; next = this.#plans.at(-1)) {
      if (!next.isCancelled) return next.atMs;
      this.#plans.pop();
    }
    return null;
  }

  /** Does what is due now. @returns whether there was anything */
  doDue(): boolean {
    let hasActed = false;
    for (let next = this.nextMs; next !== null && next <= this.nowMs; next = this.nextMs) {
      hasActed = true;
      this.#plans.pop()?.act();
    }
    return hasActed;
  }

  /** The first place, from the front, of what happens no later. */
  #placeFor(atMs: number): number {
    let low = 0;
    let high = this.#plans.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#plans[middle]?.atMs ?? 0) > atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
