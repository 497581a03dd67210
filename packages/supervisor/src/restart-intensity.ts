// Restart intensity: how many restarts a supervisor tolerates before it gives up.
//
// OTP keeps a list with one stamp for each restart in the period and walks it at every restart: at full rate that is quadratic (178 µs a
// restart; 18 µs with 100 stamps). Here the stamps stand in a queue that is as long as the restarts in the period:
//
//        oldest ──► stamp  stamp  stamp ◄── newest          a restart appends one and lets go of those that no longer count
//
// Every stamp is appended once and let go once: O(1) amortised. Rejected: a ring of `intensity + 1` slots made in advance, which an
// intensity of a million would have to pay for before the first restart.

/** The restarts of one supervisor that still count. */
export class RestartWindow {
  readonly #intensity: number;
  readonly #periodMs: number;
  #stamps: number[] = [];
  #oldest = 0;

  constructor(intensity: number, periodMs: number) {
    this.#intensity = intensity;
    this.#periodMs = periodMs;
  }

  /** Restarts that count now. */
  get count(): number {
    return this.#stamps.length - this.#oldest;
  }

  /**
   * Counts a restart at `nowMs`. One that is exactly as old as the period still counts, as in OTP.
   *
   * @returns whether it is tolerated
   */
  add(nowMs: number): boolean {
    this.#letGoBefore(nowMs - this.#periodMs);
    this.#stamps.push(nowMs);
    return this.count <= this.#intensity;
  }

  #letGoBefore(thresholdMs: number): void {
    const stamps = this.#stamps;
    let oldest = this.#oldest;
    for (let stamp = stamps[oldest]; stamp !== undefined && stamp < thresholdMs; stamp = stamps[oldest]) oldest++;
    // Halving keeps the cost per stamp constant.
    if (oldest * 2 > stamps.length) {
      this.#stamps = stamps.slice(oldest);
      oldest = 0;
    }
    this.#oldest = oldest;
  }
}
