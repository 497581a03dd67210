import { describe, expect, it } from "vitest";
import { append, MessageChunk, nextWaiting, takeSlot } from "../../src/mechanisms/message-chunk.ts";
import { Ref } from "../../src/values/ref.ts";

describe("a chunk", () => {
  it("gives back what was put into each slot, in any order, and knows the first that waits", () => {
    const chunk = new MessageChunk(4, null);
    for (const value of ["a", undefined, null]) append(chunk, value, null);
    expect([takeSlot(chunk, 1), chunk.start, chunk.waiting]).toEqual([undefined, 0, 2]);
    expect([takeSlot(chunk, 0), chunk.start, chunk.waiting]).toEqual(["a", 2, 1]);
    expect([takeSlot(chunk, 2), chunk.start, chunk.waiting]).toEqual([null, 3, 0]);
    append(chunk, "d", null);
    expect([chunk.start, chunk.end, nextWaiting(chunk, 0)]).toEqual([3, 4, 3]);
  });

  it("keeps the ref of each message until the message is taken", () => {
    const ref = new Ref(1);
    const chunk = new MessageChunk(2, null);
    append(chunk, "a", null);
    append(chunk, "b", ref);
    expect(chunk.tags?.[1]).toBe(ref);
    takeSlot(chunk, 1);
    expect(chunk.tags?.includes(ref)).toBe(false);
  });

  it("uses no slot twice", () => {
    const chunk = new MessageChunk(2, null);
    append(chunk, "a", null);
    takeSlot(chunk, 0);
    append(chunk, "b", null);
    expect([chunk.values[1], chunk.end]).toEqual(["b", 2]);
  });
});
