import type { Node } from "../../kernel/node.ts";
import type { LogEvent } from "./log-event.ts";
import { letsThrough, type LogThreshold } from "./log-level.ts";

/**
 * Decides about one event: `"stop"` ends it, `"ignore"` leaves it to the filters after this one, an event, the same or a changed one, is
 * taken and goes on to the filters after this one.
 */
export type LogFilter = (event: LogEvent) => LogEvent | "stop" | "ignore";

/** Where events go. */
export interface LogHandler {
  /** Default `"all"`. */
  readonly level?: LogThreshold;
  /** Asked in order, by name. */
  readonly filters?: Readonly<Record<string, LogFilter>>;
  /** What becomes of an event that every filter ignores; default `"log"`. */
  readonly filterDefault?: "log" | "stop";
  /**
   * Takes an event. It runs in whoever logs, so it must be quick and cannot wait; to do more, send the event to a process. A handler that
   * throws is removed.
   */
  log(event: LogEvent, node: Node): void;
  /** Called when it is removed, and by `logger.flush`: writes what it has kept back. */
  flush?(node: Node): void;
}

/** What `handler` takes of `event`: that, a changed one, or null for none. */
export function passedBy(handler: LogHandler, event: LogEvent): LogEvent | null {
  if (!letsThrough(handler.level ?? "all", event.level)) return null;
  return filtered(Object.values(handler.filters ?? {}), handler.filterDefault ?? "log", event);
}

/** What comes through `filters`. */
export function filtered(
  filters: Iterable<LogFilter>,
  filterDefault: "log" | "stop",
  event: LogEvent,
): LogEvent | null {
  let passing = event;
  let isTaken = filterDefault === "log";
  for (const filter of filters) {
    const verdict = filter(passing);
    if (verdict === "stop") return null;
    if (verdict === "ignore") continue;
    passing = verdict;
    isTaken = true;
  }
  return isTaken ? passing : null;
}
