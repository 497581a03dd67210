// The system protocol: what can be asked of every behaviour, whatever it does, and the orderly stop.

import { CALL_TIMEOUT_MS } from "../values/limits.ts";
import type { AnyPid } from "../values/pid.ts";
import { Call, inMs } from "../kernel/call.ts";
import { finished, type Operation, type Suspension } from "../kernel/operation.ts";
import type { Name } from "../kernel/send.ts";
import type { CodeChangeAnswer } from "./code-change.ts";
import { isSameTerm } from "./same-term.ts";
import { ask } from "./sys-request.ts";

/** What {@link getStatus} tells. */
export interface BehaviourStatus {
  readonly status: "running" | "suspended";
  /** The state, or what the behaviour's `formatStatus` makes of it. */
  readonly state: unknown;
}

/**
 * Reads the state of a behaviour, for debugging; `formatStatus` has no say in it.
 *
 * **Exits.** As those of a call; `["callback_failed", why]` when the state cannot be sent. The behaviour goes on.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/sys.html#get_state/2 | sys:get_state/2}
 */
export function getState(server: AnyPid | Name, timeoutMs: number | "infinity" = CALL_TIMEOUT_MS): Operation<unknown> {
  return ask(server, { do: "get_state" }, timeoutMs);
}

/**
 * Replaces the state of a behaviour, for debugging. @returns the new state
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/sys.html#replace_state/3 | sys:replace_state/3}. Differs from OTP: it takes the state
 * and not a function, because functions do not travel.
 */
export function replaceState(
  server: AnyPid | Name,
  state: unknown,
  timeoutMs: number | "infinity" = CALL_TIMEOUT_MS,
): Operation<unknown> {
  return ask(server, { do: "replace_state", state }, timeoutMs);
}

/**
 * Whether a behaviour is suspended, and its state as its `formatStatus` shows it.
 *
 * **Exits.** As {@link getState}; also when `formatStatus` throws.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/sys.html#get_status/2 | sys:get_status/2}
 */
export function getStatus(
  server: AnyPid | Name,
  timeoutMs: number | "infinity" = CALL_TIMEOUT_MS,
): Operation<BehaviourStatus> {
  return ask(server, { do: "get_status" }, timeoutMs);
}

/**
 * Makes a behaviour leave ordinary messages where they are until {@link resume}; the system protocol goes on.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/sys.html#suspend/2 | sys:suspend/2}
 */
export function suspend(server: AnyPid | Name, timeoutMs: number | "infinity" = CALL_TIMEOUT_MS): Operation<"ok"> {
  return ask(server, { do: "suspend" }, timeoutMs);
}

/** Ends a {@link suspend}. @see {@link https://www.erlang.org/doc/apps/stdlib/sys.html#resume/2 | sys:resume/2} */
export function resume(server: AnyPid | Name, timeoutMs: number | "infinity" = CALL_TIMEOUT_MS): Operation<"ok"> {
  return ask(server, { do: "resume" }, timeoutMs);
}

/**
 * Gives a suspended behaviour's state to its `codeChange` callback, which returns the state in its new shape.
 *
 * @remarks
 * Of an event manager each handler that has the callback is asked; unless all succeed, all keep their state. What a callback
 * changed in place stays changed: it returns a new state instead. Of a state machine the state is entered without an enter call. What waits
 * in the mailbox meets the new state after {@link resume}.
 *
 * **Waiting.** This process, until the callback has returned; the callback itself may not wait.
 * **Exits.** As those of a call; `["callback_failed", why]` when what the callback returned instead of a state cannot be sent.
 *
 * @param oldVsn - the version that the state was made by, in whatever words the callback understands
 * @param extra - anything else the callback needs
 * @returns `"ok"`; or `["error", why]`, after which the state is the old one: `["unknown_system_msg", …]` when it is not suspended,
 * `["EXIT", reason]` when the callback threw or there is none, and else what it returned
 *
 * @example
 * ```ts
 * import { changeCode, genServer, getState, resume, suspend } from "@krarup/core";
 *
 * const Counter = genServer({
 *   init: (count: number) => ({ count, step: 1 }),
 *   codeChange: (_oldVsn, state, extra) => ({ ...state, step: Number(extra) }),
 * });
 * const counter = await Counter.start(7);
 * await suspend(counter);
 * await changeCode(counter, "1.0", 10); // => "ok"
 * await resume(counter);
 * await getState(counter); // => { count: 7, step: 10 }
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/sys.html#change_code/5 | sys:change_code/5}. Differs from OTP: no module is named, since a
 * behaviour has the one it was started with
 */
export function changeCode(
  server: AnyPid | Name,
  oldVsn: unknown,
  extra: unknown,
  timeoutMs: number | "infinity" = CALL_TIMEOUT_MS,
): Operation<CodeChangeAnswer> {
  return ask(server, { do: "change_code", oldVsn, extra }, timeoutMs);
}

/**
 * Stops a behaviour in order: its `terminate` runs, and the wait is over when it has really ended.
 *
 * **Exits.** `["noproc", …]` when it does not exist, `["timeout", …]`, or the reason with which it ended if that is another one than asked.
 *
 * @param reason - default `"normal"`
 * @see {@link https://www.erlang.org/doc/apps/stdlib/gen_server.html#stop/3 | gen_server:stop/3}
 */
export function stop(
  server: AnyPid | Name,
  reason: unknown = "normal",
  timeoutMs: number | "infinity" = "infinity",
): Operation<"ok"> {
  return new Stop(server, reason, timeoutMs);
}

/** Nobody replies to it: what ends the wait is the end of the server. */
class Stop extends Call<"ok"> {
  readonly #reason: unknown;

  constructor(server: AnyPid | Name, reason: unknown, timeoutMs: number | "infinity") {
    super("system", server, { do: "terminate", reason }, inMs(timeoutMs));
    this.#reason = reason;
  }

  protected override serverEnded(reason: unknown): IteratorResult<Suspension, "ok"> {
    return isSameTerm(this.#reason, reason) ? finished("ok") : super.serverEnded(reason);
  }
}
