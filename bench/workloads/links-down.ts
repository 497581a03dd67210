// Kills linked processes; the parent traps exits. One operation is a kill, with the Exit message received.

import { exit, type Exit, type Pid, type Self, spawn, spawnLink } from "@krarup/core";
import { last, size, Stopwatch } from "../workload.ts";

/** Several, since the share of the garbage collector in a single one is a matter of luck. */
const ROUNDS = 5;

function* idle(self: Self<"stop">) {
  yield* self.receive();
}

function* killMany(self: Self<Exit | "all run">, n: number, clock: Stopwatch) {
  const pids: Pid<"stop">[] = [];
  for (let i = 0; i < n; i++) pids.push(spawnLink(idle));
  spawn(last, self);
  yield* self.receive();

  const startNs = clock.read();
  for (const pid of pids) exit(pid, "kill");
  for (let i = 0; i < n; i++) yield* self.receive();
  return clock.read() - startNs;
}

spawn(function* (self: Self<Exit | "all run">) {
  const n = size(100_000);
  self.trapExit();
  const clock = new Stopwatch();
  yield* killMany(self, n / 10, clock);
  let elapsedNs = 0;
  for (let i = 0; i < ROUNDS; i++) elapsedNs += yield* killMany(self, n, clock);
  clock.report(ROUNDS * n, elapsedNs);
});
