// One node holds connections: some that are idle, some on which 64 bytes are echoed, beside processes that never wait. The load comes from
// another program; who echoes has priority "high", as whoever is to answer in time beside a crowd must have. Arguments: how many of each, and milliseconds between two echoes of one connection.
//
// One operation is a connection made, with its two processes; with busy connections, an echo of 64 bytes, where the time is the median round
// trip. Memory is of one idle connection: what the system counts, and what lives on the heap.

import { type Self, spawn, type Suspension } from "@krarup/core";
import { isPortError, orExit, type Port, read, serverAddress, startTcpServer, write } from "@krarup/ports";
import { Load, requireDescriptors } from "../clients/load.ts";
import { heapBytes, residentBytes, Stopwatch } from "../workload.ts";

type Steps<T> = Generator<Suspension, T, void>;

const [idle = 10_000, busy = 0, crowd = 0, everyMs = 200] = process.argv.slice(2).map(Number);
const FOR_MS = 10_000;
const WARM_UP = 200;

let sessions = 0;

function* echo(_self: Self, socket: Port): Steps<void> {
  sessions++;
  for (;;) {
    const chunk = yield* read(socket);
    if (isPortError(chunk)) return;
    yield* write(socket, chunk);
  }
}

function* neverWait(self: Self): Steps<never> {
  for (;;) yield* self.yield();
}

/** Waits until all that were made have a process here as well. */
function* allThere(self: Self, count: number): Steps<void> {
  while (sessions < count) yield* self.sleep(1);
}

function memory(): { readonly resident: number; readonly heap: number } {
  const heap = heapBytes();
  return { resident: residentBytes(), heap };
}

spawn(function* (self: Self) {
  const count = idle + busy;
  requireDescriptors(WARM_UP + count);
  const server = yield* startTcpServer({ host: "127.0.0.1", port: 0, noDelay: true, priority: "high", serve: echo });
  const address = yield* orExit(serverAddress(server));
  if (!("port" in address)) throw new Error("the server listens on a port");
  const load = yield* Load.start(address.port);
  yield* load.order("open", WARM_UP);
  yield* load.order("echo", WARM_UP, 20, 1_000);

  const before = memory();
  const clock = new Stopwatch();
  yield* load.order("open", count);
  yield* allThere(self, WARM_UP + count);
  const openedNs = clock.read();
  const after = memory();
  const figures = {
    residentKib: (after.resident - before.resident) / count / 1_024,
    heapKib: (after.heap - before.heap) / count / 1_024,
  };
  if (busy === 0) return clock.report(count, openedNs, figures);

  for (let i = 0; i < crowd; i++) spawn(neverWait);
  const busyClock = new Stopwatch();
  const { echoes = 0, p50Ms = 0, p99Ms = 0, maxMs = 0 } = yield* load.order("echo", busy, everyMs, FOR_MS);
  busyClock.read();
  const echoFigures = { ...figures, echoP50Ms: p50Ms, echoP99Ms: p99Ms, echoMaxMs: maxMs };
  busyClock.report(echoes, p50Ms * 1e6 * echoes, echoFigures);
});
