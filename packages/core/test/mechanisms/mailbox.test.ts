import { describe, expect, it } from "vitest";
import {
  chunksOf,
  clear,
  dropTagged,
  enqueue,
  hasTagged,
  listMessages,
  type Mailbox,
  takeAt,
  takeFirst,
  takeWanted,
} from "../../src/mechanisms/mailbox.ts";
import { Ref } from "../../src/values/ref.ts";

const EMPTY: Mailbox = { front: undefined, last: null, queueLength: 0 };

function mailboxOf(...messages: readonly unknown[]): Mailbox {
  const box = { ...EMPTY };
  for (const message of messages) enqueue(box, message, null);
  return box;
}

const numbers = (count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => from + i);

describe("enqueue", () => {
  it.each([0, 1, 2, 4, 5, 600])("keeps %i messages in the order of their arrival, and counts them", (count) => {
    const box = mailboxOf(...numbers(count));
    expect(listMessages(box)).toEqual(numbers(count));
    expect(box.queueLength).toBe(count);
  });

  it("of a message to an empty mailbox makes no chunk", () => {
    expect(mailboxOf("a")).toEqual({ ...EMPTY, front: "a", queueLength: 1 });
  });

  it("behind many that stay makes no chunk for each that comes and goes", () => {
    const box = mailboxOf(...numbers(100));
    for (let i = 0; i < 1_000; i++) {
      enqueue(box, "comes and goes", null);
      takeWanted(box, (value) => value === "comes and goes");
    }
    let chunks = 0;
    for (let chunk = chunksOf(box); chunk !== null; chunk = chunk.next) chunks++;
    // Of 4, 8, 16, 32, 64 and 128 messages, the last that was used up, and the present one.
    expect(chunks).toBeLessThanOrEqual(8);
    expect(listMessages(box)).toEqual(numbers(100));
  });
});

describe("takeFirst", () => {
  it("takes one after the other, whatever comes meanwhile", () => {
    const box = mailboxOf(...numbers(100));
    const taken = numbers(300).map((i) => {
      if (i < 200) enqueue(box, 100 + i, null);
      return takeFirst(box);
    });
    expect(taken).toEqual(numbers(300));
    expect(box).toEqual(EMPTY);
  });
});

describe("takeAt", () => {
  it.each([
    ["front", 0, ["b", "c"]],
    ["middle", 1, ["a", "c"]],
    ["end", 2, ["a", "b"]],
  ] as const)("from the %s leaves the others in order", (_where, index, rest) => {
    const box = mailboxOf("a", "b", "c");
    const chunk = chunksOf(box);
    if (chunk === null) throw new Error("three messages stand in a chunk");
    expect(takeAt(box, chunk, index)).toBe(["a", "b", "c"][index]);
    expect(listMessages(box)).toEqual(rest);
    expect(box.queueLength).toBe(2);
  });

  it("of the last message gives the chunk up, which then holds no other alive", () => {
    const box = mailboxOf(...numbers(5));
    const chunk = chunksOf(box);
    if (chunk === null) throw new Error("five messages stand in chunks");
    for (const index of numbers(4)) takeAt(box, chunk, index);
    expect([chunk.isLinked, chunk.next]).toEqual([false, null]);
    expect(listMessages(box)).toEqual([4]);
  });
});

describe("takeWanted", () => {
  it("takes the oldest that is wanted, by value or by ref", () => {
    const ref = new Ref(1);
    const box = mailboxOf("a", "b", "b");
    enqueue(box, "c", ref);
    expect(takeWanted(box, (value) => value === "b")).toEqual({ value: "b" });
    expect(takeWanted(box, (_value, tag) => tag === ref)).toEqual({ value: "c" });
    expect(takeWanted(box, (value) => value === "z")).toBeNull();
    expect(listMessages(box)).toEqual(["a", "b"]);
  });

  it("of an empty mailbox is null", () => {
    expect(takeWanted(mailboxOf(), () => true)).toBeNull();
  });
});

describe("dropTagged", () => {
  it("takes every message that came through the ref and no other", () => {
    const [mine, other] = [new Ref(1), new Ref(2)];
    const box = mailboxOf("a");
    for (const [value, tag] of [
      ["b", mine],
      ["c", other],
      ["d", mine],
    ] as const)
      enqueue(box, value, tag);
    expect(hasTagged(box, mine)).toBe(true);
    expect(dropTagged(box, mine)).toBe(2);
    expect(listMessages(box)).toEqual(["a", "c"]);
    expect(dropTagged(box, mine)).toBe(0);
    expect([hasTagged(box, mine), hasTagged(box, other)]).toEqual([false, true]);
  });

  it.each([1, 2, 500])("of all %i messages leaves an empty mailbox", (count) => {
    const tag = new Ref(1);
    const box = mailboxOf();
    for (const i of numbers(count)) enqueue(box, i, tag);
    expect(dropTagged(box, tag)).toBe(count);
    expect(box).toEqual(EMPTY);
  });
});

describe("clear", () => {
  it.each([1, 2])("forgets %i messages", (count) => {
    const box = mailboxOf(...numbers(count));
    clear(box);
    expect(box).toEqual(EMPTY);
  });
});
