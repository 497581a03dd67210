import { describe, expect, it } from "vitest";
import { ByteQueue } from "../../src/port/byte-queue.ts";
import { framed, lastFrame, nextFrame, type Want } from "../../src/port/framing.ts";

const LIMIT = 8;

function verdict(want: Want, ...bytes: readonly number[]): unknown {
  const queue = new ByteQueue();
  queue.push(Uint8Array.from(bytes));
  const found = nextFrame(queue, want, LIMIT);
  return found.do === "take" ? [found.header, found.length] : found.do;
}

describe("nextFrame", () => {
  it.each([
    ["raw", [], "wait_for_more"],
    ["raw", [1, 2, 3], [0, 3]],
    ["raw", [1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 8]],
    ["line", [65, 66], "wait_for_more"],
    ["line", [65, 10, 66], [0, 2]],
    ["line", [65, 65, 65, 65, 65, 65, 65, 10], [0, 8]],
    ["line", [65, 65, 65, 65, 65, 65, 65, 65], "refuse"],
    ["line", [65, 65, 65, 65, 65, 65, 65, 65, 10], "refuse"],
    [1, [], "wait_for_more"],
    [1, [0], [1, 0]],
    [1, [2, 7], "wait_for_more"],
    [1, [2, 7, 7, 9], [1, 2]],
    [1, [9], "refuse"],
    [2, [0], "wait_for_more"],
    [2, [0, 1, 7], [2, 1]],
    [2, [1, 0], "refuse"],
    [4, [0, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8], [4, 8]],
    [4, [128, 0, 0, 0], "refuse"],
    [{ bytes: 3 }, [1, 2], "wait_for_more"],
    [{ bytes: 3 }, [1, 2, 3, 4], [0, 3]],
  ] as const)("wants %j, has %j: %j", (want, bytes, expected) => {
    expect(verdict(want, ...bytes)).toEqual(expected);
  });
});

describe("lastFrame", () => {
  it.each([
    ["raw", "take"],
    ["line", "take"],
    [1, "wait_for_more"],
    [{ bytes: 3 }, "wait_for_more"],
  ] as const)("of %j makes the unfinished rest: %s", (want, expected) => {
    const queue = new ByteQueue();
    queue.push(Uint8Array.of(2, 1));
    expect(lastFrame(queue, want).do).toBe(expected);
  });
});

describe("framed", () => {
  it.each([
    ["raw", [1, 2], [1, 2]],
    ["line", [1, 2], [1, 2]],
    [1, [1, 2], [2, 1, 2]],
    [2, [1, 2], [0, 2, 1, 2]],
    [4, [], [0, 0, 0, 0]],
  ] as const)("puts the length before a packet: %j %j %j", (framing, body, expected) => {
    expect([...(framed(Uint8Array.from(body), framing) ?? [])]).toEqual(expected);
  });

  it("refuses what its prefix cannot count", () => {
    expect(framed(new Uint8Array(255), 1)?.[0]).toBe(255);
    expect(framed(new Uint8Array(256), 1)).toBeNull();
    expect(framed(new Uint8Array(65_536), 2)).toBeNull();
  });
});
