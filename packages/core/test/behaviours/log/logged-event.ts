import type { CrashReport, LogEvent, LogFields, LogLevel, LogMessage } from "@krarup/core";
import { spawnOpt } from "@krarup/core";
import { laboratory } from "../../laboratory.ts";

/** An event as if it had been logged outside all processes at the beginning of 1970. */
export function eventOf(message: LogMessage, level: LogLevel = "error", context: LogFields = {}): LogEvent {
  return { level, message, metadata: { ...context, time: 0, node: "lab", pid: null, name: undefined } };
}

/** An event that says `text`. */
export function textEvent(text: string, level: LogLevel = "info", fields: LogFields = {}): LogEvent {
  return eventOf({ type: "text", text, fields }, level);
}

/** The report of a process that has crashed with `reason`. */
export function crashOf(reason: unknown, more: Partial<CrashReport> = {}): CrashReport {
  const { node } = laboratory();
  return {
    pid: spawnOpt(function* () {}, [], { node }),
    name: "mailer",
    label: undefined,
    entry: "mailer",
    isLibrary: true,
    reason,
    ancestors: [],
    links: [],
    queueLength: 0,
    waiting: [],
    reductions: 3,
    ageMs: 7,
    ...more,
  };
}
