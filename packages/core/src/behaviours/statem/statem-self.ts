// A state machine as its own handlers see it. Types only.

import type { From } from "../../kernel/call.ts";
import type { AnyPid } from "../../values/pid.ts";
import type { Draft } from "../draft-state.ts";
import type { NoReply } from "../server/named-requests.ts";

/** A state is a name, or an object that has one and carries what only this state knows. */
export type AnyState = string | { readonly name: string };

/** How long a time-out takes, or what happens to one that was set before. */
export type TimeoutTime = number | "infinity" | "cancel" | "update";

/**
 * A machine inside an enter call. There it may do everything but change the state, postpone and insert events, as in OTP.
 *
 * @typeParam X - the state it is in
 * @typeParam D - its data
 * @typeParam T - names of its named time-outs
 */
export interface EnterSelf<X, D, T> {
  /** The machine's pid. */
  readonly pid: AnyPid;
  /** The state it is in. */
  readonly state: X;
  /** What it knows beside the state; assign to replace it. Never change it in place: that is what `draft` is for. */
  get data(): Readonly<D>;
  set data(data: D);
  /** The data to change in place, by immer: what does not change is shared, and a handler that throws leaves no trace. */
  readonly draft: Draft<D>;
  /**
   * Sets the state time-out: `stateTimeout(self, content)` is called after `ms` milliseconds unless the state changes first. Setting it again
   * replaces it; `"cancel"` takes it back and `"update"` changes the content only. 0 ms comes before all that waits in the mailbox.
   */
  stateTimeout(ms: TimeoutTime, content?: unknown): void;
  /** Sets the event time-out: `eventTimeout(self, content)` is called after `ms` milliseconds unless any event comes first. */
  eventTimeout(ms: TimeoutTime, content?: unknown): void;
  /** Sets a named time-out: `timeout[name](self, content)` is called after `ms` milliseconds, whatever happens in between. */
  timeout(name: T, ms: TimeoutTime, content?: unknown): void;
  /** Stops the machine with `reason` after this handler; a call's reply is sent before `terminate` runs, as in OTP. */
  stop(reason: unknown): void;
}

/**
 * A machine inside a handler. What it asks for happens when the handler has returned; if it throws, nothing of it does.
 *
 * @typeParam S - the states it may go to
 * @typeParam I - names of the events it may insert
 */
export interface StatemSelf<X, S, D, T, I> extends EnterSelf<X, D, T> {
  /** Goes to `state`. Only if it differs, by value, is it a change: `enter` is called, postponed events come again. */
  nextState(state: S): void;
  /** Stays in the state, and is called `enter` all the same. Postponed events wait on. */
  repeatState(): void;
  /** Keeps the event being handled until the state has changed. Return it from a call handler: nothing is replied. */
  postpone(): NoReply<never>;
  /** Inserts an event for the `internal` handler `name`, before everything that waits; several come in the order inserted. */
  nextEvent(name: I, ...args: readonly unknown[]): void;
  /** The caller of the call being handled: keep it to {@link reply} later. */
  readonly from: From<unknown>;
  /** Says that the handler's own value is no reply: {@link reply} to `self.from` later, or never. */
  noReply<R>(): NoReply<R>;
}
