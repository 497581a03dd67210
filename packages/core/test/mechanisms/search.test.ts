import { describe, expect, it } from "vitest";
import { append, MessageChunk, takeSlot } from "../../src/mechanisms/message-chunk.ts";
import { accepts, firstMatch } from "../../src/mechanisms/search.ts";
import { Ref } from "../../src/values/ref.ts";

const ref = new Ref(1);

function chunkOf(messages: readonly (readonly [value: unknown, tag: Ref | null])[]): MessageChunk {
  const chunk = new MessageChunk(messages.length + 2, null);
  for (const [value, tag] of messages) append(chunk, value, tag);
  return chunk;
}

const refuseAll = (): never => {
  throw new Error("as a guard that fails");
};

const matches = [
  ["nothing in particular", undefined, [true, true, true, true]],
  ["a ref", ref, [false, false, false, true]],
  ["a type", { type: "b" }, [false, true, false, true]],
  ["a type and more", { type: "b", n: 1 }, [false, true, false, false]],
  ["a part without type", { n: 1 }, [true, true, false, false]],
  ["a guard", (message: unknown) => message === 7, [false, false, true, false]],
  ["a guard that fails", refuseAll, [false, false, false, false]],
] as const;

const messages = [
  [{ type: "a", n: 1 }, null],
  [{ type: "b", n: 1 }, null],
  [7, null],
  [{ type: "b", n: 2 }, ref],
] as const;

describe("accepts", () => {
  it.each(matches)("%s", (_name, match, expected) => {
    expect(messages.map(([value, tag]) => accepts(match, value, tag))).toEqual(expected);
  });
});

describe("firstMatch", () => {
  it.each(matches)(
    "%s: finds what accepts accepts, from any slot on, past what was taken",
    (_name, match, expected) => {
      for (let from = 0; from <= messages.length; from++) {
        const whole = chunkOf(messages);
        const at = expected.findIndex((isWanted, index) => isWanted && index >= from);
        expect(firstMatch(whole, from, match)).toBe(at < 0 ? messages.length : at);
        if (at < 0) continue;
        takeSlot(whole, at);
        const after = expected.findIndex((isWanted, index) => isWanted && index > at);
        expect(firstMatch(whole, from, match)).toBe(after < 0 ? messages.length : after);
      }
    },
  );

  it("never shows a guard what was taken", () => {
    const chunk = chunkOf(messages);
    takeSlot(chunk, 1);
    const seen: unknown[] = [];
    firstMatch(chunk, 0, (message: unknown) => seen.push(message) < 0);
    expect(seen).toEqual([messages[0][0], messages[2][0], messages[3][0]]);
  });
});
