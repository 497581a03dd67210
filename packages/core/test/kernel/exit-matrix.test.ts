// Reason × way of ending × link or monitor × trapping × length of the chain, against what Erlang did when it was asked.
// The recording and the program that made it are in test/fixtures.

import { type Down, type Exit, exit, link, monitor, type Pid, type Self, send, spawnOpt } from "@krarup/core";
import { describe, expect, it } from "vitest";
import recording from "../fixtures/exit-matrix.json" with { type: "json" };
import { laboratory } from "../laboratory.ts";

type Case = (typeof recording.cases)[number];
type Message = Exit | Down | { readonly type: "end"; readonly way: string; readonly reason: unknown };

/** What happened: how each process of the chain ended, and the signals that were received as messages. */
type Outcome = Pick<Case, "ends" | "messages">;

function play({ way, reason, relation, traps, length }: Case): Outcome {
  const { node, platform, ends } = laboratory();
  const messages: unknown[] = [];
  const pids: Pid<Message>[] = [];
  for (let i = 1; i <= length; i++) {
    const previous = pids.at(-1);
    const member = function* (self: Self<Message>) {
      self.trapExit(i === length && traps);
      if (previous !== undefined) (relation === "link" ? link : monitor)(previous);
      for (;;) yield* step(self, i === length, (type, why) => messages.push([i, type, why]));
    };
    pids.push(spawnOpt(member, [], { node }));
    platform.settle();
  }
  const [first] = pids;
  if (first === undefined) throw new Error("the chain is empty");
  if (way === "exit2") exit(first, reason);
  else send(first, { type: "end", way, reason });
  platform.settle();
  // The recording is JSON, so the types of its parts are what the compiler read there.
  return { ends: pids.map((pid) => (ends.has(pid) ? ends.get(pid) : "alive")), messages } as Outcome;
}

function* step(self: Self<Message>, isLast: boolean, note: (type: string, reason: unknown) => void) {
  const message = yield* self.receive();
  if (message.type === "end") {
    if (message.way === "exit1") exit(message.reason);
    yield* self.signal(message.reason);
    return;
  }
  note(message.type, message.reason);
  if (message.type === "DOWN" && !isLast) exit(message.reason);
}

describe(`what an end does, as Erlang/OTP ${recording.otp} does it`, () => {
  const ways = Map.groupBy(
    recording.cases,
    ({ way, relation, traps }) => `${way}, ${relation}, ${traps ? "trapping" : "not trapping"}`,
  );

  it.each([...ways])("%s", (_way, cases) => {
    for (const one of cases) expect({ ...one, ...play(one) }).toEqual(one);
  });

  it("covers every combination", () => {
    expect(recording.cases).toHaveLength(3 * 7 * 2 * 2 * 4);
  });
});
