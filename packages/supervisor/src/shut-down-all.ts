// Ending many children at once: all are told, then all are waited for, so that the whole takes as long as the slowest child and no longer.
// For each child it is the protocol of shut-down.ts. Children with the same patience share one timer.

import { type AnyPid, cancelTimer, type Down, exit, monitor, type Ref, startTimer, type Timeout } from "@krarup/core";
import type { Process } from "@krarup/core/internal";
import { type Child, isRunning } from "./child-table.ts";
import { reasonOfEnd, signalFor } from "./shut-down.ts";
import type { Step } from "./supervising-body.ts";

/** A child that has ended, and how. */
export interface EndedChild {
  readonly child: Child;
  readonly reason: unknown;
}

/** Ends those of `children` that are running, all at once. */
export function* shutDownAll(supervisor: Process, children: Iterable<Child>): Step<EndedChild[]> {
  const waiting = tellAll(children);
  const timers = startTimers(supervisor, waiting.values());
  const ended: EndedChild[] = [];
  while (waiting.size > 0) {
    // The guard lets through nothing but DOWN of these children and messages of these timers.
    const message = (yield* supervisor.receive((it: unknown) => concerns(it, waiting, timers))) as Down | Timeout;
    const child = waiting.get(message.ref);
    if (child === undefined) killPatientFor(timers.get(message.ref), waiting.values());
    else {
      waiting.delete(message.ref);
      // Timers have no child.
      ended.push({ child, reason: yield* reasonOfEnd(supervisor, message as Down) });
    }
  }
  for (const timer of timers.keys()) cancelTimer(timer);
  return ended;
}

function tellAll(children: Iterable<Child>): Map<Ref, Child> {
  const told = new Map<Ref, Child>();
  for (const child of children) {
    if (!isRunning(child.pid)) continue;
    told.set(monitor(child.pid), child);
    exit(child.pid, signalFor(child.spec.shutdown));
  }
  return told;
}

/** One timer for each length of patience. @returns the length by timer */
function startTimers(supervisor: Process, children: Iterable<Child>): Map<Ref, number> {
  const lengths = new Set<number>();
  for (const { spec } of children) if (typeof spec.shutdown === "number") lengths.add(spec.shutdown);
  const timers = new Map<Ref, number>();
  for (const ms of lengths) timers.set(startTimer(ms, supervisor, "kill"), ms);
  return timers;
}

function concerns(message: unknown, waiting: ReadonlyMap<Ref, Child>, timers: ReadonlyMap<Ref, number>): boolean {
  if (typeof message !== "object" || message === null || !("ref" in message)) return false;
  // A Map answers false for what is no key of it.
  const ref = message.ref as Ref;
  return waiting.has(ref) || timers.has(ref);
}

function killPatientFor(ms: number | undefined, children: Iterable<Child>): void {
  // Those that wait are running: `tellAll` told no others.
  for (const { spec, pid } of children) if (spec.shutdown === ms) exit(pid as AnyPid, "kill");
}
