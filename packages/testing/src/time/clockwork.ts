// Moves the clocks of all machines and of the world between them together.
//
// Between two moments everything runs until it is quiet: the processes of each node, what they caused outside, and the continuations of
// promises, which run between the turns of the real event loop. Real input and output is not waited for: it has no place on this clock.

import type { ManualPlatform } from "@krarup/core/manual";
import { type Agenda, momentOf } from "./agenda.ts";

/** The time of a simulated world. */
export class Clockwork {
  readonly #agenda: Agenda;
  readonly #platforms = new Set<ManualPlatform>();
  #isMoving = false;

  constructor(agenda: Agenda) {
    this.#agenda = agenda;
  }

  /** Takes the clock of a node in, which shows the world's time from then on. */
  add(platform: ManualPlatform): void {
    platform.advance(this.#agenda.nowMs - platform.now());
    this.#platforms.add(platform);
  }

  remove(platform: ManualPlatform): void {
    this.#platforms.delete(platform);
  }

  /** Runs until nothing can happen without time going on. */
  settle(): Promise<void> {
    return this.#alone(() => this.#quieten());
  }

  /** Lets `ms` milliseconds go by. */
  advance(ms: number): Promise<void> {
    const untilMs = momentOf(this.#agenda.nowMs + ms);
    return this.#alone(async () => {
      await this.#quieten();
      for (let next = this.#nextMs; next !== null && next <= untilMs; next = this.#nextMs) await this.#moveTo(next);
      await this.#moveTo(untilMs);
    });
  }

  /**
   * Goes to the next moment at which something happens, and runs until it is quiet.
   *
   * @returns false when nothing would happen until `untilMs`; then no time has passed
   */
  step(untilMs: number): Promise<boolean> {
    return this.#alone(async () => {
      await this.#quieten();
      const next = this.#nextMs;
      if (next === null || next > untilMs) return false;
      await this.#moveTo(next);
      return true;
    });
  }

  get #nextMs(): number | null {
    let next = this.#agenda.nextMs;
    for (const { nextAlarmMs } of this.#platforms)
      if (nextAlarmMs !== null && (next === null || nextAlarmMs < next)) next = nextAlarmMs;
    return next;
  }

  async #moveTo(nowMs: number): Promise<void> {
    this.#agenda.nowMs = Math.max(this.#agenda.nowMs, nowMs);
    this.#agenda.doDue();
    for (const platform of this.#platforms) platform.advance(this.#agenda.nowMs - platform.now());
    await this.#quieten();
  }

  async #quieten(): Promise<void> {
    for (;;) {
      let hasMoved = this.#agenda.doDue();
      for (const platform of this.#platforms) hasMoved = platform.settle() > 0 || hasMoved;
      await continuationsDone();
      // A continuation may have woken somebody: only a round in which nothing moves after they ran is quiet.
      if (!hasMoved && !this.#hasWork()) return;
    }
  }

  #hasWork(): boolean {
    let hasWork = this.#agenda.nextMs !== null && this.#agenda.nextMs <= this.#agenda.nowMs;
    for (const platform of this.#platforms) hasWork = platform.settle() > 0 || hasWork;
    return hasWork;
  }

  async #alone<T>(move: () => Promise<T>): Promise<T> {
    if (this.#isMoving)
      throw new Error("Cannot move the simulated time as it is moving already: await what moves it before the next");
    this.#isMoving = true;
    try {
      return await move();
    } finally {
      this.#isMoving = false;
    }
  }
}

/** Continuations run to the end before the event loop takes its next turn. */
function continuationsDone(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
