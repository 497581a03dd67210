// The log of one node: what is let through, and who gets it.
//
//   logger.info(…)  ─┐                                                          ┌─► handler: level, filters, log
//   crash, stray,   ─┼─► primary level ─► primary filters ─► redaction, sanitize ─┼─► handler …
//   report events   ─┘                                      └─► last lines       └─► …
//
// The crash of a supervised process waits on its way for what the supervisor decides, see held-crashes.ts.
//
// All of it runs in whoever logs, as in OTP: a handler that needs to wait hands the event to a process. Nothing that is wrong with a handler,
// a filter or the hook reaches the program; it is removed, and that is logged.

import type { CrashReport, KernelEvent, Report } from "../../kernel/events.ts";
import { brief } from "../../kernel/explain.ts";
import type { Node } from "../../kernel/node.ts";
import { Process } from "../../kernel/process.ts";
import type { AnyPid } from "../../values/pid.ts";
import { type CrashEvent, HELD_MS, HeldCrashes } from "./held-crashes.ts";
import { filtered, type LogFilter, type LogHandler, passedBy } from "./log-handler.ts";
import type { LogEvent, LogFields, LogMessage } from "./log-event.ts";
import { letsThrough, type LogLevel, type LogThreshold } from "./log-level.ts";
import { LastLines } from "./log-lines.ts";
import { REDACTED_KEYS, Redaction } from "./log-redaction.ts";

/** Changes an event before any handler sees it, or keeps it back. */
export type Sanitize = (event: LogEvent) => LogEvent | "stop";

/** The log of one node. */
export class NodeLog {
  readonly node: Node;
  readonly lines: LastLines = new LastLines();
  primaryLevel: LogThreshold = "info";
  redaction: Redaction = new Redaction(REDACTED_KEYS);
  sanitize: Sanitize | undefined;
  readonly #filters = new Map<string, LogFilter>();
  readonly #handlers = new Map<string, LogHandler>();
  /** Handlers that run just now: what they log themselves does not come back to them. */
  readonly #busy = new Set<LogHandler>();
  readonly #complaints: string[] = [];
  readonly #crashes = new HeldCrashes();
  #isCleaning = false;

  constructor(node: Node) {
    this.node = node;
    node.subscribe(["crash", "stray", "report"], (event) => this.#take(event));
    node.atSettle = () => this.#turnIsOver();
  }

  get handlerIds(): string[] {
    return [...this.#handlers.keys()];
  }

  handler(id: string): LogHandler | undefined {
    return this.#handlers.get(id);
  }

  setHandler(id: string, handler: LogHandler): void {
    this.#handlers.set(id, handler);
  }

  removeHandler(id: string): LogHandler | undefined {
    const handler = this.#handlers.get(id);
    this.#handlers.delete(id);
    return handler;
  }

  setFilter(id: string, filter: LogFilter): void {
    this.#filters.set(id, filter);
  }

  removeFilter(id: string): boolean {
    return this.#filters.delete(id);
  }

  /** Whether anybody could see an event of `level`. */
  allows(level: LogLevel): boolean {
    return letsThrough(this.primaryLevel, level);
  }

  /** Logs `message` of or about `pid`. What a filter or the hook logs itself is dropped. */
  log(level: LogLevel, message: LogMessage, pid: AnyPid | null, context: LogFields): void {
    if (!this.allows(level) || this.#isCleaning) return;
    this.#tell(this.#eventOf(level, message, pid, context));
  }

  #tell(event: LogEvent): void {
    const clean = this.#cleaned(event);
    if (clean !== null) {
      if (event.message.type === "text") this.lines.add(clean);
      this.#tellAll(clean);
    }
    this.#complain();
  }

  flush(): void {
    this.#release(this.#crashes.releaseUntil(this.node.now()));
    for (const [id, handler] of [...this.#handlers]) this.#guarded(id, handler, () => handler.flush?.(this.node));
    this.#complain();
  }

  #take(event: KernelEvent): void {
    const { type } = event;
    if (type === "crash") this.#logCrash(event.report);
    if (type === "stray") this.log("error", { type, error: event.error, pid: event.pid }, event.pid, {});
    if (type === "report") this.#logReport(event.report, event.pid);
  }

  #logCrash(report: CrashReport): void {
    if (!this.allows("error") || this.#isCleaning) return;
    const message = { type: "crash", report, lines: this.lines.of(report.pid) } as const;
    const event: CrashEvent = { ...this.#eventOf("error", message, report.pid, {}), message };
    const supervisor = supervisorOf(report);
    if (supervisor === null || !this.#crashes.hold(event, supervisor, this.node.now())) this.#tell(event);
  }

  #logReport(report: Report, pid: AnyPid | null): void {
    const heard = pid === null ? null : this.#crashes.hear(pid, report);
    if (heard !== null) this.#release(heard.released);
    if (heard?.isTold !== true) this.log(report.level, { type: "report", report }, pid, {});
  }

  /** With nothing left to run, supervisors that have not decided are waiting themselves; with nobody left, the program may end. */
  #turnIsOver(): void {
    if (!this.node.isNeeded) return this.flush();
    if (this.#crashes.size === 0) return;
    const nowMs = this.node.now();
    this.#release(this.#crashes.releaseUntil(this.node.scheduler.runnable === 0 ? nowMs : nowMs - HELD_MS));
  }

  #release(crashes: readonly CrashEvent[]): void {
    for (const crash of crashes) this.#tell(crash);
  }

  /** What may leave of `event`. Where something fails here, nothing leaves. */
  #cleaned(event: LogEvent): LogEvent | null {
    this.#isCleaning = true;
    try {
      const passed = this.#filtered(event);
      return passed === null ? null : this.#sanitized(this.redaction.event(passed));
    } finally {
      this.#isCleaning = false;
    }
  }

  #filtered(event: LogEvent): LogEvent | null {
    let passing: LogEvent | null = event;
    for (const [id, filter] of this.#filters) {
      try {
        passing = filtered([filter], "log", passing);
      } catch {
        this.#filters.delete(id);
        this.#complaints.push(`primary filter ${id} failed and is removed`);
      }
      if (passing === null) return null;
    }
    return passing;
  }

  #sanitized(event: LogEvent): LogEvent | null {
    try {
      const clean = this.sanitize?.(event) ?? event;
      return clean === "stop" ? null : clean;
    } catch {
      // What it was given, and what it threw, may hold what should not be told.
      this.#complaints.push("the sanitize hook failed: an event is kept back");
      return null;
    }
  }

  #tellAll(event: LogEvent): void {
    for (const [id, handler] of [...this.#handlers]) {
      if (this.#busy.has(handler)) continue;
      this.#guarded(id, handler, () => {
        const passed = passedBy(handler, event);
        if (passed !== null) handler.log(passed, this.node);
      });
    }
  }

  #guarded(id: string, handler: LogHandler, act: () => void): void {
    this.#busy.add(handler);
    try {
      act();
    } catch (error) {
      this.#handlers.delete(id);
      this.#complaints.push(`handler ${id} failed and is removed: ${brief(error)}`);
    } finally {
      this.#busy.delete(handler);
    }
  }

  /** Says what went wrong with the log itself, past filters and hook. */
  #complain(): void {
    for (const text of this.#complaints.splice(0))
      this.#tellAll(this.#eventOf("error", { type: "text", text, fields: {} }, null, {}));
  }

  #eventOf(level: LogLevel, message: LogMessage, pid: AnyPid | null, context: LogFields): LogEvent {
    const { platform, name: node } = this.node;
    const name = message.type === "crash" ? message.report.name : nameOf(pid);
    return { level, message, metadata: { ...context, time: platform.systemTime(), node, pid, name } };
  }
}

/** The parent of the crashed process, if that is a supervisor that learns of the crash. */
function supervisorOf({ ancestors, links }: CrashReport): AnyPid | null {
  const [parent] = ancestors;
  const isSupervised = parent instanceof Process && parent.body?.judgesChildren === true && links.includes(parent);
  return isSupervised ? parent : null;
}

function nameOf(pid: AnyPid | null): string | undefined {
  return pid instanceof Process ? pid.node.names.nameOf(pid) : undefined;
}

const logs = new WeakMap<Node, NodeLog>();

/** The log of `node`. */
export function logOf(node: Node): NodeLog {
  const log = logs.get(node) ?? new NodeLog(node);
  logs.set(node, log);
  return log;
}
