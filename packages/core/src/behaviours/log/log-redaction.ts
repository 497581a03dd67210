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

/** Takes the values under some keys out of events. */
export class Redaction {
  readonly #keys: ReadonlySet<string>;

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

  /** The value itself where nothing in it is to be taken out. */
  #part(value: unknown, depthLeft: number): unknown {
    if (typeof value !== "object" || value === null) return value;
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
  #error(error: Error, depthLeft: number): Error {
    const redact = (part: unknown): unknown => this.#part(part, depthLeft - 1);
    return redact(error.cause) === error.cause ? error : copyError(error, redact);
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
