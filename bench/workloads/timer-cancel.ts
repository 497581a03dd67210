// Sets timers that are due in one to two minutes and cancels nine of ten, as time-outs of requests do. One operation is a timer.

import { cancelTimer, type Ref, type Self, sendAfter, spawn } from "@krarup/core";
import { size, Stopwatch } from "../workload.ts";

spawn(function* (self: Self<number>) {
  const n = size(1_000_000);
  const timers: Ref[] = [];

  const clock = new Stopwatch();
  for (let i = 0; i < n; i++) timers.push(sendAfter(60_000 + Math.floor(Math.random() * 60_000), self, i));
  const setNs = clock.read();
  timers.forEach((timer, i) => {
    if (i % 10 !== 0) cancelTimer(timer);
  });
  const elapsedNs = clock.read();

  clock.report(n, elapsedNs, {
    setNs: Math.round(setNs / n),
    cancelNs: Math.round((elapsedNs - setNs) / (n * 0.9)),
  });
  yield* self.receive();
});
