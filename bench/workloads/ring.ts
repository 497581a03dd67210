// A token goes round a ring of processes. One operation is a hop: one message, one switch, another process's memory.

import { type Pid, type Self, send, spawn } from "@krarup/core";
import { last, size, Stopwatch } from "../workload.ts";

const HOPS = 1_000_000;

function* forward(self: Self<"token">, next: Pid<"token">) {
  for (;;) send(next, yield* self.receive());
}

spawn(function* (self: Self<"token" | "all run">) {
  const processes = size(1_000);
  const rounds = HOPS / processes;
  let next: Pid<"token"> = self;
  for (let i = 1; i < processes; i++) next = spawn(forward, next);
  spawn(last, self);
  yield* self.receive();

  let clock = new Stopwatch();
  for (let i = -rounds / 10; i < rounds; i++) {
    if (i === 0) clock = new Stopwatch();
    send(next, "token");
    yield* self.receive();
  }
  clock.report(rounds * processes, clock.read());
});
