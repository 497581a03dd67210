// A hundred processes flood one. One operation is a message, sent and received.

import { type Pid, type Self, send, spawn } from "@krarup/core";
import { size, Stopwatch } from "../workload.ts";

const SENDERS = 100;

interface Item {
  readonly type: "item";
  readonly number: number;
}

// oxlint-disable-next-line require-yield -- a process that never waits
function* produce(_self: Self, consumer: Pid<Item>, count: number) {
  for (let i = 0; i < count; i++) send(consumer, { type: "item", number: i });
}

function* flood(self: Self<Item>, senders: number, each: number) {
  for (let i = 0; i < senders; i++) spawn(produce, self, each);
  for (let i = 0; i < senders * each; i++) yield* self.receive();
}

spawn(function* (self: Self<Item>) {
  const each = size(10_000);
  yield* flood(self, SENDERS, each / 10);
  const clock = new Stopwatch();
  yield* flood(self, SENDERS, each);
  clock.report(SENDERS * each, clock.read());
});
