// What both forms of gen_server share: continue, idle time-out, and the reply that waits for terminate.

import type { From } from "../../kernel/call.ts";
import type { Timer } from "../../kernel/timer.ts";
import { BehaviourBody } from "../behaviour-body.ts";

/** How a cast travels. */
export interface Cast<Q = unknown> {
  readonly type: "$gen_cast";
  readonly request: Q;
}

/** The message an idle server gives itself, OTP's atom. */
const IDLE_TIMEOUT = "timeout";

/** What a server has asked for, made when it does. */
class Pending {
  continuation: { readonly term: unknown } | null = null;
  idleMs = Number.POSITIVE_INFINITY;
  idleTimer: Timer | null = null;
  lateReply: { readonly to: From<unknown>; readonly value: unknown } | null = null;
}

/** A running gen_server. */
export abstract class ServerBody extends BehaviourBody {
  #pending: Pending | null = null;
  /** The caller while a call is handled. */
  protected caller: From<unknown> | null = null;

  protected abstract callCall(request: unknown, from: From<unknown>): unknown;
  protected abstract callCast(request: unknown): unknown;
  protected abstract callInfo(message: unknown): unknown;
  protected abstract callContinue(term: unknown): unknown;

  protected override handle(message: unknown): unknown {
    if (this.#pending !== null) this.disarm(this.#pending);
    if (typeof message === "object" && message !== null && "type" in message) {
      if (message.type === "$gen_call") {
        // Only `call` makes messages of this type; whoever forges one gets what a forger gets in OTP.
        const { from, request } = message as unknown as { from: From<unknown>; request: unknown };
        this.caller = from;
        return this.callCall(request, from);
      }
      // As above, with `cast`.
      if (message.type === "$gen_cast") return this.callCast((message as Cast).request);
    }
    return this.callInfo(message);
  }

  protected override handleBeforeMailbox(): { readonly value: unknown } | null {
    if (this.#pending === null || this.#pending.continuation === null) return null;
    const { term } = this.#pending.continuation;
    this.#pending.continuation = null;
    return { value: this.callContinue(term) };
  }

  protected override whenIdle(): { readonly value: unknown } | null {
    const pending = this.#pending;
    if (pending === null) return null;
    if (pending.idleMs === Number.POSITIVE_INFINITY) {
      // Whoever waits for the next message has asked for nothing.
      this.#pending = null;
      return null;
    }
    const { timers } = this.process.node;
    if (pending.idleMs > 0) pending.idleTimer ??= timers.wakeAfter(this.process, pending.idleMs);
    if (pending.idleTimer !== null && timers.isPending(pending.idleTimer)) return null;
    this.disarm(pending);
    return { value: this.callInfo(IDLE_TIMEOUT) };
  }

  /** Before anything else: the continue callback with `term`. */
  protected continueNext(term: unknown): void {
    this.makePending().continuation = { term };
  }

  /** After `ms` without a message: `info("timeout")`. Any message takes it back. */
  protected idleAfter(ms: number): void {
    this.makePending().idleMs = ms;
  }

  /** Replies when terminate has run: OTP's order for a stop with reply. */
  protected replyLate(to: From<unknown>, value: unknown): void {
    this.makePending().lateReply = { to, value };
  }

  protected override afterTerminate(): void {
    const late = this.#pending?.lateReply ?? null;
    if (late !== null) this.answer(late.to, late.value);
  }

  private makePending(): Pending {
    this.#pending ??= new Pending();
    return this.#pending;
  }

  private disarm(pending: Pending): void {
    if (pending.idleTimer !== null) this.process.node.timers.drop(pending.idleTimer);
    pending.idleTimer = null;
    pending.idleMs = Number.POSITIVE_INFINITY;
  }
}
