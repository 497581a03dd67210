// Spawns processes that wait for their first message, and keeps them. What does one cost in time and memory?

import { type Pid, type Self, spawn } from "@krarup/core";
import { heapBytes, last, residentBytes, size, Stopwatch } from "../workload.ts";

function* idle(self: Self<"stop">) {
  yield* self.receive();
}

spawn(function* (self: Self<"all run">) {
  const n = size(1_000_000);
  const heapBefore = heapBytes();
  const residentBefore = residentBytes();
  const pids: Pid<"stop">[] = [];

  const clock = new Stopwatch();
  for (let i = 0; i < n; i++) pids.push(spawn(idle));
  spawn(last, self);
  yield* self.receive();
  const elapsedNs = clock.read();

  const residentAfter = residentBytes();
  const heapAfter = heapBytes();
  clock.report(pids.length, elapsedNs, {
    heapBytes: Math.round((heapAfter - heapBefore) / n),
    residentBytes: Math.round((residentAfter - residentBefore) / n),
    residentMb: Math.round(residentAfter / 1e6),
  });
});
