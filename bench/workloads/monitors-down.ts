// Kills monitored processes. One operation is a kill, with the Down message received.

import { type Down, exit, type Pid, type Self, spawn, spawnMonitor } from "@krarup/core";
import { last, size, Stopwatch } from "../workload.ts";

/** Several, since the share of the garbage collector in a single one is a matter of luck. */
const ROUNDS = 5;

function* idle(self: Self<"stop">) {
  yield* self.receive();
}

function* killMany(self: Self<Down | "all run">, n: number, clock: Stopwatch) {
  const pids: Pid<"stop">[] = [];
  for (let i = 0; i < n; i++) pids.push(spawnMonitor(idle)[0]);
  spawn(last, self);
  yield* self.receive();

  const startNs = clock.read();
  for (const pid of pids) exit(pid, "kill");
  for (let i = 0; i < n; i++) yield* self.receive();
  return clock.read() - startNs;
}

spawn(function* (self: Self<Down | "all run">) {
  const n = size(100_000);
  const clock = new Stopwatch();
  yield* killMany(self, n / 10, clock);
  let elapsedNs = 0;
  for (let i = 0; i < ROUNDS; i++) elapsedNs += yield* killMany(self, n, clock);
  clock.report(ROUNDS * n, elapsedNs);
});
