// A selective receive that must look past 10,000 messages it does not want.

import { type Self, send, spawn } from "@krarup/core";
import { size, Stopwatch } from "../workload.ts";

const WAITING = 10_000;

interface Numbered {
  readonly type: "junk" | "wanted";
  readonly number: number;
}

function* pick(self: Self<Numbered>, n: number) {
  for (let i = 0; i < n; i++) {
    send(self, { type: "wanted", number: i });
    yield* self.receive({ type: "wanted", number: i });
  }
}

spawn(function* (self: Self<Numbered>) {
  const n = size(1_000);
  for (let i = 0; i < WAITING; i++) send(self, { type: "junk", number: i });
  yield* pick(self, n / 10);
  const clock = new Stopwatch();
  yield* pick(self, n);
  clock.report(n, clock.read());
});
