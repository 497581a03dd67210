// 100,000 gen_servers: all started, then all stopped, one after the other.

import { genServer, type Self, spawn, stop } from "@krarup/core";
import { Stopwatch } from "../workload.ts";

const SERVERS = 100_000;
const Counter = genServer({ init: () => ({ count: 0 }) });

function* startAndStop(count: number) {
  const servers = [];
  for (let i = 0; i < count; i++) servers.push(yield* Counter.start());
  for (const server of servers) yield* stop(server);
}

spawn(function* (_self: Self) {
  yield* startAndStop(SERVERS / 50);
  const clock = new Stopwatch();
  yield* startAndStop(SERVERS);
  clock.report(SERVERS, clock.read());
});
