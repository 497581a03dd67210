// Starts gen_servers with a small state, and keeps them. What does one that waits cost in time and memory?

import { genServer, spawn } from "@krarup/core";
import { heapBytes, residentBytes, size, Stopwatch } from "../workload.ts";

const Counter = genServer({
  init: () => ({ count: 0 }),
  call: { value: (self) => self.state.count },
});

spawn(function* () {
  const n = size(1_000_000);
  const heapBefore = heapBytes();
  const residentBefore = residentBytes();

  const clock = new Stopwatch();
  for (let i = 0; i < n; i++) yield* Counter.start();
  const elapsedNs = clock.read();

  const residentAfter = residentBytes();
  const heapAfter = heapBytes();
  clock.report(n, elapsedNs, {
    heapBytes: Math.round((heapAfter - heapBefore) / n),
    residentBytes: Math.round((residentAfter - residentBefore) / n),
    residentMb: Math.round(residentAfter / 1e6),
  });
});
