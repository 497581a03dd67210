// What both forms of gen_server share: continue, idle time-out, and the reply that waits for terminate.

import { type From, reply } from "../../kernel/call.ts";
import type { Timer } from "../../kernel/timer.ts";
import { BehaviourBody } from "../behaviour-body.ts";

/** How a cast travels. */
export interface Cast<Q = unknown> {
  readonly type: "$gen_cast";
  readonly request: Q;
}

/** The message an idle server gives itself, OTP's atom. */
const IDLE_TIMEOUT = "timeout";

interface LateReply {
  readonly to: From<unknown>;
  readonly value: unknown;
}

/** A running gen_server. */
export abstract class ServerBody extends BehaviourBody {
  #continuation: { readonly term: unknown } | null = null;
  #idleMs = Number.POSITIVE_INFINITY;
  #idleTimer: Timer | null = null;
  #lateReply: LateReply | null = null;
  /** The caller while a call is handled. */
  protected caller: From<unknown> | null = null;

  protected abstract callCall(request: unknown, from: From<unknown>): unknown;
  protected abstract callCast(request: unknown): unknown;
  protected abstract callInfo(message: unknown): unknown;
  protected abstract callContinue(term: unknown): unknown;

  protected override handle(message: unknown): unknown {
    if (this.#idleMs !== Number.POSITIVE_INFINITY) this.#disarm();
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
    const continuation = this.#continuation;
    if (continuation === null) return null;
    this.#continuation = null;
    return { value: this.callContinue(continuation.term) };
  }

  protected override whenIdle(): { readonly value: unknown } | null {
    if (this.#idleMs === Number.POSITIVE_INFINITY) return null;
    const { timers } = this.process.node;
    if (this.#idleMs > 0 && this.#idleTimer === null) this.#idleTimer = timers.wakeAfter(this.process, this.#idleMs);
    if (this.#idleTimer !== null && timers.isPending(this.#idleTimer)) return null;
    this.#disarm();
    return { value: this.callInfo(IDLE_TIMEOUT) };
  }

  /** Before anything else: the continue callback with `term`. */
  protected continueNext(term: unknown): void {
    this.#continuation = { term };
  }

  /** After `ms` without a message: `info("timeout")`. Any message takes it back. */
  protected idleAfter(ms: number): void {
    this.#idleMs = ms;
  }

  /** Replies when terminate has run: OTP's order for a stop with reply. */
  protected replyLate(to: From<unknown>, value: unknown): void {
    this.#lateReply = { to, value };
  }

  protected override afterTerminate(): void {
    if (this.#lateReply !== null) reply(this.#lateReply.to, this.#lateReply.value);
  }

  #disarm(): void {
    if (this.#idleTimer !== null) this.process.node.timers.drop(this.#idleTimer);
    this.#idleTimer = null;
    this.#idleMs = Number.POSITIVE_INFINITY;
  }
}
