// The timers of one node: one wheel, one platform alarm.

import { isolate } from "../mechanisms/isolate.ts";
import { TimerWheel } from "../mechanisms/timer-wheel.ts";
import { cpu } from "./cpu.ts";
import { deliver } from "./delivery.ts";
import { EVENT_BIT } from "./events.ts";
import type { Node } from "./node.ts";
import { isLiving, type Process } from "./process.ts";
import { attachTimer, checkedDelay, detachTimer, type NamedTarget, Timer, type TimerAction, WAKE } from "./timer.ts";

/** Sets, cancels and fires the timers of a node. */
export class NodeTimers {
  readonly #node: Node;
  readonly #wheel = new TimerWheel<Timer>();
  readonly #originMs: number;
  readonly #alarm: () => void = () => this.#ring();
  #armedTick = Number.POSITIVE_INFINITY;
  #isArmingDue = false;

  constructor(node: Node) {
    this.#node = node;
    this.#originMs = node.platform.now();
  }

  /** Timers that have not expired. */
  get size(): number {
    return this.#wheel.size;
  }

  /** A timer that does `action` with `message` to `target` after `delayMs`. */
  start(target: Process | NamedTarget, delayMs: number, action: TimerAction, message: unknown): Timer {
    return this.startAt(target, this.#node.platform.now() + checkedDelay(delayMs), action, message);
  }

  /** A timer that does `action` with `message` to `target` when the node's clock shows `deadlineMs`. */
  startAt(target: Process | NamedTarget, deadlineMs: number, action: TimerAction, message: unknown): Timer {
    const timer = new Timer(this.#node.nextRefId(), target, action, message);
    if ("name" in target || isLiving(target)) this.#set(timer, Math.max(0, Math.ceil(deadlineMs - this.#originMs)));
    return timer;
  }

  /** A timer that wakes `process`, for the operation that asks for it. */
  wakeAfter(process: Process, delayMs: number): Timer {
    return this.start(process, delayMs, WAKE, undefined);
  }

  /** Whether `timer` has neither expired nor been cancelled. */
  isPending(timer: Timer): boolean {
    return timer.slot !== -1;
  }

  /** Takes `timer` back. @returns whole milliseconds it still had, or false when it had expired or been cancelled */
  cancel(timer: Timer): number | false {
    const leftMs = this.read(timer);
    this.drop(timer);
    return leftMs;
  }

  /** Takes `timer` back without asking what it still had: saves a look at the clock. */
  drop(timer: Timer): void {
    if (this.#wheel.cancel(timer)) detachTimer(timer);
  }

  /** Whole milliseconds until `timer` expires, or false when it has expired or been cancelled. */
  read(timer: Timer): number | false {
    if (!this.isPending(timer)) return false;
    // The deadline was rounded up to a tick when the timer was set: rounding up again would give more than was asked for.
    return Math.max(0, Math.floor(timer.at + this.#originMs - this.#node.platform.now()));
  }

  /** Cancels what was aimed at `process`, which has ended. */
  dropOf(process: Process): void {
    for (let timer = process.timers; timer !== null; timer = process.timers) {
      this.#wheel.cancel(timer);
      detachTimer(timer);
    }
  }

  /** Sets the platform's alarm if a timer was set since the last time. Called at the end of each turn. */
  arm(): void {
    this.#isArmingDue = false;
    const next = this.#wheel.nextTick();
    const tick = next ?? Number.POSITIVE_INFINITY;
    // A later alarm is left as it is: it rings once for nothing, which is cheaper than setting alarms at each cancel.
    if (tick >= this.#armedTick) return;
    this.#armedTick = tick;
    this.#node.platform.setAlarm(this.#originMs + tick, this.#alarm);
  }

  /** Takes the platform's alarm back for good. */
  stop(): void {
    this.#node.platform.setAlarm(null, this.#alarm);
  }

  #set(timer: Timer, tick: number): void {
    this.#wheel.set(timer, tick);
    attachTimer(timer);
    if (tick >= this.#armedTick) return;
    // Inside a turn the end of the turn arms once for all timers set in it.
    if (cpu.process === null) this.arm();
    else this.#isArmingDue = true;
  }

  /** The end of a turn: sets the alarm, if that was left for it. */
  settle(): void {
    if (this.#isArmingDue) this.arm();
  }

  #ring(): void {
    this.#armedTick = Number.POSITIVE_INFINITY;
    this.#wheel.advance(Math.floor(this.#node.platform.now() - this.#originMs), (timer) => this.#expire(timer));
    this.arm();
  }

  #expire(timer: Timer): void {
    detachTimer(timer);
    const { action } = timer;
    const target = "name" in timer.target ? this.#node.names.whereis(timer.target.name) : timer.target;
    if (target === undefined) {
      if (action.do === "repeat") this.#repeat(timer, action.everyMs);
      return;
    }
    if (action.do === "wake") {
      target.node.scheduler.wakeIfWaiting(target);
      return;
    }
    const { events } = this.#node;
    if ((events.wanted & EVENT_BIT.timeout) !== 0)
      events.emit({ type: "timeout", at: this.#node.now(), pid: target, ref: timer });
    if (action.do === "repeat") this.#repeat(timer, action.everyMs);
    deliver(target, messageOf(timer), timer);
  }

  #repeat(timer: Timer, everyMs: number): void {
    // Measured from the deadline, not from now, so that an interval does not drift.
    this.#set(timer, timer.at + Math.max(1, Math.ceil(everyMs)));
  }
}

function messageOf(timer: Timer): unknown {
  switch (timer.action.do) {
    case "send":
    case "wake":
      return timer.message;
    case "timeout":
      return { type: "timeout", ref: timer, message: timer.message };
    case "repeat":
      // Each repetition is a message of its own: the receiver may change the one it got.
      return isolate(timer.message);
  }
}
