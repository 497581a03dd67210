// Folding: a process that crashes the same way again and again is told of once, and then by a number.
//
//   0 s   ✝ mailer … ended unexpectedly                              written in full
//   …     thirteen more of the same                                  counted
//   10 s  ✝ mailer ended unexpectedly: Error: no   ×13 more in 10 s

import { brief, explainReason, UNPRINTABLE } from "../../kernel/explain.ts";
import type { LogEvent } from "./log-event.ts";

/** Milliseconds within which the same event counts as the same. */
export const FOLD_MS = 10_000;

/** Kinds of events that are remembered at once; the oldest are forgotten, and written in full again. */
const KINDS_MAX = 100;

interface Fold {
  readonly first: LogEvent;
  readonly sinceMs: number;
  count: number;
}

/** Remembers what was written lately. */
export class Folding {
  readonly #withinMs: number;
  readonly #folds = new Map<string, Fold>();

  constructor(withinMs: number) {
    this.#withinMs = withinMs;
  }

  /** Whether something was counted that has not been told of. */
  get isPending(): boolean {
    return [...this.#folds.values()].some(({ count }) => count > 0);
  }

  /** Whether `event` has been counted instead of being written. */
  absorbs(event: LogEvent, nowMs: number): boolean {
    const kind = this.#withinMs > 0 ? kindOf(event) : undefined;
    if (kind === undefined) return false;
    const fold = this.#folds.get(kind);
    if (fold !== undefined && nowMs - fold.sinceMs < this.#withinMs) {
      fold.count++;
      return true;
    }
    if (fold === undefined && !this.#makeRoom()) return false;
    this.#folds.set(kind, { first: event, sinceMs: nowMs, count: 0 });
    return false;
  }

  /** What was counted and whose time is up, or all of it: an event for each kind. They are forgotten. */
  due(nowMs: number, isLast = false): LogEvent[] {
    const repeats: LogEvent[] = [];
    for (const [kind, { first, sinceMs, count }] of this.#folds) {
      if (!isLast && nowMs - sinceMs < this.#withinMs) continue;
      this.#folds.delete(kind);
      const withinMs = Math.min(this.#withinMs, Math.round(nowMs - sinceMs));
      if (count > 0) repeats.push({ ...first, message: { type: "repeat", of: first, count, withinMs } });
    }
    return repeats;
  }

  /** Forgets the oldest of which there is nothing to tell, if there are too many. @returns whether there is room */
  #makeRoom(): boolean {
    if (this.#folds.size < KINDS_MAX) return true;
    for (const [kind, { count }] of this.#folds) if (count === 0) return this.#folds.delete(kind);
    return false;
  }
}

/** What makes two events the same; undefined for what is never folded. */
function kindOf({ level, message }: LogEvent): string | undefined {
  switch (message.type) {
    case "crash":
      return `crash ${message.report.name ?? ""} ${message.report.entry} ${brief(message.report.reason)}`;
    case "stray":
      return kindOfStray(explainReason(message.error));
    case "report":
      // What is only looked at by who looks closely is told in full.
      if (level === "debug") return undefined;
      return kindOfReport(message.report.label, message.report.details);
    case "text":
    case "repeat":
      return undefined;
  }
}

/** Two that cannot be printed need not be the same. */
function kindOfStray(text: string): string | undefined {
  return text === UNPRINTABLE ? undefined : `stray ${text}`;
}

function kindOfReport(label: string, { supervisor, reason, offender }: Readonly<Record<string, unknown>>): string {
  const id = typeof offender === "object" && offender !== null && "id" in offender ? offender.id : undefined;
  return [label, supervisor, id, brief(reason)].map(String).join(" ");
}
