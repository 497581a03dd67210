import { alias, type Down, monitor, processInfo, type Self, send, sendAfter, waitingMessages } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { idle, laboratory } from "../laboratory.ts";

describe("a bounded mailbox", () => {
  it.each([
    ["drop_newest", [1, 2], 3],
    ["drop_oldest", [4, 5], 3],
  ] as const)("%s: of five messages for two places %j stay, %i are counted", (whenFull, left, dropped) => {
    const { run } = laboratory();
    const pid = run(idle, { mailbox: { max: 2, whenFull } });
    for (const n of [1, 2, 3, 4, 5]) send(pid, n);
    expect([waitingMessages(pid), processInfo(pid)?.dropped]).toEqual([left, dropped]);
  });

  it("exit: one message too many ends the receiver", () => {
    const { run, ends } = laboratory();
    const pid = run(idle, { mailbox: { max: 2, whenFull: "exit" } });
    for (const n of [1, 2, 3]) send(pid, n);
    expect(ends.get(pid)).toEqual(["mailbox_full", 2]);
  });

  it("exit: a process that fills its own mailbox ends at its next operation", () => {
    const { run, ends } = laboratory();
    const log: string[] = [];
    const pid = run(
      function* (self: Self<number>) {
        send(self, 1);
        send(self, 2);
        log.push("still here");
        yield* self.receive();
        log.push("never");
      },
      { mailbox: { max: 1, whenFull: "exit" } },
    );
    expect([ends.get(pid), log]).toEqual([["mailbox_full", 1], ["still here"]]);
  });

  it("refuses no signal, no reply and no timer's message", () => {
    const { run, platform } = laboratory();
    const target = run(function* () {});
    const pid = run(
      function* (self: Self<unknown>) {
        for (let i = 0; i < 3; i++) send(self, i);
        monitor(target);
        send(alias<string>(), "through an alias");
        sendAfter(1, self, "late");
        yield* self.receive(() => false);
      },
      { mailbox: { max: 2 } },
    );
    platform.advance(1);
    expect(waitingMessages(pid)?.map((message) => (message as Down).type ?? message)).toEqual([
      0,
      1,
      "DOWN",
      "through an alias",
      "late",
    ]); // Down or what was sent
  });
});

describe("a long mailbox", () => {
  it.each([
    [
      "that never looks at it",
      function* (self: Self<number>) {
        yield* self.sleep(2 ** 40);
      },
    ],
    [
      "that looks for something else",
      function* (self: Self<number>) {
        yield* self.receive((n) => n < 0);
      },
    ],
  ] as const)("of a process %s is an event at 10,000 messages and at each doubling", (_what, body) => {
    const { run, node, platform } = laboratory();
    const lengths: number[] = [];
    node.subscribe(["long_mailbox"], (event) => {
      if (event.type === "long_mailbox") lengths.push(event.length);
    });
    const pid = run(body);
    for (let n = 0; n < 45_000; n++) {
      send(pid, n);
      if (n % 1_000 === 0) platform.settle();
    }
    expect(lengths).toEqual([10_000, 20_000, 40_000]);
  });
});
