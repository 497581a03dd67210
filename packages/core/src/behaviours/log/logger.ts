// The public face of logging: `import { logger } from "@krarup/core"`. All functions act for the node of the running process.

import { currentNode, currentProcess, requireProcess } from "../../kernel/current.ts";
import { type DictionaryKey, dictionaryKey } from "../../kernel/dictionary.ts";
import { KrarupError, show } from "../../values/errors.ts";
import { toExitReason } from "../../mechanisms/exit-term.ts";
import type { AnyPid } from "../../values/pid.ts";
import type { LogEvent, LogFields } from "./log-event.ts";
import type { LogFilter, LogHandler } from "./log-handler.ts";
import { LOG_LEVELS, type LogLevel, type LogThreshold } from "./log-level.ts";
import { REDACTED_KEYS, Redaction } from "./log-redaction.ts";
import { logOf, type NodeLog, type Sanitize } from "./node-log.ts";

/** What to say: a text, or a function that makes it and is called only if somebody will see it. */
export type LogText = string | (() => string);

type Say = (text: LogText, fields?: LogFields) => void;

/** What is taken out of events before any handler sees them. */
export interface LogPrivacy {
  /** Keys whose values are replaced by `"[redacted]"`, in fields, metadata, states, messages and reports; default {@link REDACTED_KEYS}. */
  readonly redact?: readonly string[];
  /** Called after that with each event: returns what may leave, or `"stop"`. An event with which it throws is kept back. */
  readonly sanitize?: Sanitize;
}

const METADATA: DictionaryKey<LogFields> = dictionaryKey("$logger_metadata$");

/** Says `text` at `level`. @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for a level that does not exist */
function log(level: LogLevel, text: LogText, fields: LogFields = {}): void {
  if (!LOG_LEVELS.includes(level)) throw badLevel(level);
  const process = currentProcess();
  const nodeLog = logOf(process?.node ?? currentNode());
  if (!nodeLog.allows(level)) return;
  const said = typeof text === "function" ? text() : text;
  nodeLog.log(level, { type: "text", text: said, fields: copyOf(fields) }, process, process?.get(METADATA) ?? {});
}

/** Fields that cannot be copied as a whole, or are none, become one. */
function copyOf(fields: unknown): LogFields {
  const copy = toExitReason(fields);
  // A copy of an object has its keys.
  return typeof copy === "object" && copy !== null ? (copy as LogFields) : { fields: copy };
}

function saying(level: LogLevel): Say {
  return (text, fields) => log(level, text, fields);
}

/** Whether an event of `level` would get past the primary level. */
function allows(level: LogLevel): boolean {
  return here().allows(level);
}

/** Lets through `level` and what is more serious, whatever handlers want. Default `"info"`. */
function setPrimaryLevel(level: LogThreshold): void {
  if (level !== "all" && level !== "none" && !LOG_LEVELS.includes(level)) throw badLevel(level);
  here().primaryLevel = level;
}

function primaryLevel(): LogThreshold {
  return here().primaryLevel;
}

function addPrimaryFilter(id: string, filter: LogFilter): void {
  here().setFilter(id, filter);
}

function removePrimaryFilter(id: string): boolean {
  return here().removeFilter(id);
}

function addHandler(id: string, handler: LogHandler): "ok" | "already_exists" {
  if (here().handler(id) !== undefined) return "already_exists";
  here().setHandler(id, handler);
  return "ok";
}

function removeHandler(id: string): "ok" | "not_found" {
  const handler = here().removeHandler(id);
  handler?.flush?.(currentNode());
  return handler === undefined ? "not_found" : "ok";
}

function updateHandler(id: string, changes: Partial<LogHandler>): "ok" | "not_found" {
  const handler = here().handler(id);
  if (handler === undefined) return "not_found";
  here().setHandler(id, { ...handler, ...changes });
  return "ok";
}

function handlerIds(): string[] {
  return here().handlerIds;
}

function setProcessMetadata(metadata: LogFields): void {
  requireProcess("set log metadata").put(METADATA, copyOf(metadata));
}

function updateProcessMetadata(metadata: LogFields): void {
  setProcessMetadata({ ...processMetadata(), ...metadata });
}

function processMetadata(): LogFields {
  return requireProcess("read log metadata").get(METADATA) ?? {};
}

function unsetProcessMetadata(): void {
  requireProcess("unset log metadata").erase(METADATA);
}

function lastLines(pid: AnyPid): readonly LogEvent[] {
  return here().lines.of(pid);
}

function setPrivacy({ redact = REDACTED_KEYS, sanitize }: LogPrivacy): void {
  const nodeLog = here();
  nodeLog.redaction = new Redaction(redact);
  nodeLog.sanitize = sanitize;
}

function flush(): void {
  here().flush();
}

function here(): NodeLog {
  return logOf(currentNode());
}

function badLevel(level: unknown): KrarupError {
  return new KrarupError(
    "ERR_BAD_ARGUMENT",
    `Cannot log as the level must be one of ${LOG_LEVELS.join(", ")}: current value is ${show(level)}`,
    level,
  );
}

/** See {@link logger}. */
export interface Logger {
  /** Logs at a level. @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for a level that does not exist */
  readonly log: (level: LogLevel, text: LogText, fields?: LogFields) => void;
  /** The whole system is unusable. */
  readonly emergency: Say;
  /** Somebody must act at once. */
  readonly alert: Say;
  readonly critical: Say;
  readonly error: Say;
  readonly warning: Say;
  /** Unusual, and no mistake. */
  readonly notice: Say;
  readonly info: Say;
  readonly debug: Say;
  /** Whether an event of a level would get past the primary level. */
  readonly allows: (level: LogLevel) => boolean;
  /** Lets a level and what is more serious through, whatever handlers want. Default `"info"`. */
  readonly setPrimaryLevel: (level: LogThreshold) => void;
  readonly primaryLevel: () => LogThreshold;
  /** Adds a filter that sees every event before any handler, or replaces the one with that id. One that throws is removed. */
  readonly addPrimaryFilter: (id: string, filter: LogFilter) => void;
  /** Removes a filter. @returns whether there was one */
  readonly removePrimaryFilter: (id: string) => boolean;
  readonly addHandler: (id: string, handler: LogHandler) => "ok" | "already_exists";
  /** Removes a handler, which first writes what it has kept back. */
  readonly removeHandler: (id: string) => "ok" | "not_found";
  /** Changes parts of a handler, for instance its level. */
  readonly updateHandler: (id: string, changes: Partial<LogHandler>) => "ok" | "not_found";
  /** In the order of adding. A node that prints reports has one called `"default"`. */
  readonly handlerIds: () => string[];
  /** Gives this process metadata that go with everything it logs; replaces those it had. */
  readonly setProcessMetadata: (metadata: LogFields) => void;
  /** As `setProcessMetadata`, and keeps those under other keys. */
  readonly updateProcessMetadata: (metadata: LogFields) => void;
  readonly processMetadata: () => LogFields;
  readonly unsetProcessMetadata: () => void;
  /** The last 20 events that a process has logged, oldest first, also when it has ended. */
  readonly lastLines: (pid: AnyPid) => readonly LogEvent[];
  /** Says what is taken out of events; replaces what was said before. */
  readonly setPrivacy: (privacy: LogPrivacy) => void;
  /** Lets every handler write what it has kept back: before a program ends, for instance. */
  readonly flush: () => void;
}

/**
 * Logging: what the program says of itself, crashes and what supervisors report.
 *
 * @remarks
 * An event goes past the primary level, the primary filters, redaction and the sanitize hook to each handler, which has a level and filters of its
 * own. A node prints on stderr by its handler `"default"`, unless it was made with `reports: "none"`.
 *
 * **Waiting.** Nobody waits: all of it runs in whoever logs.
 * **Exits.** Nothing that a handler, a filter or the hook throws reaches the program; a handler or filter that throws is removed.
 * **Cost.** Where the primary level lets nothing through, two look-ups and a comparison.
 *
 * @example
 * ```ts
 * import { createNode, jsonEvent, logger, setDefaultNode } from "@krarup/core";
 *
 * setDefaultNode(createNode({ reports: "none" }));
 * const lines: string[] = [];
 * logger.addHandler("mine", { level: "notice", log: (event) => lines.push(jsonEvent(event)) });
 * logger.info("nobody listens");
 * logger.notice("till open", { drawer: 3, password: "1234" });
 *
 * lines.length; // => 1
 * JSON.parse(lines[0] ?? "").fields; // => { drawer: 3, password: "[redacted]" }
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/logger.html | logger}. Differs from OTP: the default primary level is `"info"`, OTP's is
 * `"notice"`; a supervisor's progress is at `"debug"`; filters and handlers are functions.
 */
export const logger: Logger = {
  log,
  emergency: saying("emergency"),
  alert: saying("alert"),
  critical: saying("critical"),
  error: saying("error"),
  warning: saying("warning"),
  notice: saying("notice"),
  info: saying("info"),
  debug: saying("debug"),
  allows,
  setPrimaryLevel,
  primaryLevel,
  addPrimaryFilter,
  removePrimaryFilter,
  addHandler,
  removeHandler,
  updateHandler,
  handlerIds,
  setProcessMetadata,
  updateProcessMetadata,
  processMetadata,
  unsetProcessMetadata,
  lastLines,
  setPrivacy,
  flush,
};
