// Calls by a process in whose mailbox a million other messages wait. They must cost nothing.

import { genServer, type Self, send, spawn } from "@krarup/core";
import { size, Stopwatch } from "../workload.ts";

const WAITING = 1_000_000;

interface Junk {
  readonly type: "junk";
  readonly number: number;
}

const Counter = genServer({
  init: () => ({ count: 0 }),
  call: {
    increment(self) {
      const { count } = self.state;
      self.state = { count: count + 1 };
      return count;
    },
  },
});

type CounterPid = Parameters<typeof Counter.call>[0];

function* callMany(counter: CounterPid, n: number) {
  for (let i = 0; i < n; i++) yield* Counter.call(counter).increment();
}

spawn(function* (self: Self<Junk>) {
  const n = size(100_000);
  const counter = yield* Counter.start();
  for (let i = 0; i < WAITING; i++) send(self, { type: "junk", number: i });
  yield* callMany(counter, n / 10);
  const clock = new Stopwatch();
  yield* callMany(counter, n);
  clock.report(n, clock.read());
});
