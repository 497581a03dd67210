// Do timers and sockets still get their turn while 100,000 processes never wait? Measured at the event loop, as other code in the
// program feels it: 10 ms timers, and a TCP echo over the loopback with both ends in this thread. A third clock, a process of priority
// "high" that sleeps 10 ms, shows what a process feels that goes before the crowd. One operation is a slice of a busy process.

import { connect, createServer, type Socket } from "node:net";
import { once } from "node:events";
import { type Self, spawn, spawnOpt } from "@krarup/core";
import { quantile, size, Stopwatch } from "../workload.ts";

const PERIOD_MS = 10;
const DURATION_MS = 10_000;

let slices = 0;
let isOver = false;

function* busy(self: Self) {
  while (!isOver) {
    slices++;
    yield* self.yield();
  }
}

function* sleeper(self: Self, latenesses: number[]) {
  while (!isOver) {
    const due = performance.now() + PERIOD_MS;
    yield* self.sleep(PERIOD_MS);
    latenesses.push(performance.now() - due);
  }
}

function watchTimers(latenesses: number[]): void {
  const due = performance.now() + PERIOD_MS;
  setTimeout(() => {
    latenesses.push(performance.now() - due);
    if (!isOver) watchTimers(latenesses);
  }, PERIOD_MS);
}

async function watchEcho(client: Socket, roundTrips: number[]): Promise<void> {
  while (!isOver) {
    const sent = performance.now();
    client.write("x");
    await once(client, "data");
    roundTrips.push(performance.now() - sent);
  }
}

async function connectEcho(): Promise<Socket> {
  const server = createServer((socket) => socket.setNoDelay().pipe(socket)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot find the port of the echo server");
  const client = connect({ port: address.port, host: "127.0.0.1", noDelay: true });
  await once(client, "connect");
  return client;
}

const client = await connectEcho();
const timers: number[] = [];
const sleeps: number[] = [];
const echoes: number[] = [];
for (let i = size(100_000); i > 0; i--) spawn(busy);

const clock = new Stopwatch();
watchTimers(timers);
void watchEcho(client, echoes);
// A message is copied; the list must be shared, so it comes in by closure.
spawnOpt((self: Self) => sleeper(self, sleeps), [], { priority: "high" });

setTimeout(() => {
  const elapsedNs = clock.read();
  isOver = true;
  clock.report(slices, elapsedNs, {
    timerLateP50Ms: quantile(timers, 0.5),
    timerLateP99Ms: quantile(timers, 0.99),
    timerLateMaxMs: quantile(timers, 1),
    sleepLateP99Ms: quantile(sleeps, 0.99),
    echoP50Ms: quantile(echoes, 0.5),
    echoP99Ms: quantile(echoes, 0.99),
  });
}, DURATION_MS);
