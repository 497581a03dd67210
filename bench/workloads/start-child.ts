// Children of a supervisor that takes any number: 100,000 are started, then all ended, one after the other.

import { type Self, spawn, spawnLink } from "@krarup/core";
import { DynamicSupervisor } from "@krarup/supervisor";
import { size, Stopwatch } from "../workload.ts";

type SupervisorPid = Parameters<typeof DynamicSupervisor.startChild>[0];

function* idle(self: Self<"stop">) {
  yield* self.receive();
}

function* startAndEnd(supervisor: SupervisorPid, n: number) {
  const children = [];
  for (let i = 0; i < n; i++) {
    const started = yield* DynamicSupervisor.startChild(supervisor, { start: () => spawnLink(idle) });
    if (started.type !== "ok") throw new Error(`Cannot measure: a child is ${started.type}`);
    children.push(started.pid);
  }
  for (const child of children) yield* DynamicSupervisor.terminateChild(supervisor, child);
}

spawn(function* () {
  const n = size(100_000);
  const supervisor = yield* DynamicSupervisor.startLink();
  yield* startAndEnd(supervisor, n / 10);
  const clock = new Stopwatch();
  yield* startAndEnd(supervisor, n);
  clock.report(n, clock.read());
});
