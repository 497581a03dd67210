// Timers of a node: messages later, and the clock behind `after` and `sleep`.

import { TICKS_MAX, NO_SLOT, type WheelEntry } from "../mechanisms/timer-wheel.ts";
import { Ref } from "../values/ref.ts";
import { badDeadline, badDelay } from "./misuse.ts";
import type { Node } from "./node.ts";
import type { Process } from "./process.ts";

/**
 * What a timer does when it expires, with the message that the timer carries: so timers that do the same share one action, which
 * saves 32 bytes in each.
 */
export type TimerAction =
  | { readonly do: "send" }
  | { readonly do: "timeout" }
  | { readonly do: "repeat"; readonly everyMs: number }
  | { readonly do: "wake" };

/** The message goes to the target as it is. */
export const SEND: TimerAction = { do: "send" };
/** The message goes to the target inside a `Timeout`. */
export const SEND_TIMEOUT: TimerAction = { do: "timeout" };
/** The action of every timer behind `after` and `sleep`: there is no message. */
export const WAKE: TimerAction = { do: "wake" };

/** A name that is looked up when the timer expires. */
export interface NamedTarget {
  readonly name: string;
  readonly node: Node;
}

/** One timer; its own ref, and its own entry in the wheel and in the list of its target. */
export class Timer extends Ref implements WheelEntry<Timer> {
  declare at: number;
  declare slot: number;
  declare nextInSlot: Timer | null;
  declare previousInSlot: Timer | null;
  declare readonly target: Process | NamedTarget;
  declare readonly action: TimerAction;
  declare readonly message: unknown;
  declare nextOfTarget: Timer | null;
  declare previousOfTarget: Timer | null;

  constructor(id: number, target: Process | NamedTarget, action: TimerAction, message: unknown) {
    super(id);
    this.at = 0;
    this.slot = NO_SLOT;
    this.nextInSlot = null;
    this.previousInSlot = null;
    this.target = target;
    this.action = action;
    this.message = message;
    this.nextOfTarget = null;
    this.previousOfTarget = null;
  }
}

/** Enters `timer` in its target's list, so that it ends with the target. Timers aimed at names do not. */
export function attachTimer(timer: Timer): void {
  const { target } = timer;
  if ("name" in target) return;
  timer.nextOfTarget = target.timers;
  if (target.timers !== null) target.timers.previousOfTarget = timer;
  target.timers = timer;
}

/** Takes `timer` out of its target's list. */
export function detachTimer(timer: Timer): void {
  const { target, nextOfTarget, previousOfTarget } = timer;
  if ("name" in target) return;
  if (previousOfTarget !== null) previousOfTarget.nextOfTarget = nextOfTarget;
  else if (target.timers === timer) target.timers = nextOfTarget;
  if (nextOfTarget !== null) nextOfTarget.previousOfTarget = previousOfTarget;
  timer.nextOfTarget = timer.previousOfTarget = null;
}

/** `deadlineMs` if it is one. @throws {@link KrarupError} `ERR_BAD_ARGUMENT` */
export function checkedDeadline(deadlineMs: number): number {
  if (typeof deadlineMs !== "number" || !(Math.abs(deadlineMs) <= TICKS_MAX)) throw badDeadline(deadlineMs);
  return deadlineMs;
}

/** `delayMs` if it is one. @throws {@link KrarupError} `ERR_BAD_ARGUMENT` */
export function checkedDelay(delayMs: number): number {
  if (typeof delayMs !== "number" || !(delayMs >= 0) || delayMs > TICKS_MAX) throw badDelay(delayMs);
  return delayMs;
}
