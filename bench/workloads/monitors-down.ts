// Kills monitored processes. One operation is a kill, with the Down message received.

import { type Down, exit, type Pid, type Self, spawn, spawnMonitor } from "@krarup/core";
import { last, size, Stopwatch } from "../workload.ts";

function* idle(self: Self<"stop">) {
  yield* self.receive();
}

function* killMany(self: Self<Down | "all run">, n: number) {
  const pids: Pid<"stop">[] = [];
  for (let i = 0; i < n; i++) pids.push(spawnMonitor(idle)[0]);
  spawn(last, self);
  yield* self.receive();

  const clock = new Stopwatch();
  for (const pid of pids) exit(pid, "kill");
  for (let i = 0; i < n; i++) yield* self.receive();
  return clock;
}

spawn(function* (self: Self<Down | "all run">) {
  const n = size(100_000);
  yield* killMany(self, n / 10);
  const clock = yield* killMany(self, n);
  clock.report(n, clock.read());
});
