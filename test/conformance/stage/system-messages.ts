// Reading messages that may be anything.

import type { AnyPid } from "@krarup/core";

/** Whether `message` is an EXIT message of `pid`. */
export function isExitOf(pid: AnyPid, message: unknown): boolean {
  return typeOf(message) === "EXIT" && partOf(message, "pid") === pid;
}

/** The reason in an EXIT or DOWN message; undefined in any other. */
export function exitReasonIn(message: unknown): unknown {
  return partOf(message, "reason");
}

/** The word by which a system message is known. */
export function typeOf(message: unknown): unknown {
  return partOf(message, "type");
}

/** The ref in a DOWN or timeout message. */
export function refIn(message: unknown): unknown {
  return partOf(message, "ref");
}

function partOf(message: unknown, key: string): unknown {
  if (typeof message !== "object" || message === null) return undefined;
  return Object.entries(message).find(([own]) => own === key)?.[1];
}
