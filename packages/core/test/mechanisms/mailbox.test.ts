import { describe, expect, it } from "vitest";
import {
  clear,
  dropTagged,
  enqueue,
  type Envelope,
  listMessages,
  type Mailbox,
  take,
} from "../../src/mechanisms/mailbox.ts";
import { Ref } from "../../src/values/ref.ts";

function mailboxOf(...messages: readonly unknown[]): Mailbox {
  const box: Mailbox = { head: null, tail: null, queueLength: 0 };
  for (const message of messages) enqueue(box, message, null);
  return box;
}

function envelopes(box: Mailbox): Envelope[] {
  const found: Envelope[] = [];
  for (let at = box.head; at !== null; at = at.next) found.push(at);
  return found;
}

/** The envelope at `index` with the one before it. */
function at(box: Mailbox, index: number): { before: Envelope | null; envelope: Envelope } {
  const all = envelopes(box);
  const envelope = all[index];
  if (envelope === undefined) throw new Error(`no envelope ${index}`);
  return { before: all[index - 1] ?? null, envelope };
}

describe("enqueue", () => {
  it("keeps the order of arrival", () => {
    expect(listMessages(mailboxOf("a", "b", "c"))).toEqual(["a", "b", "c"]);
  });

  it("counts what waits", () => {
    expect(mailboxOf("a", "b").queueLength).toBe(2);
  });
});

describe("take", () => {
  it.each([
    ["front", 0, ["b", "c"]],
    ["middle", 1, ["a", "c"]],
    ["end", 2, ["a", "b"]],
  ] as const)("from the %s leaves the others in order", (_where, index, rest) => {
    const box = mailboxOf("a", "b", "c");
    const { before, envelope } = at(box, index);
    expect(take(box, before, envelope)).toBe(["a", "b", "c"][index]);
    expect(listMessages(box)).toEqual(rest);
    expect(box.queueLength).toBe(2);
  });

  it("of the last leaves a mailbox that can be filled again", () => {
    const box = mailboxOf("a");
    const { before, envelope } = at(box, 0);
    take(box, before, envelope);
    enqueue(box, "b", null);
    expect(listMessages(box)).toEqual(["b"]);
  });

  it("marks the envelope and cuts it off, so that a remembered position holds nothing alive", () => {
    const box = mailboxOf("a", "b");
    const { before, envelope } = at(box, 0);
    take(box, before, envelope);
    expect([envelope.taken, envelope.next]).toEqual([true, null]);
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
    expect(dropTagged(box, mine)).toBe(2);
    expect(listMessages(box)).toEqual(["a", "c"]);
    expect(dropTagged(box, mine)).toBe(0);
  });

  it("of all messages leaves an empty mailbox", () => {
    const tag = new Ref(1);
    const box = mailboxOf();
    enqueue(box, "a", tag);
    dropTagged(box, tag);
    expect(box).toEqual({ head: null, tail: null, queueLength: 0 });
  });
});

describe("clear", () => {
  it("forgets everything", () => {
    const box = mailboxOf("a", "b");
    clear(box);
    expect(box).toEqual({ head: null, tail: null, queueLength: 0 });
  });
});
