// Requests: a message with a promise of exactly one outcome.
//
//   1. monitor the server; the ref is at the same time the alias for the reply and the tag that it arrives with
//   2. send { type: "$gen_call", from: ref, request }
//   3. wait for what comes through the ref: the reply, which removes the monitor on its way, or DOWN
//   4. on time-out remove both, so that a late reply vanishes
//
// Nothing is left in the mailbox whatever happens, and nothing that was there before is looked at.

import { isolate } from "../mechanisms/isolate.ts";
import { attachMonitor, detachMonitor, Monitor } from "../mechanisms/monitors.ts";
import { type Envelope, take, dropTagged } from "../mechanisms/mailbox.ts";
import { CALL_TIMEOUT_MS } from "../values/limits.ts";
import type { Pid } from "../values/pid.ts";
import { AbortableCall } from "./abortable-call.ts";
import type { Alias } from "./alias.ts";
import { cpu } from "./cpu.ts";
import { currentNode } from "./current.ts";
import { ExitException } from "./exit-exception.ts";
import { notAPid, notInProcess, operationInUse } from "./misuse.ts";
import { finished, KernelOperation, type Operation, PREEMPTED, type Suspension, WAIT } from "./operation.ts";
import type { UntimedWait } from "./node-timers.ts";
import { isLiving, Process } from "./process.ts";
import { deliverFromSender, type Name, send } from "./send.ts";
import type { CancelSignal } from "./platform.ts";
import { checkedDeadline, checkedDelay, type Timer } from "./timer.ts";

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
export class Call<R> extends KernelOperation<R> implements UntimedWait {
  readonly #type: "$gen_call" | "system";
  readonly #server: Pid<never> | Name;
  readonly #request: unknown;
  readonly #timeoutMs: number;
  #ref: Monitor | null = null;
  #mark: Envelope | null = null;
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
    const before = this.#findBefore(process, ref);
    if (before !== undefined) return this.#end(process, ref, before);
    if (this.#timer !== null && !process.node.timers.isPending(this.#timer)) return this.giveUp("timeout");
    process.awaiting = ref;
    return WAIT;
  }

  /** Whoever called before must have ended; what it left is forgotten. */
  #takeOver({ watcher }: Monitor): void {
    // Watchers are process records: only the kernel makes monitors.
    if (isLiving(watcher as Process)) throw operationInUse(watcher);
    this.#timer = null;
    this.#ref = null;
  }

  #begin(process: Process): Monitor {
    const server = serverBehind(process, this.#server);
    const ref = new Monitor(process.node.nextRefId(), process, "reply_demonitor", null);
    const request = { type: this.#type, from: ref, request: isolate(this.#request) };
    this.#mark = process.tail;
    this.#ref = ref;
    if (server === process) this.#fail("calling_self");
    if (server === undefined || !isLiving(server)) this.#fail("noproc");
    attachMonitor(ref, server);
    deliverFromSender(server, request);
    if (this.#timeoutMs !== Number.POSITIVE_INFINITY) process.node.timers.armAtEndOfTurn(this);
    return ref;
  }

  get isWaiting(): boolean {
    return this.#ref !== null;
  }

  armTimer(): void {
    if (this.#ref === null || this.#timer !== null) return;
    // Watchers are process records: only the kernel makes monitors.
    const process = this.#ref.watcher as Process;
    this.#timer = process.node.timers.wakeAfter(process, this.#timeoutMs);
  }

  /** The envelope before the one that came through `ref`; undefined when none has come. */
  #findBefore(process: Process, ref: Monitor): Envelope | null | undefined {
    // A full mailbox may have displaced the message at which this stopped: then from the front again.
    let before = this.#mark?.taken === true ? null : this.#mark;
    for (let at = before === null ? process.head : before.next; at !== null; at = at.next) {
      if (at.tag === ref) return before;
      before = at;
    }
    this.#mark = before;
    return undefined;
  }

  #end(process: Process, ref: Monitor, before: Envelope | null): IteratorResult<Suspension, R> {
    const envelope = before === null ? process.head : before.next;
    // #findBefore has just found it there.
    const value = take(process, before, envelope as Envelope);
    this.#reset(process);
    // The kernel made the DOWN; a reply has removed the monitor, so that it cannot fire.
    if (ref.hasFired) return this.serverEnded((value as { reason: unknown }).reason);
    // The server's side of the protocol is typed by Request<Q, R>.
    return finished(value as R);
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

  #abandon(ref: Monitor): void {
    // Watchers are process records: only the kernel makes monitors.
    const process = ref.watcher as Process;
    detachMonitor(ref);
    ref.aliasMode = "none";
    dropTagged(process, ref);
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
    this.#mark = null;
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
