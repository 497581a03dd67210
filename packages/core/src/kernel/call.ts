// Requests: a message with a promise of exactly one outcome.
//
//   1. make a monitor of the server; its ref is at the same time the alias for the reply
//   2. send { type: "$gen_call", from: ref, request }
//   3. wait for what comes through the ref: the reply, which removes the monitor on its way, or the end of the server
//   4. on time-out remove both, so that a late reply vanishes
//
// What comes through the ref stays in it: the mailbox is neither filled nor looked at, whatever waits there. The monitor is attached at the
// end of the turn, or when it could be missed: see young-waits.ts.

import { isolate } from "../mechanisms/isolate.ts";
import { attachMonitor, CallMonitor, detachMonitor } from "../mechanisms/monitors.ts";
import { CALL_TIMEOUT_MS } from "../values/limits.ts";
import type { Pid } from "../values/pid.ts";
import { AbortableCall } from "./abortable-call.ts";
import type { Alias } from "./alias.ts";
import { cpu } from "./cpu.ts";
import { currentNode } from "./current.ts";
import { ExitException } from "./exit-exception.ts";
import { notAPid, notInProcess, operationInUse } from "./misuse.ts";
import { finished, KernelOperation, type Operation, PREEMPTED, type Suspension, WAIT } from "./operation.ts";
import { isLiving, Process } from "./process.ts";
import { deliverFromSender, type Name, send } from "./send.ts";
import type { CancelSignal } from "./platform.ts";
import { checkedDeadline, checkedDelay, type Timer } from "./timer.ts";
import type { YoungWait } from "./young-waits.ts";

/** Where the reply to one request goes: an alias that works once. */
export type From<R> = Alias<R>;

/** A request as its server receives it; answer with {@link reply}. */
export interface Request<Q, R> {
  readonly type: "$gen_call";
  readonly from: From<R>;
  readonly request: Q;
}

/** The second half of the reason with which a failed call ends its caller: what was asked of whom. */
export interface CallInfo {
  readonly type: "call";
  readonly server: unknown;
  readonly request: unknown;
}

/** How one call is made. */
export interface CallOptions {
  /** Milliseconds until the call fails with reason `"timeout"`, or `"infinity"`; default 5,000, with a deadline `"infinity"`. */
  readonly timeoutMs?: number | "infinity";
  /** When the call fails with reason `"timeout"`, on the clock of `monotonicTime()`; together with `timeoutMs` the earlier counts. */
  readonly deadlineMs?: number;
  /** Makes the call fail with reason `["aborted", signal.reason]` as soon as it aborts. */
  readonly signal?: CancelSignal;
}

/**
 * Sends a request and waits for its reply.
 *
 * @remarks
 * The server receives a {@link Request} and answers with {@link reply}, at once or later, itself or through another process. A reply
 * that comes after the time-out is dropped on its way.
 *
 * **Waiting.** This process, until the reply, the server's end or the time-out.
 * **Exits.** An {@link ExitException} with reason `[why, CallInfo]`: why is `"noproc"` when the server does not exist, `"timeout"`,
 * `"calling_self"`, `["aborted", why]`, or the reason with which the server ended before it replied; where that is an Error it is the
 * exception's `cause` as well.
 * **Cost.** O(1), whatever waits in the mailbox.
 *
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for a time-out, a deadline or a signal that is none
 * @see {@link https://www.erlang.org/doc/apps/stdlib/gen_server.html#call/3 | gen_server:call/3}
 */
export function call<Q, R>(server: Pid<Request<Q, R>> | Name, request: Q, options: CallOptions = {}): Operation<R> {
  // Nearly every call has neither.
  if (options.deadlineMs !== undefined || options.signal !== undefined) return limitedCall(server, request, options);
  return new Call<R>("$gen_call", server, request, inMs(options.timeoutMs ?? CALL_TIMEOUT_MS));
}

function limitedCall<R>(server: Pid<never> | Name, request: unknown, options: CallOptions): Operation<R> {
  const { deadlineMs, signal, timeoutMs = deadlineMs === undefined ? CALL_TIMEOUT_MS : "infinity" } = options;
  const leftMs = deadlineMs === undefined ? Number.POSITIVE_INFINITY : untilDeadline(deadlineMs);
  const made = new Call<R>("$gen_call", server, request, Math.min(inMs(timeoutMs), leftMs));
  return signal === undefined ? made : new AbortableCall(made, signal);
}

/** A call of the system protocol, which every behaviour serves. */
export function systemCall<R>(
  server: Pid<never> | Name,
  request: unknown,
  timeoutMs: number | "infinity",
): KernelOperation<R> {
  return new Call<R>("system", server, request, inMs(timeoutMs));
}

/** A time-out as a number. @throws {@link KrarupError} `ERR_BAD_ARGUMENT` */
export function inMs(timeoutMs: number | "infinity"): number {
  return timeoutMs === "infinity" ? Number.POSITIVE_INFINITY : checkedDelay(timeoutMs);
}

function untilDeadline(deadlineMs: number): number {
  return Math.max(0, checkedDeadline(deadlineMs) - currentNode().platform.now());
}

/** Answers a request. The first reply counts; one that is too late vanishes. */
export function reply<R>(from: From<R>, value: R): void {
  send(from, value);
}

/** One call, of the ordinary or of the system protocol. */
export class Call<R> extends KernelOperation<R> implements YoungWait {
  readonly #type: "$gen_call" | "system";
  readonly #server: Pid<never> | Name;
  readonly #request: unknown;
  readonly #timeoutMs: number;
  #ref: CallMonitor | null = null;
  #timer: Timer | null = null;

  constructor(type: "$gen_call" | "system", server: Pid<never> | Name, request: unknown, timeoutMs: number) {
    super();
    this.#type = type;
    this.#server = server;
    this.#request = request;
    this.#timeoutMs = timeoutMs;
  }

  override next(): IteratorResult<Suspension, R> {
    const process = cpu.process;
    if (process === null) throw notInProcess("call");
    if (--cpu.reductions < 0) return PREEMPTED;
    if (this.#ref !== null && this.#ref.watcher !== process) this.#takeOver(this.#ref);
    const ref = this.#ref ?? this.#begin(process);
    if (ref.isSettled) return this.#end(process, ref);
    if (this.#timer !== null && !process.node.timers.isPending(this.#timer)) return this.giveUp("timeout");
    process.awaiting = ref;
    return WAIT;
  }

  /** Whoever called before must have ended; what it left is forgotten. */
  #takeOver({ watcher }: CallMonitor): void {
    // Watchers are process records: only the kernel makes monitors.
    if (isLiving(watcher as Process)) throw operationInUse(watcher);
    this.#timer = null;
    this.#ref = null;
  }

  #begin(process: Process): CallMonitor {
    const server = serverBehind(process, this.#server);
    const request = isolate(this.#request);
    if (server === process) this.#fail("calling_self");
    if (server === undefined || !isLiving(server)) this.#fail("noproc");
    const ref = new CallMonitor(process.node.nextRefId(), process, server);
    this.#ref = ref;
    process.node.waits.add(this);
    // The waits of another node are not attached when a process of this one ends.
    if (server.node !== process.node) this.attach();
    deliverFromSender(server, { type: this.#type, from: ref, request });
    return ref;
  }

  get isWaiting(): boolean {
    return this.#ref !== null;
  }

  attach(): void {
    const ref = this.#ref;
    if (ref === null || ref.target !== null || ref.isSettled) return;
    // Watchers are process records: only the kernel makes monitors.
    if (isLiving(ref.watcher as Process)) attachMonitor(ref, ref.server);
  }

  armTimer(): void {
    if (this.#ref === null || this.#timer !== null || this.#timeoutMs === Number.POSITIVE_INFINITY) return;
    // Watchers are process records: only the kernel makes monitors.
    const process = this.#ref.watcher as Process;
    this.#timer = process.node.timers.wakeAfter(process, this.#timeoutMs);
  }

  #end(process: Process, ref: CallMonitor): IteratorResult<Suspension, R> {
    this.#reset(process);
    if (ref.hasFired) return this.serverEnded(ref.outcome);
    // The server's side of the protocol is typed by Request<Q, R>.
    return finished(ref.outcome as R);
  }

  /** What it means that the server ended before it replied. */
  protected serverEnded(reason: unknown): IteratorResult<Suspension, R> {
    throw new ExitException([reason, this.#info()], reason instanceof Error ? { cause: reason } : undefined);
  }

  /** Fails with `why`, of which nobody hears but the caller: what is sent to it from now on vanishes. */
  giveUp(why: unknown): never {
    if (this.#ref !== null) this.#abandon(this.#ref);
    this.#fail(why);
  }

  #abandon(ref: CallMonitor): void {
    // Watchers are process records: only the kernel makes monitors.
    const process = ref.watcher as Process;
    detachMonitor(ref);
    ref.aliasMode = "none";
    this.#reset(process);
  }

  #fail(why: unknown): never {
    this.#ref = null;
    throw new ExitException([why, this.#info()]);
  }

  #info(): CallInfo {
    return { type: "call", server: this.#server, request: this.#request };
  }

  #reset(process: Process): void {
    if (this.#timer !== null) process.node.timers.drop(this.#timer);
    this.#timer = null;
    this.#ref = null;
  }
}

/** The process behind `server`, or undefined when nobody holds the name. */
export function serverBehind(process: Process, server: Pid<never> | Name): Process | undefined {
  if (server instanceof Process) return server;
  if (typeof server === "string") return process.node.names.whereis(server);
  if (typeof server !== "object" || server === null) throw notAPid(server);
  // A registry answers with pids of this node, which are records.
  if ("via" in server) return server.via.whereisName(server.name) as Process | undefined;
  if ("node" in server) return server.node === process.node.name ? process.node.names.whereis(server.name) : undefined;
  throw notAPid(server);
}
