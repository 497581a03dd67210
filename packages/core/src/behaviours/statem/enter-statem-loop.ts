// gen_statem:enter_loop: a process that was something else until now becomes a state machine.

import type { Operation } from "../../kernel/operation.ts";
import type { Process } from "../../kernel/process.ts";
import { enterBehaviour } from "../enter-behaviour.ts";
import {
  type HandleEventModule,
  ModuleStatem,
  type StateFunctionsModule,
  type StatemActions,
  type StatemModule,
} from "./statem-module.ts";

/** The callbacks of a machine that is there already. */
export type EnteredStatemModule<S, D> =
  | Omit<HandleEventModule<S, D, never>, "init">
  | Omit<StateFunctionsModule<S, D, never>, "init">;

/**
 * Makes this process a gen_statem with OTP-style callbacks, in `state`. The wait never ends: what stands behind it is never run, `finally`
 * included.
 *
 * @remarks
 * As {@link enterLoop} for servers. Where the callback mode has enter calls, the first is that into `state`. Messages that wait already come
 * behind it, and behind what `actions` insert.
 *
 * @param actions - what `init` could ask for; default none
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` in an async body, which cannot be left
 *
 * @example
 * ```ts
 * import { call, enterStatemLoop, type EventType, type Pid, type Request, type Self, spawn } from "@krarup/core";
 *
 * const lamp = {
 *   callbackMode: "handle_event_function" as const,
 *   handleEvent: (type: EventType | "enter", _content: unknown, state: string) =>
 *     Array.isArray(type) && type[0] === "call"
 *       ? (["keep_state_and_data", ["reply", type[1], state]] as const)
 *       : ("keep_state_and_data" as const),
 * };
 * const pid = spawn(function* (_self: Self<Request<string, string>>) {
 *   yield* enterStatemLoop(lamp, "dark", null);
 * });
 * await call(pid, "which"); // => "dark"
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/gen_statem.html#enter_loop/4 | gen_statem:enter_loop/4}. Differs from OTP: a name is not
 * compared with the registered one
 */
export function enterStatemLoop<S, D>(
  module: EnteredStatemModule<S, D>,
  state: S,
  data: D,
  actions: StatemActions = [],
): Operation<never> {
  return enterBehaviour((process, isLinked) => new EnteredStatem(process, isLinked, module, [state, data, actions]));
}

class EnteredStatem<S, D> extends ModuleStatem<S, D, unknown> {
  readonly #beginning: readonly [S, D, StatemActions];

  constructor(
    process: Process,
    isLinked: boolean,
    module: EnteredStatemModule<S, D>,
    beginning: readonly [S, D, StatemActions],
  ) {
    // Its init is not called, see callInit.
    super(process, () => undefined, isLinked, module as StatemModule<S, D, unknown>, undefined);
    this.#beginning = beginning;
  }

  protected override callInit(): unknown {
    return ["ok", ...this.#beginning];
  }
}
