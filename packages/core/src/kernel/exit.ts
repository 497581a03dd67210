// The end of a process, and what follows from it.
//
// An end runs in this order, which OTP's programs rely on:
//
//   1. it is no longer alive, its mailbox and its body are gone; the body is dropped and never told (no `finally` runs)
//   2. its name is free, its timers, its monitors, its tables and its slot are released
//   3. its links are told, in the order of linking: EXIT signals
//   4. those who monitor it are told, oldest first: DOWN messages
//
// So whoever hears of an end finds the name free. A signal may end its receiver, whose links may end theirs: the ends wait in a
// queue and are worked off one by one, so that a cascade of any length needs no stack.

import { isInstance, reasonForOneMore, reasonOfThrown, toExitReason } from "../mechanisms/exit-term.ts";
import { clear, listMessages } from "../mechanisms/mailbox.ts";
import { listLinks, removeLink } from "../mechanisms/links.ts";
import { CallMonitor, detachMonitor, oldestOn, type Monitor } from "../mechanisms/monitors.ts";
import { type ExitSignalOrigin, judgeExitSignal } from "../mechanisms/verdict.ts";
import { isOrderly } from "../values/exit-reason.ts";
import { cpu } from "./cpu.ts";
import { deliver, settleCall } from "./delivery.ts";
import { EVENT_BIT, type CrashReport } from "./events.ts";
import { ExitException } from "./exit-exception.ts";
import { doom, EXITED, isLiving, LIBRARY, type Process, STATE, TRAPS_EXITS } from "./process.ts";

interface Ending {
  readonly process: Process;
  readonly reason: unknown;
}

/** Processes that are condemned and not yet cleaned up, in the order of their condemnation. */
let endings: Ending[] = [];
let isWorking = false;

/** Ends `process` with `reason`, which must be isolated already, and everything that falls with it. */
export function terminate(process: Process, reason: unknown): void {
  if ((process.flags & STATE) === EXITED) return;
  process.flags |= EXITED;
  if (isWorking) endings.push({ process, reason });
  else startWithEnding(process, reason);
}

/** Ends `process` because its body let `thrown` pass. */
export function endByException(process: Process, thrown: unknown): void {
  const isExit = isInstance(thrown, ExitException);
  const reason = isExit ? toExitReason(thrown.reason) : reasonOfThrown(thrown);
  const isUnexpected = isExit ? (process.flags & LIBRARY) !== 0 && !isOrderly(reason) : true;
  const report = isUnexpected ? crashReport(process, reason) : null;
  terminate(process, reason);
  if (report !== null) process.node.reportCrash(report);
}

/**
 * Lets an exit signal take its effect on `to`.
 * A signal that would end the running process takes effect at its next operation: until then it cannot be stopped.
 */
export function signalExit(to: Process, from: Process | null, reason: unknown, origin: ExitSignalOrigin): void {
  if ((to.flags & STATE) === EXITED) return;
  const verdict = judgeExitSignal(origin, reason, (to.flags & TRAPS_EXITS) !== 0);
  switch (verdict.do) {
    case "ignore":
      return;
    case "deliver":
      deliver(to, { type: "EXIT", pid: from ?? to.node.system, reason: reasonForOneMore(reason) }, null);
      return;
    case "end":
      end(to, verdict.reason);
      return;
  }
}

/** Ends `process`: at once, or at its next operation if it is the one that runs. */
export function end(process: Process, reason: unknown): void {
  if (process === cpu.process) doom(process, reason);
  else terminate(process, reason);
}

/** Cleans up the first of a cascade, which nearly always is the only one and then needs no queue. */
function startWithEnding(process: Process, reason: unknown): void {
  isWorking = true;
  try {
    cleanUp(process, reason);
    if (endings.length > 0) workOff();
  } finally {
    isWorking = false;
  }
}

function workOff(): void {
  try {
    for (let i = 0; i < endings.length; i++) {
      const ending = endings[i];
      if (ending !== undefined) cleanUp(ending.process, ending.reason);
      // A long cascade must not keep all its dead until it is over. Halving keeps the cost per ending constant.
      if (i > 4_096 && i * 2 > endings.length) {
        endings = endings.slice(i + 1);
        i = -1;
      }
    }
  } finally {
    endings = [];
  }
}

function cleanUp(process: Process, reason: unknown): void {
  const { node, links } = process;
  node.waits.attach();
  process.body = null;
  process.parent = null;
  process.awaiting = null;
  process.links = null;
  clear(process);
  node.release(process, reason);
  while (process.watches !== null) detachMonitor(process.watches);
  if (links !== null) tellLinks(process, links, reason);
  if (process.watchedBy !== null) tellWatchers(process, reason);
  process.rare = null;
  process.entry = null;
  if ((node.events.wanted & EVENT_BIT.exit) !== 0)
    node.events.emit({ type: "exit", at: node.now(), pid: process, reason });
}

function tellLinks(process: Process, links: Process | Set<Process>, reason: unknown): void {
  // One link, to a supervisor, is the common case.
  if (!(links instanceof Set)) tellLink(process, links, reason);
  else for (const peer of [...links]) tellLink(process, peer, reason);
}

function tellLink(process: Process, peer: Process, reason: unknown): void {
  peer.links = removeLink(peer.links, process);
  signalExit(peer, process, reason, "link");
}

function tellWatchers(process: Process, reason: unknown): void {
  for (let monitor = oldestOn(process); monitor !== null;) {
    const younger: Monitor | null = monitor.previousOnTarget;
    fire(monitor, process, reason);
    monitor = younger;
  }
}

/** Sends the one DOWN of `monitor`, whose target has ended. */
export function fire(monitor: Monitor, target: Process, reason: unknown): void {
  detachMonitor(monitor);
  if (monitor.aliasMode !== "explicit_unalias") monitor.aliasMode = "none";
  monitor.hasFired = true;
  if (monitor instanceof CallMonitor) return settleCall(monitor, reasonForOneMore(reason));
  const { naming, watcher } = monitor;
  const pid = naming?.name === undefined ? target : { name: naming.name, node: target.node.name };
  // Watchers are process records: only the kernel makes monitors.
  deliver(
    watcher as Process,
    { type: naming?.tag ?? "DOWN", ref: monitor, pid, reason: reasonForOneMore(reason) },
    monitor,
  );
}

function crashReport(process: Process, reason: unknown): CrashReport {
  return {
    pid: process,
    name: process.node.names.nameOf(process),
    label: process.rare?.label,
    entry: entryName(process),
    isLibrary: (process.flags & LIBRARY) !== 0,
    reason,
    ...process.body?.crashDetails?.(),
    ancestors: ancestorsOf(process),
    links: listLinks(process.links),
    queueLength: process.queueLength,
    waiting: listMessages(process).slice(0, 3),
    reductions: process.reductions,
    ageMs: process.node.now() - process.bornAt,
  };
}

/** The name of the function or behaviour that `process` runs. */
export function entryName(process: Process): string {
  const { entry } = process;
  if (typeof entry === "string") return entry;
  return typeof entry === "function" && typeof entry.name === "string" && entry.name !== "" ? entry.name : "anonymous";
}

/** Parent, grandparent and so on, up to and including the first that has ended. */
export function ancestorsOf(process: Process): Process[] {
  const ancestors: Process[] = [];
  for (let at = process.parent; at !== null && isLiving(at); at = at.parent) ancestors.push(at);
  return ancestors;
}
