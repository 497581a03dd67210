// The mailbox and selective receive against the naive model: an array.

import { type Self, send, TIMEOUT, waitingMessages } from "@krarup/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dropTagged, enqueue, type Envelope, listMessages, type Mailbox, take } from "../../src/mechanisms/mailbox.ts";
import { Ref } from "../../src/values/ref.ts";
import { laboratory } from "../laboratory.ts";
import { runs } from "./runs.ts";

const tags = [null, new Ref(1), new Ref(2)] as const;

type Step =
  | { readonly do: "enqueue"; readonly tag: number }
  | { readonly do: "take"; readonly position: number }
  | { readonly do: "drop"; readonly tag: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("enqueue" as const), tag: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("take" as const), position: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("drop" as const), tag: fc.integer({ min: 1, max: 2 }) }) },
);

interface Entry {
  readonly value: number;
  readonly tag: number;
}

/** Takes the message at `position`, or the last. */
function takeAt(box: Mailbox, position: number): unknown {
  let before: Envelope | null = null;
  let at = box.head;
  for (let i = 0; i < position && at !== null && at.next !== null; i++) {
    before = at;
    at = at.next;
  }
  return at === null ? undefined : take(box, before, at);
}

/** Makes one move in both. @returns what the mailbox gave and what the model gave */
function play(box: Mailbox, model: Entry[], move: Step, value: number): [unknown, unknown] {
  switch (move.do) {
    case "enqueue":
      enqueue(box, value, tags[move.tag] ?? null);
      return [undefined, void model.push({ value, tag: move.tag })];
    case "take":
      return [takeAt(box, move.position), model.splice(Math.min(move.position, model.length - 1), 1)[0]?.value];
    case "drop": {
      const kept = model.filter((entry) => entry.tag !== move.tag);
      return [
        dropTagged(box, tags[move.tag] ?? new Ref(0)),
        model.splice(0, model.length, ...kept).length - kept.length,
      ];
    }
  }
}

describe("a mailbox", () => {
  it("is an array from which one takes anywhere", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (moves) => {
        const box: Mailbox = { head: null, tail: null, queueLength: 0 };
        const model: Entry[] = [];
        moves.forEach((move, value) => {
          const [seen, expected] = play(box, model, move, value);
          expect(seen).toBe(expected);
          expect(listMessages(box)).toEqual(model.map((entry) => entry.value));
          expect(box.queueLength).toBe(model.length);
        });
      }),
      runs(500),
    );
  });
});

type Message = { readonly kind: number; readonly id: number };

describe("a selective receive", () => {
  it("takes the first that matches and leaves the rest in order, however sends and waits interleave", () => {
    const events = fc.array(fc.record({ send: fc.boolean(), kind: fc.nat(3) }), { maxLength: 40 });
    fc.assert(
      fc.property(events, fc.array(fc.nat(4), { maxLength: 20 }), (sends, wants) => {
        const { run, platform } = laboratory();
        const got: unknown[] = [];
        const pid = run(function* (self: Self<Message>) {
          for (const want of wants) got.push(yield* want === 4 ? self.receive() : self.receive({ kind: want }));
          yield* self.sleep(1);
        });
        sends.forEach(({ send: pause, kind }, id) => {
          send(pid, { kind, id });
          if (pause) platform.settle();
        });
        platform.settle();
        const model = sends.map(({ kind }, id) => ({ kind, id }));
        const expected: Message[] = [];
        for (const want of wants) {
          const position = model.findIndex(({ kind }) => want === 4 || kind === want);
          if (position < 0) break;
          expected.push(...model.splice(position, 1));
        }
        expect(got).toEqual(expected);
        expect(waitingMessages(pid)).toEqual(model);
      }),
      runs(500),
    );
  });

  it("with after(0) finds exactly what an array's find would", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { maxLength: 20 }), fc.array(fc.nat(6), { maxLength: 20 }), (messages, wants) => {
        const found = laboratory().play(function* (self: Self<number>) {
          for (const message of messages) send(self, message);
          const results: unknown[] = [];
          for (const want of wants) results.push(yield* self.receive((n) => n === want).after(0));
          return results;
        });
        const model = [...messages];
        expect(found).toEqual(
          wants.map((want) => (model.includes(want) ? model.splice(model.indexOf(want), 1)[0] : TIMEOUT)),
        );
      }),
      runs(300),
    );
  });
});
