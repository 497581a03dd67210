// Events for programs: one JSON object on each line.

import { brief, stackOf } from "../../kernel/explain.ts";
import type { CrashSupervision } from "./log-decision.ts";
import { contextOf, type LogEvent, type LogFields, type LogMessage } from "./log-event.ts";
import { reportText } from "./log-pretty.ts";

/** An event as one line of JSON, with a line feed at its end. What JSON cannot say is said in text. */
export function jsonEvent(event: LogEvent): string {
  const { level, metadata } = event;
  const { time, node, pid, name } = metadata;
  const context = contextOf(metadata);
  const head = { time: new Date(time).toISOString(), level, node, pid, name };
  const body: LogFields = { ...bodyOf(event), ...(Object.keys(context).length === 0 ? {} : { metadata: context }) };
  return `${stringified({ ...head, ...body }) ?? stringified({ ...head, message: brief(body["message"]) })}\n`;
}

function bodyOf({ message }: LogEvent): LogFields {
  switch (message.type) {
    case "text":
      return { message: message.text, ...(Object.keys(message.fields).length === 0 ? {} : { fields: message.fields }) };
    case "crash":
      return crashBody(message);
    case "stray":
      return { message: "stray error", type: "stray", reason: message.error };
    case "report":
      return { message: reportText(message.report), type: message.report.label, details: message.report.details };
    case "repeat": {
      const { message: text, type } = bodyOf(message.of);
      return { message: text, type, repeated: message.count, withinMs: message.withinMs };
    }
  }
}

function crashBody({ report, lines, supervision }: Extract<LogMessage, { readonly type: "crash" }>): LogFields {
  const { name, entry, reason, ancestors, links, queueLength, waiting, reductions, ageMs } = report;
  const { label, handling, state } = report;
  const lastLines = lines.map((line) => line.message.type === "text" && line.message.text);
  return {
    message: `${name ?? entry} ended unexpectedly: ${brief(reason)}`,
    type: "crash",
    crash: { entry, label, reason, handling, state, ancestors, links, queueLength, waiting, reductions, ageMs },
    ...(supervision === undefined ? {} : { supervision: supervisionBody(supervision) }),
    ...(lines.length === 0 ? {} : { lastLines }),
  };
}

function supervisionBody({ supervisor, decision, restartedAs }: CrashSupervision): LogFields {
  return { supervisor, ...decision, restartedAs };
}

function stringified(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_key, part: unknown) => sayable(part));
  } catch {
    return undefined;
  }
}

function sayable(part: unknown): unknown {
  if (typeof part === "bigint") return `${part}n`;
  if (part instanceof Map) return [...part];
  if (part instanceof Set) return [...part];
  if (part instanceof Error) return errorBody(part);
  return typeof part === "symbol" || typeof part === "function" ? String(part) : part;
}

function errorBody(error: Error): LogFields {
  const { name, message, cause } = error;
  return { name, message, stack: stackOf(error), ...(cause === undefined ? {} : { cause }) };
}
