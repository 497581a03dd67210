// Debugging of behaviours while they run, all of them and whatever they do: sys:trace, log, statistics, install.

import type { Operation } from "../kernel/operation.ts";
import type { Name } from "../kernel/send.ts";
import { KrarupError, show } from "../values/errors.ts";
import { CALL_TIMEOUT_MS } from "../values/limits.ts";
import type { AnyPid } from "../values/pid.ts";
import type { SystemRequest } from "./system-message.ts";
import {
  type BehaviourStatistics,
  type DebugFunction,
  type DebugRequest,
  isDebugFunction,
  isLogLength,
  type SystemEvent,
} from "./debugging.ts";
import { leave } from "./parcel.ts";
import { ask } from "./sys-request.ts";

type Timeout = number | "infinity";

/**
 * Logs each {@link SystemEvent} of a behaviour from now on, as a report at level `"info"`; or no longer.
 *
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for anything but true and false
 * @see {@link https://www.erlang.org/doc/apps/stdlib/sys.html#trace/3 | sys:trace/3}. Differs from OTP: it goes to the logger, whose handlers
 * also write to files; there is no `log_to_file`
 */
function trace(server: AnyPid | Name, on: boolean, timeoutMs: Timeout = CALL_TIMEOUT_MS): Operation<"ok"> {
  return debug(server, { set: "trace", on: checkedOn(on) }, timeoutMs);
}

/**
 * Keeps the last `length` events of a behaviour, or none with `false`; with `"get"`, returns those that are kept, oldest first.
 *
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for a length that is no integer >= 1
 * @see {@link https://www.erlang.org/doc/apps/stdlib/sys.html#log/3 | sys:log/3}
 */
function log(server: AnyPid | Name, what: "get", timeoutMs?: Timeout): Operation<readonly SystemEvent[]>;
function log(server: AnyPid | Name, what: number | false, timeoutMs?: Timeout): Operation<"ok">;
function log(
  server: AnyPid | Name,
  what: "get" | number | false,
  timeoutMs: Timeout = CALL_TIMEOUT_MS,
): Operation<unknown> {
  if (what === "get") return debug(server, { get: "log" }, timeoutMs);
  if (what !== false && !isLogLength(what))
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot log events as the length must be an integer >= 1: current value is ${show(what)}`,
      what,
    );
  return debug(server, { set: "log", length: what === false ? 0 : what }, timeoutMs);
}

/**
 * Counts what a behaviour does from now on, or no longer; with `"get"`, returns what was counted, `"no_statistics"` when nothing is.
 *
 * @example
 * ```ts
 * import { genServer, sys } from "@krarup/core";
 *
 * const Echo = genServer({ init: () => null, call: { echo: (_self, text: string) => text } });
 * const echo = await Echo.start();
 * await sys.statistics(echo, true); // => "ok"
 * await Echo.call(echo).echo("one");
 * const counted = await sys.statistics(echo, "get");
 * counted === "no_statistics" ? 0 : counted.messagesIn; // => 1
 * await sys.statistics(echo, false); // => "ok"
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/sys.html#statistics/3 | sys:statistics/3}
 */
function statistics(
  server: AnyPid | Name,
  what: "get",
  timeoutMs?: Timeout,
): Operation<BehaviourStatistics | "no_statistics">;
function statistics(server: AnyPid | Name, what: boolean, timeoutMs?: Timeout): Operation<"ok">;
function statistics(
  server: AnyPid | Name,
  what: boolean | "get",
  timeoutMs: Timeout = CALL_TIMEOUT_MS,
): Operation<unknown> {
  return debug(server, what === "get" ? { get: "statistics" } : { set: "statistics", on: checkedOn(what) }, timeoutMs);
}

/**
 * Has a behaviour call a function of yours for each event. One that throws or answers `"done"` is removed; one whose id is taken changes
 * nothing.
 *
 * @param made - what it captures is shared with the behaviour: capture nothing that changes
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for something without `id` and `step`
 * @see {@link https://www.erlang.org/doc/apps/stdlib/sys.html#install/3 | sys:install/3}
 */
function install<S>(
  server: AnyPid | Name,
  made: DebugFunction<S>,
  timeoutMs: Timeout = CALL_TIMEOUT_MS,
): Operation<"ok"> {
  if (!isDebugFunction(made))
    throw new KrarupError("ERR_BAD_ARGUMENT", "Cannot install as a debug function has an id and a step", made);
  return debug(server, { install: leave(made) }, timeoutMs);
}

/**
 * Removes the debug function `id`; one that is not there is no mistake.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/sys.html#remove/3 | sys:remove/3}
 */
function remove(server: AnyPid | Name, id: string, timeoutMs: Timeout = CALL_TIMEOUT_MS): Operation<"ok"> {
  return debug(server, { remove: id }, timeoutMs);
}

/** Whoever writes JavaScript may give anything. */
function checkedOn(on: unknown): boolean {
  if (typeof on === "boolean") return on;
  throw new KrarupError(
    "ERR_BAD_ARGUMENT",
    `Cannot debug as it must be true or false: current value is ${show(on)}`,
    on,
  );
}

function debug<R>(server: AnyPid | Name, request: DebugRequest, timeoutMs: Timeout): Operation<R> {
  const asked: SystemRequest = { do: "debug", request };
  return ask(server, asked, timeoutMs);
}

/** The debug options of a behaviour that runs; the option `debug` of a start switches them on from the first message. */
export const sys: {
  readonly trace: typeof trace;
  readonly log: typeof log;
  readonly statistics: typeof statistics;
  readonly install: typeof install;
  readonly remove: typeof remove;
} = { trace, log, statistics, install, remove };
