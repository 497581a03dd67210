// Looking at processes from outside, without disturbing them.

import { listLinks } from "../mechanisms/links.ts";
import { listMessages } from "../mechanisms/mailbox.ts";
import { Monitor, monitorsOf, monitorsOn } from "../mechanisms/monitors.ts";
import type { AnyPid } from "../values/pid.ts";
import { currentNode } from "./current.ts";
import { ancestorsOf, entryName } from "./exit.ts";
import {
  isLiving,
  NO_MESSAGE,
  PRIORITIES,
  PRIORITY_MASK,
  PRIORITY_SHIFT,
  type Priority,
  Process,
  recordOf,
  RUNNABLE,
  RUNNING,
  STATE,
  TRAPS_EXITS,
} from "./process.ts";

/** What there is to know of a living process. */
export interface ProcessInfo {
  readonly pid: AnyPid;
  readonly registeredName: string | undefined;
  readonly label: unknown;
  /** Name of the function that the process runs. */
  readonly initialCall: string;
  readonly status: "running" | "runnable" | "waiting";
  /** What a waiting process waits for: any message, one through a ref, a server's reply, or time or a promise. */
  readonly waitingFor: "message" | "ref" | "time" | AnyPid | undefined;
  readonly parent: AnyPid | undefined;
  /** Parent, grandparent and so on, up to and including the first that has ended. */
  readonly ancestors: readonly AnyPid[];
  readonly priority: Priority;
  readonly trapExit: boolean;
  /** In the order of linking. */
  readonly links: readonly AnyPid[];
  /** Processes that this one monitors, once per monitor. */
  readonly monitors: readonly AnyPid[];
  /** Processes that monitor this one, once per monitor. */
  readonly monitoredBy: readonly AnyPid[];
  readonly groupLeader: AnyPid | undefined;
  readonly dictionary: Readonly<Record<string, unknown>>;
  /** Messages waiting. */
  readonly messageQueueLength: number;
  /** Messages that ever arrived. */
  readonly received: number;
  /** Messages refused or displaced by the limit of the mailbox. */
  readonly dropped: number;
  /** Messages sent while somebody wanted events of types send, receive or slice. */
  readonly sent: number;
  readonly reductions: number;
  /** Milliseconds on the processor while somebody wanted events of types send, receive or slice. */
  readonly busyMs: number;
  /** Milliseconds since the process was made, to the accuracy of a turn. */
  readonly ageMs: number;
  /** Timers aimed at the process, its own waits among them. */
  readonly timers: number;
}

/**
 * What is known of a process.
 *
 * **Cost.** O(links + monitors + timers of the process).
 *
 * @returns undefined when the process has ended
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#process_info/2 | erlang:process_info/2}
 */
export function processInfo(pid: AnyPid): ProcessInfo | undefined {
  const process = recordOf(pid);
  if (!isLiving(process)) return undefined;
  const { node, rare } = process;
  node.waits.attach();
  return {
    pid: process,
    registeredName: node.names.nameOf(process),
    label: rare?.label,
    initialCall: entryName(process),
    status: statusOf(process),
    waitingFor: waitingFor(process),
    parent: process.parent ?? undefined,
    ancestors: ancestorsOf(process),
    priority: priorityOf(process),
    trapExit: (process.flags & TRAPS_EXITS) !== 0,
    links: listLinks(process.links),
    // Both ends of a monitor are process records: only the kernel makes monitors.
    monitors: monitorsOf(process).map((monitor) => monitor.target as Process),
    monitoredBy: monitorsOn(process).map((monitor) => monitor.watcher as Process), // as above
    groupLeader: rare?.groupLeader ?? node.user ?? undefined,
    dictionary: dictionaryOf(process),
    messageQueueLength: process.queueLength,
    received: process.received,
    dropped: rare?.dropped ?? 0,
    sent: rare?.sent ?? 0,
    reductions: process.reductions,
    busyMs: rare?.busyMs ?? 0,
    ageMs: Math.max(0, node.now() - process.bornAt),
    timers: timersOf(process),
  };
}

/**
 * The messages that wait in the mailbox of a process, oldest first. They are the receiver's: look, do not change.
 *
 * @returns undefined when the process has ended
 */
export function waitingMessages(pid: AnyPid): readonly unknown[] | undefined {
  const process = recordOf(pid);
  return isLiving(process) ? listMessages(process) : undefined;
}

/**
 * Whether a process has not ended.
 *
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#is_process_alive/1 | erlang:is_process_alive/1}
 */
export function isAlive(pid: AnyPid): boolean {
  return isLiving(recordOf(pid));
}

/** Whether `value` is a pid. */
export function isPid(value: unknown): value is AnyPid {
  return value instanceof Process;
}

/**
 * Every living process of the node, in order of their slots.
 *
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#processes/0 | erlang:processes/0}
 */
export function processes(): AnyPid[] {
  return [...currentNode().table];
}

/** The priority alone, at the same cost whatever the process is linked to. */
export function priorityOf({ flags }: Process): Priority {
  // The mask leaves 0 to 3, and there are four priorities.
  return PRIORITIES[(flags >> PRIORITY_SHIFT) & PRIORITY_MASK] as Priority;
}

function statusOf(process: Process): ProcessInfo["status"] {
  const state = process.flags & STATE;
  if (state === RUNNING) return "running";
  return state === RUNNABLE ? "runnable" : "waiting";
}

function waitingFor(process: Process): ProcessInfo["waitingFor"] {
  if (statusOf(process) !== "waiting") return undefined;
  if (process.awaiting === null) return "message";
  if (process.awaiting === NO_MESSAGE) return "time";
  // The target of a monitor is a process record: only the kernel makes monitors.
  return process.awaiting instanceof Monitor && process.awaiting.target !== null
    ? (process.awaiting.target as Process)
    : "ref";
}

function dictionaryOf(process: Process): Record<string, unknown> {
  return Object.fromEntries([...(process.rare?.dictionary ?? [])].map(([key, value]) => [key.name, value]));
}

function timersOf(process: Process): number {
  let count = 0;
  for (let timer = process.timers; timer !== null; timer = timer.nextOfTarget) count++;
  return count;
}
