// Timers for users: messages later.

import { isolate } from "../mechanisms/isolate.ts";
import { KrarupError, show } from "../values/errors.ts";
import type { Pid } from "../values/pid.ts";
import type { Ref } from "../values/ref.ts";
import type { Timeout } from "../values/system-messages.ts";
import { currentNode } from "./current.ts";
import { notAPid } from "./misuse.ts";
import { Process } from "./process.ts";
import { checkedDeadline, SEND, SEND_TIMEOUT, Timer, type TimerAction } from "./timer.ts";

/** When a timer expires: after so many milliseconds, or at a time on the node's clock (`monotonicTime()`). */
export type When = number | { readonly at: number };

/**
 * Sends `message` to `target` later.
 *
 * @remarks
 * A timer aimed at a pid is cancelled with its process; one aimed at a name is not, and looks the name up when it expires. The end of
 * whoever set it changes nothing. Timers with equal deadlines expire in the order they were set.
 *
 * **Cost.** O(1); a cancelled timer costs nothing later.
 *
 * @param when - milliseconds from 0 to 2^47, or `{ at }`
 * @returns a ref for {@link cancelTimer} and {@link readTimer}
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#send_after/3 | erlang:send_after/3}
 */
export function sendAfter<M>(when: When, target: Pid<M> | string, message: M): Ref {
  return start(when, target, SEND, isolate(message));
}

/**
 * As {@link sendAfter}, but the message is a {@link Timeout} that carries the timer's ref, so that a late one can be told from a new one.
 *
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#start_timer/3 | erlang:start_timer/3}
 */
export function startTimer<T>(when: When, target: Pid<Timeout<T>> | string, message: T): Ref {
  return start(when, target, SEND_TIMEOUT, isolate(message));
}

/**
 * Sends `message` to `target` every `everyMs` milliseconds, first after one of them, until cancelled or the target has ended.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/timer.html#send_interval/3 | timer:send_interval/3}
 */
export function sendInterval<M>(everyMs: number, target: Pid<M> | string, message: M): Ref {
  if (!(everyMs > 0))
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot set an interval as it must be longer than 0 ms: current value is ${show(everyMs)}`,
      everyMs,
    );
  return start(everyMs, target, { do: "repeat", everyMs }, isolate(message));
}

/**
 * Cancels a timer.
 *
 * @returns the milliseconds it still had: its message will not come. Or false: it has expired, and its message may be in the mailbox
 * already; or it was cancelled before, or is no timer.
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#cancel_timer/1 | erlang:cancel_timer/1}
 */
export function cancelTimer(ref: Ref): number | false {
  return ref instanceof Timer ? ref.target.node.timers.cancel(ref) : false;
}

/**
 * How long a timer still has.
 *
 * @returns milliseconds, or false as for {@link cancelTimer}
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#read_timer/1 | erlang:read_timer/1}
 */
export function readTimer(ref: Ref): number | false {
  return ref instanceof Timer ? ref.target.node.timers.read(ref) : false;
}

/** Milliseconds on a clock that never goes back; its zero means nothing. */
export function monotonicTime(): number {
  return currentNode().platform.now();
}

function start(when: When, target: Pid<never> | string, action: TimerAction, message: unknown): Ref {
  if (typeof target !== "string" && !(target instanceof Process)) throw notAPid(target);
  const to = typeof target === "string" ? { name: target, node: currentNode() } : target;
  const { timers } = to.node;
  return typeof when === "object" && when !== null
    ? timers.startAt(to, checkedDeadline(when.at), action, message)
    : timers.start(to, when, action, message);
}
