/** How much a stream handler writes at most. */
export interface BurstLimit {
  /** Events in one window; default 500, as in OTP. */
  readonly maxCount?: number;
  /** Milliseconds of a window; default 1,000, as in OTP. */
  readonly windowMs?: number;
}

/** Counts events by windows of time, and those that are too many. */
export class Burst {
  readonly #maxCount: number;
  readonly #windowMs: number;
  #startMs = Number.NEGATIVE_INFINITY;
  #count = 0;
  #dropped = 0;

  constructor({ maxCount = 500, windowMs = 1_000 }: BurstLimit) {
    this.#maxCount = maxCount;
    this.#windowMs = windowMs;
  }

  /** Counts an event at `nowMs`. @returns whether it is one of those that are written */
  admits(nowMs: number): boolean {
    if (nowMs - this.#startMs >= this.#windowMs) {
      this.#startMs = nowMs;
      this.#count = 0;
    }
    if (++this.#count <= this.#maxCount) return true;
    this.#dropped++;
    return false;
  }

  /** Whether some were dropped and not told of yet. */
  get isPending(): boolean {
    return this.#dropped > 0;
  }

  /** How many were dropped, once their window is over; then they count as told of. */
  takeDropped(nowMs: number, isLast = false): number {
    if (!isLast && nowMs - this.#startMs < this.#windowMs) return 0;
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }
}
