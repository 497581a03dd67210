// Moves the clocks of all machines and of the world between them together.
//
// Between two moments everything runs until it is quiet: the processes of each node, what they caused outside, and the continuations of
// promises, which run between the turns of the real event loop. Real input and output is not waited for: it has no place on this clock.

import type { ManualPlatform } from "@krarup/core/manual";
import { type Agenda, momentOf } from "./agenda.ts";

/** Milliseconds of real time for one moment; a program that wants more is not going to be quiet. */
const MOMENT_MAX_MS = 10_000;

/** The time of a simulated world. */
export class Clockwork {
  readonly #agenda: Agenda;
  readonly #platforms = new Set<ManualPlatform>();
  #isMoving = false;
  readonly #momentMaxMs: number;
  readonly #loading = new Set<Promise<unknown>>();
  #startedAt = 0;

  constructor(agenda: Agenda, momentMaxMs: number = MOMENT_MAX_MS) {
    this.#agenda = agenda;
    this.#momentMaxMs = momentMaxMs;
  }

  /** Takes the clock of a node in, which shows the world's time from then on. */
  add(platform: ManualPlatform): void {
    platform.advance(this.#agenda.nowMs - platform.now());
    this.#platforms.add(platform);
  }

  remove(platform: ManualPlatform): void {
    this.#platforms.delete(platform);
  }

  /** Call now and then. The time of the world stands still in a turn, so only real time tells that one goes on and on. @throws an `Error` then */
  checkProgress(): void {
    if (!this.#isMoving || performance.now() - this.#startedAt < this.#momentMaxMs) return;
    const why = "somebody always has something to do, as a process that sends to itself without end";
    throw new Error(`Cannot make the program quiet at ${this.#agenda.nowMs} ms as for ${this.#momentMaxMs} ms ${why}`);
  }

  /** Lets no time go by, and nothing be quiet, before `loading` has settled: for modules, which come from the real disk. */
  waitFor(loading: Promise<unknown>): void {
    const settled: Promise<unknown> = loading.catch(() => undefined).then((): unknown => this.#loading.delete(settled));
    this.#loading.add(settled);
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
    this.#startedAt = performance.now();
    this.#agenda.doDue();
    for (const platform of this.#platforms) platform.advance(this.#agenda.nowMs - platform.now());
    await this.#quieten();
  }

  async #quieten(): Promise<void> {
    for (;;) {
      this.checkProgress();
      let hasMoved = this.#agenda.doDue();
      for (const platform of this.#platforms) hasMoved = platform.settle() > 0 || hasMoved;
      while (this.#loading.size > 0) await Promise.all(this.#loading);
      await continuationsDone();
      // A continuation may have woken somebody: only a round in which nothing moves after they ran is quiet.
      if (!hasMoved && !this.#hasWork() && this.#loading.size === 0) return;
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
    this.#startedAt = performance.now();
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
