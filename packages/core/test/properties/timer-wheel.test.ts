// The timer wheel against the naive model: a list that is sorted.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_SLOT, TICKS_MAX, TimerWheel, type WheelEntry } from "../../src/mechanisms/timer-wheel.ts";
import { runs } from "./runs.ts";

class Entry implements WheelEntry<Entry> {
  at = 0;
  slot: number = NO_SLOT;
  nextInSlot: Entry | null = null;
  previousInSlot: Entry | null = null;
  readonly id: number;
  constructor(id: number) {
    this.id = id;
  }
}

/** A list of timers, in the order they were set. */
class Model {
  readonly #timers: { readonly id: number; readonly at: number }[] = [];
  now = 0;

  set(id: number, at: number): void {
    // What has passed already comes first, in the order it was set.
    this.#timers.push({ id, at: at < this.now ? -1 : at });
  }

  cancel(id: number): boolean {
    const position = this.#timers.findIndex((timer) => timer.id === id);
    if (position >= 0) this.#timers.splice(position, 1);
    return position >= 0;
  }

  advance(to: number): number[] {
    this.now = Math.max(this.now, to);
    const due = this.#timers.filter((timer) => timer.at <= this.now).toSorted((a, b) => a.at - b.at);
    for (const { id } of due) this.cancel(id);
    return due.map(({ id }) => id);
  }

  get size(): number {
    return this.#timers.length;
  }
}

/** Distances at which something changes in the wheel, and their neighbours. */
const distance = fc.oneof(
  fc.nat(600),
  fc
    .tuple(
      fc.constantFrom(2 ** 8, 2 ** 16, 2 ** 24, 2 ** 31, 2 ** 32, 2 ** 40, 2 ** 46),
      fc.integer({ min: -2, max: 2 }),
    )
    .map(([power, off]) => power + off),
  fc.integer({ min: 0, max: 2 ** 46 }),
);

const move = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("set" as const), by: distance }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("set back" as const), by: fc.nat(50) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("cancel" as const), by: fc.nat(30) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("advance" as const), by: distance }) },
  { weight: 1, arbitrary: fc.constant({ do: "next" as const, by: 0 }) },
);

type Move = typeof move extends fc.Arbitrary<infer M> ? M : never;

/** The wheel and the model side by side. */
class Pair {
  readonly #wheel = new TimerWheel<Entry>();
  readonly #model = new Model();
  readonly #entries: Entry[] = [];

  /** Makes one move in both. @returns what there is to see of each afterwards */
  play({ do: what, by }: Move): [wheel: unknown, model: unknown] {
    const { now } = this.#model;
    switch (what) {
      case "set":
        return this.#set(now + by);
      case "set back":
        return this.#set(Math.max(0, now - by));
      case "cancel":
        return this.#cancel(by);
      case "advance":
        return this.#advance(now + by);
      case "next": {
        const next = this.#wheel.nextTick();
        return next === null ? [0, this.#model.size] : this.#advance(next);
      }
    }
  }

  #set(at: number): [unknown, unknown] {
    const entry = new Entry(this.#entries.length);
    this.#entries.push(entry);
    this.#wheel.set(entry, at);
    this.#model.set(entry.id, at);
    return [this.#wheel.size, this.#model.size];
  }

  #cancel(index: number): [unknown, unknown] {
    const entry = this.#entries[index];
    return entry === undefined ? [false, false] : [this.#wheel.cancel(entry), this.#model.cancel(entry.id)];
  }

  #advance(to: number): [unknown, unknown] {
    if (to >= TICKS_MAX) return [[], []];
    const expired: number[] = [];
    this.#wheel.advance(to, (entry) => expired.push(entry.id));
    return [expired, this.#model.advance(to)];
  }
}

describe("a timer wheel", () => {
  it("expires what a sorted list would, in the same order", () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 80 }), (moves) => {
        const pair = new Pair();
        for (const next of moves) {
          const [seen, expected] = pair.play(next);
          expect(seen).toEqual(expected);
        }
      }),
      runs(1_000),
    );
  });
});
