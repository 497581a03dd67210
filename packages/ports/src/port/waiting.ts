// Callers that wait at a port, in the order in which they came.

import { cancelTimer, type AnyPid, type From, isAlive, type Pid, type Ref, reply, sendAfter } from "@krarup/core";
import { portError } from "./port-error.ts";
import type { Expired } from "./port-protocol.ts";

/** One caller with what it waits for. */
export interface Waiter<W> {
  readonly caller: AnyPid;
  readonly from: From<unknown>;
  readonly wants: W;
  readonly timer: Ref | null;
}

/** A queue of callers. One that has ended is passed over: nothing is delivered to nobody. */
export class Waiting<W> {
  readonly #port: Pid<Expired>;
  readonly #action: string;
  #waiters: Waiter<W>[] = [];

  /** @param action - what all of them do, for errors */
  constructor(port: Pid<Expired>, action: string) {
    this.#port = port;
    this.#action = action;
  }

  get count(): number {
    return this.#waiters.length;
  }

  add(caller: AnyPid, from: From<unknown>, wants: W, timeoutMs: number | "infinity"): void {
    const timer = timeoutMs === "infinity" ? null : sendAfter(timeoutMs, this.#port, { type: "expired", from });
    const waiter = { caller, from, wants, timer };
    // Pushing onto an empty array reserves room for sixteen more, and most ports have one reader for ever.
    if (this.#waiters.length === 0) this.#waiters = [waiter];
    else this.#waiters.push(waiter);
  }

  /** The first that is still there; it stays in the queue. */
  first(): Waiter<W> | null {
    for (let first = this.#waiters[0]; first !== undefined; first = this.#waiters[0]) {
      if (isAlive(first.caller)) return first;
      this.remove(first);
    }
    return null;
  }

  /** Answers `waiter` and removes it. */
  answer(waiter: Waiter<W>, value: unknown): void {
    this.remove(waiter);
    reply(waiter.from, value);
  }

  answerAll(value: unknown): void {
    while (this.#waiters.length > 0) {
      const [first] = this.#waiters;
      if (first !== undefined) this.answer(first, value);
    }
  }

  /** Answers everybody with the error `code`. @returns whether there was anybody */
  failAll(code: string): boolean {
    const isAnybody = this.first() !== null;
    this.answerAll(portError(this.#action, code));
    return isAnybody;
  }

  /** Answers the caller behind `from`, whose time is over. */
  expire(from: Ref): void {
    this.#answerFirst((each) => each.from === from, portError(this.#action, "timeout"));
  }

  /** Answers who waits for `wants`: `"ok"`, or the error `code`. */
  settle(wants: W, code: string | null): void {
    this.#answerFirst((each) => each.wants === wants, code === null ? "ok" : portError(this.#action, code));
  }

  #answerFirst(isMeant: (waiter: Waiter<W>) => boolean, value: unknown): void {
    const waiter = this.#waiters.find(isMeant);
    if (waiter !== undefined) this.answer(waiter, value);
  }

  /** Removes `waiter`, whom somebody else answers. */
  remove(waiter: Waiter<W>): void {
    if (waiter.timer !== null) cancelTimer(waiter.timer);
    const waiters = this.#waiters;
    // Nearly always it is the only one, otherwise mostly the first.
    if (waiters.length === 1) waiters.pop();
    else if (waiters[0] === waiter) waiters.shift();
    else waiters.splice(waiters.indexOf(waiter), 1);
  }
}
