// Skynet: each process spawns ten, down to a million leaves, and the sum of their numbers comes back up. One operation is a process.

import { type Pid, type Self, send, spawn } from "@krarup/core";
import { size, Stopwatch } from "../workload.ts";

function* node(self: Self<number>, parent: Pid<number>, first: number, leaves: number) {
  if (leaves === 1) {
    send(parent, first);
    return;
  }
  const each = leaves / 10;
  for (let i = 0; i < 10; i++) spawn(node, self, first + i * each, each);
  let sum = 0;
  for (let i = 0; i < 10; i++) sum += yield* self.receive();
  send(parent, sum);
}

spawn(function* (self: Self<number>) {
  const leaves = size(1_000_000);
  spawn(node, self, 0, leaves / 10);
  yield* self.receive();

  const clock = new Stopwatch();
  spawn(node, self, 0, leaves);
  const sum = yield* self.receive();
  const elapsedNs = clock.read();
  if (sum !== (leaves * (leaves - 1)) / 2) throw new Error(`Cannot trust the measurement: the sum is ${sum}`);
  clock.report(Math.round((leaves * 10 - 1) / 9), elapsedNs);
});
