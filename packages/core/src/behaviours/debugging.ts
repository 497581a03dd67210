// What `sys` can switch on in a behaviour that runs: trace, log, statistics, functions of one's own. A behaviour has such an object only while
// something is switched on; all others pay nothing.

import type { From } from "../kernel/call.ts";
import type { Process } from "../kernel/process.ts";
import { KrarupError } from "../values/errors.ts";
import type { AnyPid } from "../values/pid.ts";
import type { Ref } from "../values/ref.ts";
import { collect } from "./parcel.ts";

/** What a behaviour tells of itself while it is debugged: a message taken from the mailbox, a reply, or what a callback has left. */
export type SystemEvent =
  | { readonly type: "in"; readonly message: unknown }
  | { readonly type: "out"; readonly to: From<unknown>; readonly reply: unknown }
  /** The state after a callback, or what the behaviour's `formatStatus` makes of it. */
  | { readonly type: "handled"; readonly state: unknown };

/** A debug function of one's own, see {@link sys}. It runs in the behaviour, between callbacks: it must be quick. */
export interface DebugFunction<S = unknown> {
  /** What `sys.remove` knows it by. */
  readonly id: string;
  /** Given to the first `step`. */
  readonly state: S;
  /** Called for each event. @returns the state for the next one, or `"done"` to be called no more */
  step(state: S, event: SystemEvent, server: AnyPid): S | "done";
}

/** What a behaviour is started with, in its option `debug`. `"log"` keeps the last 10 events. */
export type DebugOption =
  | "trace"
  | "statistics"
  | "log"
  | readonly ["log", number]
  | readonly ["install", DebugFunction];

/** What `sys.statistics` has counted since it was switched on. Times are milliseconds on the clock of `monotonicTime()`. */
export interface BehaviourStatistics {
  readonly startedAtMs: number;
  readonly nowMs: number;
  readonly reductions: number;
  readonly messagesIn: number;
  /** Replies of its callbacks. What they send by themselves is not among them, as in OTP. */
  readonly messagesOut: number;
}

/** How debugging is asked for. A function waits in a parcel. */
export type DebugRequest =
  | { readonly set: "trace" | "statistics"; readonly on: boolean }
  | { readonly set: "log"; readonly length: number }
  | { readonly get: "log" | "statistics" }
  | { readonly install: Ref }
  | { readonly remove: string };

const LOG_LENGTH = 10;

interface Counts {
  readonly startedAtMs: number;
  readonly reductions: number;
  messagesIn: number;
  messagesOut: number;
}

/** The debugging of one behaviour. */
export class Debugging {
  readonly #process: Process;
  #isTraced = false;
  #logLength = 0;
  /** Oldest first, at most `#logLength`. */
  #logged: SystemEvent[] = [];
  #counts: Counts | null = null;
  #functions: readonly DebugFunction[] = [];

  constructor(process: Process) {
    this.#process = process;
  }

  /** Whether nothing is switched on. */
  get isOff(): boolean {
    return !this.#isTraced && this.#logLength === 0 && this.#counts === null && this.#functions.length === 0;
  }

  /** Does what was asked. @returns the answer */
  serve(request: DebugRequest): unknown {
    if ("get" in request) return request.get === "log" ? this.#logged : this.#statistics();
    if ("install" in request) this.#install(collect(request.install) as DebugFunction); // left by `install`
    else if ("remove" in request) this.#functions = this.#functions.filter(({ id }) => id !== request.remove);
    else if (request.set === "log") this.#logLast(request.length);
    else if (request.set === "trace") this.#isTraced = request.on;
    else this.#counts = request.on ? this.#countFromNow() : null;
    return "ok";
  }

  /** Switches on what the option of a start asks for. */
  begin(option: DebugOption): void {
    if (option === "log") this.#logLast(LOG_LENGTH);
    else if (option === "trace") this.#isTraced = true;
    else if (option === "statistics") this.#counts = this.#countFromNow();
    else if (option[0] === "log") this.#logLast(option[1]);
    else this.#install(option[1]);
  }

  /** Tells all that is switched on. */
  note(event: SystemEvent): void {
    if (this.#isTraced) this.#trace(event);
    if (this.#logLength > 0 && this.#logged.push(event) > this.#logLength) this.#logged.shift();
    if (this.#counts !== null && event.type === "in") this.#counts.messagesIn++;
    if (this.#counts !== null && event.type === "out") this.#counts.messagesOut++;
    if (this.#functions.length > 0) this.#functions = this.#functions.flatMap((each) => this.#step(each, event));
  }

  /** A function that fails is removed, as in OTP: whoever debugs must not do harm. */
  #step(each: DebugFunction, event: SystemEvent): readonly DebugFunction[] {
    try {
      const state = each.step(each.state, event, this.#process);
      return state === "done" ? [] : [{ id: each.id, state, step: each.step }];
    } catch {
      return [];
    }
  }

  #trace({ type, ...details }: SystemEvent): void {
    this.#process.node.report(this.#process, { label: "trace", level: "info", details: { event: type, ...details } });
  }

  /** One of the same id stays as it is, as in OTP. */
  #install(made: DebugFunction): void {
    if (!this.#functions.some(({ id }) => id === made.id)) this.#functions = [...this.#functions, made];
  }

  #logLast(length: number): void {
    this.#logLength = length;
    this.#logged = length === 0 ? [] : this.#logged.slice(-length);
  }

  #countFromNow(): Counts {
    const { node, reductions } = this.#process;
    return { startedAtMs: node.now(), reductions, messagesIn: 0, messagesOut: 0 };
  }

  #statistics(): BehaviourStatistics | "no_statistics" {
    if (this.#counts === null) return "no_statistics";
    const { node, reductions } = this.#process;
    return { ...this.#counts, nowMs: node.now(), reductions: reductions - this.#counts.reductions };
  }
}

/** The option `debug` of a start, checked. @throws {@link KrarupError} `ERR_BAD_ARGUMENT` */
export function checkedDebug(options: readonly DebugOption[]): readonly DebugOption[] {
  // Whoever writes JavaScript may give anything.
  const given: unknown = options;
  if (Array.isArray(given) && given.every(isDebugOption)) return options;
  throw new KrarupError(
    "ERR_BAD_ARGUMENT",
    'Cannot start a behaviour as debug must be a list of "trace", "statistics", "log", ["log", length] and ["install", function]',
    options,
  );
}

function isDebugOption(option: unknown): option is DebugOption {
  if (option === "trace" || option === "statistics" || option === "log") return true;
  if (!Array.isArray(option)) return false;
  return option[0] === "log" ? isLogLength(option[1]) : option[0] === "install" && isDebugFunction(option[1]);
}

/** Whether a log can keep so many events. */
export function isLogLength(length: unknown): length is number {
  return Number.isSafeInteger(length) && Number(length) >= 1;
}

/** Whether `value` can be installed. */
export function isDebugFunction(value: unknown): value is DebugFunction {
  if (typeof value !== "object" || value === null || !("step" in value) || !("id" in value)) return false;
  return typeof value.step === "function" && typeof value.id === "string";
}
