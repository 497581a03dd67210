import { describe, expect, it } from "vitest";
import { NO_SLOT, TICKS_MAX, TimerWheel, type WheelEntry } from "../../src/mechanisms/timer-wheel.ts";

class Entry implements WheelEntry<Entry> {
  at = 0;
  slot: number = NO_SLOT;
  nextInSlot: Entry | null = null;
  previousInSlot: Entry | null = null;
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

function wheelOf(...deadlines: readonly number[]): {
  wheel: TimerWheel<Entry>;
  entries: Entry[];
  advance: (to: number) => string[];
} {
  const wheel = new TimerWheel<Entry>();
  const entries = deadlines.map((at, index) => {
    const entry = new Entry(`${index}@${at}`);
    wheel.set(entry, at);
    return entry;
  });
  const advance = (to: number): string[] => {
    const expired: string[] = [];
    wheel.advance(to, (entry) => expired.push(entry.name));
    return expired;
  };
  return { wheel, entries, advance };
}

describe("advance", () => {
  it("expires what is due, in order of deadline", () => {
    const { advance } = wheelOf(30, 10, 20, 40);
    expect(advance(30)).toEqual(["1@10", "2@20", "0@30"]);
    expect(advance(100)).toEqual(["3@40"]);
  });

  it("expires equal deadlines in the order they were set, also when set from different distances", () => {
    const { wheel, advance } = wheelOf(1_000);
    advance(900);
    wheel.set(new Entry("later"), 1_000);
    expect(advance(1_000)).toEqual(["0@1000", "later"]);
  });

  it("expires a passed deadline at the next advance, first", () => {
    const { wheel, advance } = wheelOf(50);
    advance(40);
    wheel.set(new Entry("overdue"), 3);
    expect(advance(50)).toEqual(["overdue", "0@50"]);
  });

  it.each([255, 256, 257, 65_535, 65_536, 2 ** 24, 2 ** 31 - 1, 2 ** 31, 2 ** 32 + 5, 2 ** 40, TICKS_MAX])(
    "is exact at %i ticks",
    (deadline) => {
      const { advance } = wheelOf(deadline);
      expect(advance(deadline - 1)).toEqual([]);
      expect(advance(deadline)).toEqual([`0@${deadline}`]);
    },
  );

  it("may set timers from what it expires; those due at once expire in the same advance", () => {
    const { wheel } = wheelOf();
    const seen: string[] = [];
    wheel.set(new Entry("first"), 5);
    wheel.advance(10, (entry) => {
      seen.push(entry.name);
      if (entry.name === "first") for (const at of [5, 7, 11]) wheel.set(new Entry(`then ${at}`), at);
    });
    expect(seen).toEqual(["first", "then 5", "then 7"]);
    expect(wheel.size).toBe(1);
  });
});

describe("cancel", () => {
  it("takes the timer out, once", () => {
    const { wheel, entries, advance } = wheelOf(10, 10, 10);
    const cancelled = entries.slice(1, 2).map((entry) => [wheel.cancel(entry), wheel.cancel(entry)]);
    expect(cancelled).toEqual([[true, false]]);
    expect(advance(10)).toEqual(["0@10", "2@10"]);
  });

  it("is false for what has expired", () => {
    const { wheel, entries, advance } = wheelOf(1);
    advance(1);
    expect(entries.map((entry) => wheel.cancel(entry))).toEqual([false]);
  });
});

describe("nextTick", () => {
  it("is null when nothing is set", () => {
    expect(wheelOf().wheel.nextTick()).toBeNull();
  });

  it.each([0, 7, 300, 70_000, 2 ** 33])("leads to the deadline %i in a handful of steps", (deadline) => {
    const { wheel, advance } = wheelOf(deadline);
    const expired: string[] = [];
    let steps = 0;
    for (let tick = wheel.nextTick(); tick !== null; tick = wheel.nextTick()) {
      expect(tick).toBeLessThanOrEqual(deadline);
      expired.push(...advance(tick));
      steps++;
    }
    expect(expired).toEqual([`0@${deadline}`]);
    expect(steps).toBeLessThanOrEqual(6);
  });
});
