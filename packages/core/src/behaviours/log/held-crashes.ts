// A crash and what the supervisor makes of it, told in one piece.
//
//   crash of a child ──► held ──┬─ child_terminated, "restart" ──► held ──┬─ progress of the same child ──► told, with the new pid
//                               │                                         └─ what ends the wait ──────────► told, without
//                               ├─ child_terminated, otherwise ──► told, with the decision
//                               └─ what ends the wait ───────────► told as it is
//
// A crash must not be lost or late, so the wait is short: it ends with the turn in which nothing is left to run (then the supervisor is busy
// with a child that takes its time), after HELD_MS in a node that always has something to run, at a flush, at a halt, and when the supervisor
// reports something else that has gone wrong.

import type { Report } from "../../kernel/events.ts";
import type { AnyPid } from "../../values/pid.ts";
import type { SupervisorDecision } from "./log-decision.ts";
import type { LogEvent, LogMessage } from "./log-event.ts";

/** Milliseconds for which a busy node keeps a crash back. */
export const HELD_MS = 100;

/** Crashes kept back at once; more are told as they are. */
const HELD_MAX = 1_000;

/** An event that tells of a crash. */
export interface CrashEvent extends LogEvent {
  readonly message: Extract<LogMessage, { readonly type: "crash" }>;
}

interface Held {
  event: CrashEvent;
  readonly supervisor: AnyPid;
  readonly sinceMs: number;
  /** Of the child that is being restarted; a dynamic one has none. */
  childId: unknown;
}

/** What a report of a supervisor does to the crashes that wait for it. */
export interface Heard {
  readonly released: readonly CrashEvent[];
  /** Whether the report is told with a crash, and so not by itself. */
  readonly isTold: boolean;
}

const NOTHING_HEARD: Heard = { released: [], isTold: false };

/** Crashes that wait for the decision of a supervisor. */
export class HeldCrashes {
  /** Oldest first, by the pid of the child. */
  readonly #held = new Map<AnyPid, Held>();

  get size(): number {
    return this.#held.size;
  }

  /** Keeps `event` back, which is about a child of `supervisor`. @returns whether there was room */
  hold(event: CrashEvent, supervisor: AnyPid, nowMs: number): boolean {
    if (this.#held.size >= HELD_MAX) return false;
    this.#held.set(event.message.report.pid, { event, supervisor, sinceMs: nowMs, childId: undefined });
    return true;
  }

  /** Takes note of a report of `supervisor`. */
  hear(supervisor: AnyPid, { label, details }: Report): Heard {
    if (this.#held.size === 0) return NOTHING_HEARD;
    if (label === "child_terminated") return this.#decided(supervisor, details);
    if (label === "progress")
      return { released: this.#restarted(supervisor, childOf(details["started"])), isTold: false };
    return { released: this.#release((held) => held.supervisor === supervisor), isTold: false };
  }

  /** Takes those that have waited since `thresholdMs` or longer. */
  releaseUntil(thresholdMs: number): CrashEvent[] {
    return this.#release(({ sinceMs }) => sinceMs <= thresholdMs);
  }

  #decided(supervisor: AnyPid, details: Report["details"]): Heard {
    const { pid, id } = childOf(details["offender"]);
    const held = this.#held.get(pid);
    if (held?.supervisor !== supervisor) return NOTHING_HEARD;
    // With this label supervisors report nothing else.
    const decision = details["decision"] as SupervisorDecision;
    const supervision = { supervisor: details["supervisor"], decision, restartedAs: undefined };
    held.event = { ...held.event, message: { ...held.event.message, supervision } };
    held.childId = id;
    return { released: decision.do === "restart" ? [] : this.#release((each) => each === held), isTold: true };
  }

  #restarted(supervisor: AnyPid, { pid, id }: ChildPart): CrashEvent[] {
    const released = this.#release(
      (held) => held.supervisor === supervisor && held.childId === id && held.event.message.supervision !== undefined,
    );
    return released.map((event) => withSuccessor(event, pid));
  }

  #release(isReleased: (held: Held) => boolean): CrashEvent[] {
    const released: CrashEvent[] = [];
    for (const [pid, held] of this.#held) {
      if (!isReleased(held)) continue;
      this.#held.delete(pid);
      released.push(held.event);
    }
    return released;
  }
}

interface ChildPart {
  readonly pid: AnyPid;
  readonly id: unknown;
}

/** What supervisors report of children. */
function childOf(described: unknown): ChildPart {
  // Whoever reports with these labels describes a child.
  return described as ChildPart;
}

function withSuccessor(event: CrashEvent, restartedAs: AnyPid): CrashEvent {
  const { message } = event;
  if (message.supervision === undefined) return event;
  return { ...event, message: { ...message, supervision: { ...message.supervision, restartedAs } } };
}
