// Sets timers that are due in one to two minutes and cancels nine of ten, as time-outs of requests do. One operation is a timer.

import { cancelTimer, type Pid, type Ref, type Self, sendAfter, spawn } from "@krarup/core";
import { size, Stopwatch } from "../workload.ts";

function setTimers(target: Pid<number>, n: number): Ref[] {
  const timers: Ref[] = [];
  for (let i = 0; i < n; i++) timers.push(sendAfter(60_000 + Math.floor(Math.random() * 60_000), target, i));
  return timers;
}

function cancelMost(timers: readonly Ref[]): void {
  timers.forEach((timer, i) => {
    if (i % 10 !== 0) cancelTimer(timer);
  });
}

spawn(function* (self: Self<number>) {
  const n = size(1_000_000);
  cancelMost(setTimers(self, n / 10));

  const clock = new Stopwatch();
  const timers = setTimers(self, n);
  const setNs = clock.read();
  cancelMost(timers);
  const elapsedNs = clock.read();

  clock.report(n, elapsedNs, {
    setNs: Math.round(setNs / n),
    cancelNs: Math.round((elapsedNs - setNs) / (n * 0.9)),
  });
  yield* self.receive();
});
