// Does an operation cost more when a million processes live? Each is timed among a thousand processes, then among a million:
//
//   roundTrip   two messages with one partner
//   spawnExit   a process that ends at once
//   timer       set and cancelled
//   scattered   two messages with another partner each time, all over the table: what the memory of the machine adds, since a million
//               processes fit no cache
//
// One operation of the report is a round trip among a million.

import { cancelTimer, type Pid, type Self, send, sendAfter, spawn } from "@krarup/core";
import { size, Stopwatch } from "../workload.ts";

const FEW = 1_000;
const TIMES = 500_000;
/** Coprime to both counts, so that a walk by it visits everybody, and near neighbours never in a row. */
const STRIDE = 7_919;

interface Ping {
  readonly type: "ping";
  readonly from: Pid<"pong">;
}

/** Nanoseconds of one operation, by name. */
type Costs = Record<"roundTrip" | "spawnExit" | "timer" | "scattered", number>;

function* partner(self: Self<Ping>) {
  for (;;) {
    const { from } = yield* self.receive();
    send(from, "pong");
  }
}

function* nothing() {}

function* walk(self: Self<"pong">, partners: readonly Pid<Ping>[], stride: number) {
  for (let i = 0, at = 0; i < TIMES; i++, at = (at + stride) % partners.length) {
    const target = partners[at];
    if (target === undefined) throw new Error(`Cannot find partner ${at}`);
    send(target, { type: "ping", from: self });
    yield* self.receive();
  }
}

function* spawnMany(self: Self<"pong">) {
  for (let i = 0; i < TIMES; i++) {
    spawn(nothing);
    if (i % 1_000 === 999) yield* self.yield();
  }
}

function setAndCancel(self: Self<"pong">): void {
  for (let i = 0; i < TIMES; i++) cancelTimer(sendAfter(60_000, self, "pong"));
}

function* measureAmong(self: Self<"pong">, partners: readonly Pid<Ping>[]) {
  const costs: Costs = { roundTrip: 0, spawnExit: 0, timer: 0, scattered: 0 };
  // Twice, of which the first warms up.
  for (let i = 0; i < 2; i++) {
    const trips = new Stopwatch();
    yield* walk(self, partners, 0);
    costs.roundTrip = trips.read() / TIMES;
    const spawns = new Stopwatch();
    yield* spawnMany(self);
    costs.spawnExit = spawns.read() / TIMES;
    const timers = new Stopwatch();
    setAndCancel(self);
    costs.timer = timers.read() / TIMES;
    const scattered = new Stopwatch();
    yield* walk(self, partners, STRIDE);
    costs.scattered = scattered.read() / TIMES;
  }
  return costs;
}

spawn(function* (self: Self<"pong">) {
  const clock = new Stopwatch();
  const partners: Pid<Ping>[] = [];
  while (partners.length < FEW) partners.push(spawn(partner));
  const few = yield* measureAmong(self, partners);
  const count = size(1_000_000);
  while (partners.length < count) partners.push(spawn(partner));
  const many = yield* measureAmong(self, partners);

  const roundTripTimes = many.roundTrip / few.roundTrip;
  const spawnExitTimes = many.spawnExit / few.spawnExit;
  const timerTimes = many.timer / few.timer;
  clock.report(1, many.roundTrip, {
    roundTripTimes,
    spawnExitTimes,
    timerTimes,
    worstTimes: Math.max(roundTripTimes, spawnExitTimes, timerTimes),
    scatteredTimes: many.scattered / few.scattered,
  });
});
