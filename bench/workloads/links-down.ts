// Kills linked processes; the parent traps exits. One operation is a kill, with the Exit message received.

import { exit, type Exit, type Pid, type Self, spawn, spawnLink } from "@krarup/core";
import { last, size, Stopwatch } from "../workload.ts";

function* idle(self: Self<"stop">) {
  yield* self.receive();
}

function* killMany(self: Self<Exit | "all run">, n: number) {
  const pids: Pid<"stop">[] = [];
  for (let i = 0; i < n; i++) pids.push(spawnLink(idle));
  spawn(last, self);
  yield* self.receive();

  const clock = new Stopwatch();
  for (const pid of pids) exit(pid, "kill");
  for (let i = 0; i < n; i++) yield* self.receive();
  return clock;
}

spawn(function* (self: Self<Exit | "all run">) {
  const n = size(100_000);
  self.trapExit();
  yield* killMany(self, n / 10);
  const clock = yield* killMany(self, n);
  clock.report(n, clock.read());
});
