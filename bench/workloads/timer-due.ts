// Many timers with one deadline. One operation is a timer: from the deadline until all messages are received.

import { monotonicTime, type Self, sendAfter, spawn } from "@krarup/core";
import { size, Stopwatch } from "../workload.ts";

const AHEAD_MS = 1_500;

function* setAndReceive(self: Self<"tick">, n: number) {
  const clock = new Stopwatch();
  const at = monotonicTime() + AHEAD_MS;
  for (let i = 0; i < n; i++) sendAfter({ at }, self, "tick");
  for (let i = 0; i < n; i++) yield* self.receive();
  return clock;
}

spawn(function* (self: Self<"tick">) {
  const n = size(200_000);
  yield* setAndReceive(self, n / 10);
  const clock = yield* setAndReceive(self, n);
  clock.report(n, clock.read() - AHEAD_MS * 1e6);
});
