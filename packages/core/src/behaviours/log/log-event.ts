import type { CrashReport, Report } from "../../kernel/events.ts";
import type { AnyPid } from "../../values/pid.ts";
import type { CrashSupervision } from "./log-decision.ts";
import type { LogLevel } from "./log-level.ts";

/** Data beside a text, by key. */
export type LogFields = Readonly<Record<string, unknown>>;

/** What an event says. */
export type LogMessage =
  /** What the program says by `logger.info` and its sisters. */
  | { readonly type: "text"; readonly text: string; readonly fields: LogFields }
  /** A process has ended unexpectedly; `lines` are the last that it logged, oldest first. Of a supervised one, what its supervisor has decided. */
  | {
      readonly type: "crash";
      readonly report: CrashReport;
      readonly lines: readonly LogEvent[];
      readonly supervision?: CrashSupervision;
    }
  /** An error that no process could be ended for; `pid` has ended before. */
  | { readonly type: "stray"; readonly error: unknown; readonly pid: AnyPid | null }
  /** What a library process has to say: a supervisor's restart, for instance. */
  | { readonly type: "report"; readonly report: Report }
  /** `of` has come `count` times more within `withinMs`. */
  | { readonly type: "repeat"; readonly of: LogEvent; readonly count: number; readonly withinMs: number };

/** What is known of an event beside what it says; the process metadata are part of it. */
export interface LogMetadata extends LogFields {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The name of the node. */
  readonly node: string;
  /** Who logs, or whom it is about; null outside processes. */
  readonly pid: AnyPid | null;
  /** The registered name of that process. */
  readonly name: string | undefined;
}

/** One thing that was logged. It is immutable. */
export interface LogEvent {
  readonly level: LogLevel;
  readonly message: LogMessage;
  readonly metadata: LogMetadata;
}

const OWN_METADATA: readonly string[] = ["time", "node", "pid", "name"];

/** The metadata that the program has set. */
export function contextOf(metadata: LogMetadata): LogFields {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !OWN_METADATA.includes(key)));
}
