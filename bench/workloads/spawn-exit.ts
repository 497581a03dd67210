// Spawns processes that end at once.

import { type Self, spawn } from "@krarup/core";
import { last, size, Stopwatch } from "../workload.ts";

/** Spawns between two turns given to the others, about as many as one slice of Erlang's holds. */
const SPAWNS_PER_TURN = 1_000;

function* nothing() {}

function* spawnMany(self: Self<"all run">, n: number) {
  for (let i = 1; i <= n; i++) {
    spawn(nothing);
    if (i % SPAWNS_PER_TURN === 0) yield* self.yield();
  }
  spawn(last, self);
  yield* self.receive();
}

spawn(function* (self: Self<"all run">) {
  const n = size(1_000_000);
  yield* spawnMany(self, n / 10);
  const clock = new Stopwatch();
  yield* spawnMany(self, n);
  clock.report(n, clock.read());
});
