import type { AnyPid, NameAtNode } from "./pid.ts";
import type { Ref } from "./ref.ts";

/**
 * Arrives at a process that traps exits when a linked process ended or somebody sent it an exit signal.
 *
 * @see {@link https://www.erlang.org/doc/system/ref_man_processes.html#receiving-exit-signals | Receiving Exit Signals}
 */
export interface Exit {
  readonly type: "EXIT";
  /** The process at the other end of the link, or the sender of the signal. */
  readonly pid: AnyPid;
  readonly reason: unknown;
}

/**
 * Arrives exactly once for each monitor whose process ended.
 *
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#monitor/2 | erlang:monitor/2}
 */
export interface Down<Tag extends string = "DOWN"> {
  readonly type: Tag;
  readonly ref: Ref;
  /** The process that ended; or, if it was watched by name, that name and its node. */
  readonly pid: AnyPid | NameAtNode;
  readonly reason: unknown;
}

/**
 * Arrives for a request that was sent with `sendRequest`, unless `receiveResponse` or `waitResponse` takes it. Give it to `checkResponse`,
 * as well as each {@link Down}: a server that ends before it replies is told by that.
 */
export interface ResponseMessage<R = unknown> {
  readonly type: "response";
  /** The id of the request. */
  readonly ref: Ref;
  readonly reply: R;
}

/** Arrives from a timer set with `startTimer`. */
export interface Timeout<M = unknown> {
  readonly type: "timeout";
  readonly ref: Ref;
  readonly message: M;
}

/** What a receive with `.after(ms)` returns when no message matched in time. */
export const TIMEOUT: unique symbol = Symbol.for("krarup.timeout");

/** The type of {@link TIMEOUT}. */
export type TIMEOUT = typeof TIMEOUT;

/** Whether `message` is the EXIT of `pid`. */
export function isExitOf(message: unknown, pid: AnyPid): message is Exit {
  return (
    typeof message === "object" &&
    message !== null &&
    "type" in message &&
    message.type === "EXIT" &&
    "pid" in message &&
    message.pid === pid
  );
}
