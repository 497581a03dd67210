// Monitors: one node per monitor, which is at the same time its ref and the tag of the messages that come through it.
//
// Each node stands in two doubly linked lists, so that both ends can drop it in O(1): the list of those that watch the
// target, and the list of those that the watcher holds. Without the second, a server watched by a million short-lived
// clients would keep a million dead nodes.

import { Ref } from "../values/ref.ts";

/** The part of a process that monitors need. */
export interface MonitorEnds {
  /** Monitors that others hold on this process. */
  watchedBy: Monitor | null;
  /** Monitors that this process holds. */
  watches: Monitor | null;
}

/** How long messages sent to the ref of a monitor or alias reach its owner. */
export type AliasMode = "none" | "explicit_unalias" | "demonitor" | "reply_demonitor";

/** As `reply_demonitor`, and the reply arrives in an envelope that names the ref: for requests whose reply nobody waits for yet. */
export const REQUEST = "request";

/** One process watching another. */
export class Monitor extends Ref {
  declare readonly watcher: MonitorEnds;
  /** Null once the monitor has fired or was removed. */
  declare target: MonitorEnds | null;
  /** Whether and how long the ref is an address of the watcher. */
  declare aliasMode: AliasMode | typeof REQUEST;
  /** Whether its DOWN has been sent. */
  declare hasFired: boolean;
  /** The registered name by which the target was found, and the word that replaces "DOWN"; null when neither was given. */
  declare readonly naming: MonitorNaming | null;
  declare nextOnTarget: Monitor | null;
  declare previousOnTarget: Monitor | null;
  declare nextOfWatcher: Monitor | null;
  declare previousOfWatcher: Monitor | null;

  constructor(id: number, watcher: MonitorEnds, aliasMode: AliasMode | typeof REQUEST, naming: MonitorNaming | null) {
    super(id);
    this.watcher = watcher;
    this.target = null;
    this.aliasMode = aliasMode;
    this.hasFired = false;
    this.naming = naming;
    this.nextOnTarget = null;
    this.previousOnTarget = null;
    this.nextOfWatcher = null;
    this.previousOfWatcher = null;
  }
}

/** The monitor of a call: what comes through it stays in it, for the one operation that waits for it and knows where to look. */
export class CallMonitor extends Monitor {
  declare readonly server: MonitorEnds;
  /** The reply, or, once it has fired, why there will be none. */
  declare outcome: unknown;
  declare isSettled: boolean;

  constructor(id: number, watcher: MonitorEnds, server: MonitorEnds) {
    super(id, watcher, "reply_demonitor", null);
    this.server = server;
    this.outcome = undefined;
    this.isSettled = false;
  }
}

/** What a monitor's DOWN message says instead of the pid and of the word DOWN. */
export interface MonitorNaming {
  readonly name?: string;
  readonly tag?: string;
}

/** Puts `monitor` into both lists. O(1). */
export function attachMonitor(monitor: Monitor, target: MonitorEnds): void {
  const { watcher } = monitor;
  monitor.target = target;
  monitor.nextOnTarget = target.watchedBy;
  if (target.watchedBy !== null) target.watchedBy.previousOnTarget = monitor;
  target.watchedBy = monitor;
  monitor.nextOfWatcher = watcher.watches;
  if (watcher.watches !== null) watcher.watches.previousOfWatcher = monitor;
  watcher.watches = monitor;
}

/** Takes `monitor` out of both lists. O(1). @returns whether it was still in them */
export function detachMonitor(monitor: Monitor): boolean {
  const { target, watcher } = monitor;
  if (target === null) return false;
  monitor.target = null;
  if (monitor.previousOnTarget === null) target.watchedBy = monitor.nextOnTarget;
  else monitor.previousOnTarget.nextOnTarget = monitor.nextOnTarget;
  if (monitor.nextOnTarget !== null) monitor.nextOnTarget.previousOnTarget = monitor.previousOnTarget;
  if (monitor.previousOfWatcher === null) watcher.watches = monitor.nextOfWatcher;
  else monitor.previousOfWatcher.nextOfWatcher = monitor.nextOfWatcher;
  if (monitor.nextOfWatcher !== null) monitor.nextOfWatcher.previousOfWatcher = monitor.previousOfWatcher;
  monitor.nextOnTarget = monitor.previousOnTarget = monitor.nextOfWatcher = monitor.previousOfWatcher = null;
  return true;
}

/** The monitor that others have held on `target` for longest; `previousOnTarget` leads to the younger ones. */
export function oldestOn(target: MonitorEnds): Monitor | null {
  let monitor = target.watchedBy;
  while (monitor !== null && monitor.nextOnTarget !== null) monitor = monitor.nextOnTarget;
  return monitor;
}

/** Monitors that others hold on `target`, oldest first. */
export function monitorsOn(target: MonitorEnds): Monitor[] {
  const found: Monitor[] = [];
  for (let at = target.watchedBy; at !== null; at = at.nextOnTarget) found.push(at);
  return found.reverse();
}

/** Monitors that `watcher` holds, oldest first. */
export function monitorsOf(watcher: MonitorEnds): Monitor[] {
  const found: Monitor[] = [];
  for (let at = watcher.watches; at !== null; at = at.nextOfWatcher) found.push(at);
  return found.reverse();
}
