// Processes as rows and details. Everything is taken from the kernel's records; nothing is asked of a process.

import { type AnyPid, isAlive, type ProcessInfo, processInfo, waitingMessages } from "@krarup/core";
import type { ProcessDetails, ProcessRow, SupervisorDetails } from "../protocol.ts";
import { labelText, nameText, preview } from "./preview.ts";

const LIST_MAX = 100;
const MESSAGES_MAX = 10;

/** The row of `pid`, or undefined when it has ended. */
export function processRow(pid: AnyPid): ProcessRow | undefined {
  const info = processInfo(pid);
  return info === undefined ? undefined : rowOf(info);
}

/** Everything about `pid`, or undefined when it has ended. */
export function processDetails(pid: AnyPid, supervisor: SupervisorDetails | null): ProcessDetails | undefined {
  const info = processInfo(pid);
  if (info === undefined) return undefined;
  return {
    ...rowOf(info),
    ancestors: printed(info.ancestors.filter(isAlive)),
    links: printed(info.links),
    monitors: printed(info.monitors),
    monitoredBy: printed(info.monitoredBy),
    groupLeader: info.groupLeader?.toString() ?? null,
    dictionary: dictionaryText(info.dictionary),
    messages: (waitingMessages(pid) ?? []).slice(0, MESSAGES_MAX).map(preview),
    supervisor,
  };
}

function rowOf(info: ProcessInfo): ProcessRow {
  return {
    pid: info.pid.toString(),
    name: info.registeredName === undefined ? null : nameText(info.registeredName),
    label: labelText(info.label),
    initialCall: nameText(info.initialCall),
    status: info.status,
    waitingFor: waitingText(info.waitingFor),
    parent: info.parent?.toString() ?? null,
    priority: info.priority,
    trapExit: info.trapExit,
    linkCount: info.links.length,
    monitorCount: info.monitors.length,
    monitoredByCount: info.monitoredBy.length,
    messageQueueLength: info.messageQueueLength,
    received: info.received,
    dropped: info.dropped,
    sent: info.sent,
    reductions: info.reductions,
    busyMs: Math.round(info.busyMs),
    ageMs: Math.round(info.ageMs),
    timers: info.timers,
  };
}

/** What a process waits for, as it travels. */
export function waitingText(waitingFor: ProcessInfo["waitingFor"]): string | null {
  if (waitingFor === undefined) return null;
  return typeof waitingFor === "string" ? waitingFor : waitingFor.toString();
}

function printed(pids: readonly AnyPid[]): string[] {
  return pids.slice(0, LIST_MAX).map(String);
}

function dictionaryText(dictionary: Readonly<Record<string, unknown>>): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [key, value] of Object.entries(dictionary).slice(0, LIST_MAX)) shown[nameText(key)] = preview(value);
  return shown;
}
