// Children that are killed and restarted by their supervisor: "full" kills each as soon as it is up, "sparse" kills a hundred at a time,
// further apart than the period of the restart intensity, and takes the median of such batches, as one lasts less than a millisecond.
// One operation is a restart, from the kill until the new child is up.

import { exit, logger, type Pid, type Self, send, spawn, spawnLink } from "@krarup/core";
import { Supervisor } from "@krarup/supervisor";
import { quantile, Stopwatch } from "../workload.ts";

const CHILDREN = 1_000;
const RESTARTS = 100_000;
const BATCHES = 9;
const BATCH = 100;
const WARM_UP = 10_000;
/** More than two periods. */
const PAUSE_MS = 2_100;

type Up = Pid<"stop">;

function* child(self: Self<"stop">, observer: Pid<Up>) {
  send(observer, self);
  yield* self.receive();
}

function startChildren(observer: Self<Up>) {
  const start = () => spawnLink(child, observer);
  const children = Array.from({ length: CHILDREN }, (_, id) => ({ id, start }));
  return Supervisor.startLink({ children, intensity: 1_000_000_000, periodMs: 1_000 });
}

function* full(self: Self<Up>) {
  const clock = new Stopwatch();
  yield* startChildren(self);
  for (let i = 0; i < RESTARTS + CHILDREN; i++) exit(yield* self.receive(), "kill");
  clock.report(RESTARTS, clock.read());
}

function* sparse(self: Self<Up>) {
  yield* startChildren(self);
  for (let i = 0; i < WARM_UP + CHILDREN; i++) exit(yield* self.receive(), "kill");
  const living: Up[] = [];
  while (living.length < CHILDREN) living.push(yield* self.receive());

  const batchesNs: number[] = [];
  const clock = new Stopwatch();
  for (let i = 0; i < BATCHES; i++) {
    yield* self.sleep(PAUSE_MS);
    const startNs = clock.read();
    for (const victim of living.splice(0, BATCH)) exit(victim, "kill");
    while (living.length < CHILDREN) living.push(yield* self.receive());
    batchesNs.push(clock.read() - startNs);
  }
  clock.report(BATCH, quantile(batchesNs, 0.5));
}

// As on the BEAM's side: writing a line for each of the 100,000 ends would be all that is measured.
logger.setPrimaryLevel("none");
spawn(process.argv[2] === "sparse" ? sparse : full);
