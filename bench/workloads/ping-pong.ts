// Two processes send one message to and fro. One operation is a round trip: two messages, two switches.

import { type Pid, type Self, send, spawn } from "@krarup/core";
import { size, Stopwatch } from "../workload.ts";

interface Ping {
  readonly type: "ping";
  readonly from: Pid<"pong">;
}

function* pong(self: Self<Ping>) {
  for (;;) {
    const { from } = yield* self.receive();
    send(from, "pong");
  }
}

spawn(function* (self: Self<"pong">) {
  const n = size(1_000_000);
  const ponger = spawn(pong);
  let clock = new Stopwatch();
  for (let i = -n / 10; i < n; i++) {
    if (i === 0) clock = new Stopwatch();
    send(ponger, { type: "ping", from: self });
    yield* self.receive();
  }
  clock.report(n, clock.read());
});
