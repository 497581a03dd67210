// What must not leave the program: values under telling keys. They are replaced before any handler sees an event.

import type { CrashReport } from "../../kernel/events.ts";
import { copyError } from "../../mechanisms/copy-error.ts";
import { MESSAGE_DEPTH_MAX } from "../../values/limits.ts";
import type { LogEvent, LogFields, LogMessage } from "./log-event.ts";

/** Keys whose values are replaced unless the program says otherwise, compared without case, `-` and `_`. */
export const REDACTED_KEYS: readonly string[] = [
  "apikey",
  "authorization",
  "cookie",
  "password",
  "passwd",
  "privatekey",
  "secret",
  "setcookie",
  "token",
  "accesstoken",
  "refreshtoken",
];

/** What stands where something was taken out. */
const REDACTED = "[redacted]";
/** Stands for what throws when it is looked into, such as a revoked proxy that somebody threw. */
const UNREADABLE = "[unreadable]";
/** Stands for an error inside its own causes. */
const CIRCULAR = "[circular]";

/** Takes the values under some keys out of events. */
export class Redaction {
  readonly #keys: ReadonlySet<string>;
  /** The errors whose causes are being looked at. */
  readonly #open = new Set<Error>();

  constructor(keys: readonly string[]) {
    this.#keys = new Set(keys.map(plain));
  }

  /** `event` without what must not leave. */
  event({ level, message, metadata }: LogEvent): LogEvent {
    const { time, node, pid } = metadata;
    return { level, message: this.#message(message), metadata: { ...this.#fields(metadata), time, node, pid } };
  }

  #message(message: LogMessage): LogMessage {
    switch (message.type) {
      case "text":
        return { ...message, fields: this.#fields(message.fields) };
      case "report":
        return { ...message, report: { ...message.report, details: this.#fields(message.report.details) } };
      case "crash":
        return { ...message, report: this.#crash(message.report) };
      case "stray":
        return { ...message, error: this.#part(message.error, MESSAGE_DEPTH_MAX) };
      case "repeat":
        return message;
    }
  }

  #crash(report: CrashReport): CrashReport {
    const { label, handling, state, reason, waiting } = report;
    const details = {
      label,
      reason,
      ...("handling" in report ? { handling } : {}),
      ...("state" in report ? { state } : {}),
    };
    return { ...report, ...this.#fields(details), waiting: waiting.map((part) => this.#part(part, MESSAGE_DEPTH_MAX)) };
  }

  #fields<T extends LogFields>(fields: T): T {
    // Keys and the kinds of values stay: only what stands under a telling key is another.
    return this.#part(fields, MESSAGE_DEPTH_MAX) as T;
  }

  /** The value itself where nothing in it is to be taken out. What is thrown may be anything at all, and must not end the log. */
  #part(value: unknown, depthLeft: number): unknown {
    if (typeof value !== "object" || value === null) return value;
    try {
      return this.#object(value, depthLeft);
    } catch {
      return UNREADABLE;
    }
  }

  #object(value: object, depthLeft: number): unknown {
    if (depthLeft === 0) return REDACTED;
    if (Array.isArray(value))
      return unlessSame(
        value,
        value.map((part) => this.#part(part, depthLeft - 1)),
      );
    if (value instanceof Map) return new Map([...value].map(([key, part]) => [key, this.#entry(key, part, depthLeft)]));
    if (value instanceof Error) return this.#error(value, depthLeft);
    if (!isPlain(value)) return value;
    const entries = Object.entries(value);
    const redacted = entries.map(([key, part]) => [key, this.#entry(key, part, depthLeft)] as const);
    return redacted.every(([, part], at) => part === entries[at]?.[1]) ? value : Object.fromEntries(redacted);
  }

  /** An error is told of by its words, its stack and its causes: only a cause that is data has keys. */
  #error(error: Error, depthLeft: number): unknown {
    if (this.#open.has(error)) return CIRCULAR;
    this.#open.add(error);
    const cause = this.#part(error.cause, depthLeft - 1);
    this.#open.delete(error);
    // The cause is looked at once: twice at each link would make a chain of causes take longer than anybody waits.
    if (cause === error.cause) return error;
    return copyError(error, (part) => (part === error.cause ? cause : this.#part(part, depthLeft - 1)));
  }

  #entry(key: unknown, value: unknown, depthLeft: number): unknown {
    return typeof key === "string" && this.#keys.has(plain(key)) ? REDACTED : this.#part(value, depthLeft - 1);
  }
}

function plain(key: string): string {
  return key.toLowerCase().replaceAll(/[-_]/g, "");
}

function unlessSame(parts: readonly unknown[], redacted: readonly unknown[]): readonly unknown[] {
  return redacted.every((part, at) => part === parts[at]) ? parts : redacted;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
