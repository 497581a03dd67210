// gen_server:enter_loop: a process that was something else until now becomes a server.

import type { Operation } from "../../kernel/operation.ts";
import type { Process } from "../../kernel/process.ts";
import { enterBehaviour } from "../enter-behaviour.ts";
import { ModuleServer, type ServerAction, type ServerModule } from "./server-module.ts";

/** The callbacks of a server that is there already. */
export type EnteredModule<S> = Omit<ServerModule<S>, "init">;

/**
 * Makes this process a gen_server with OTP-style callbacks. The wait never ends: what stands behind it is never run, `finally` included.
 *
 * @remarks
 * For a process that needs a beginning of its own: a protocol to speak, or a name to win, before it serves. Messages that wait already are
 * served, in their order. The end of its parent stops it as it stops any server, if the two are linked.
 *
 * **Exits.** From here on its end is reported as that of a server, and `terminate` runs.
 *
 * @param action - what `init` could ask for, for instance `["continue", term]`; default none
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` in an async body, which cannot be left
 *
 * @example
 * ```ts
 * import { call, enterLoop, type Pid, type Request, type Self, send, spawn } from "@krarup/core";
 *
 * const greeted = { handleCall: (_request: unknown, _from: unknown, name: string) => ["reply", `I am ${name}`, name] as const };
 *
 * const server: Pid<string> = spawn(function* (self: Self<string>) {
 *   const name = yield* self.receive();
 *   yield* enterLoop(greeted, name);
 * });
 *
 * spawn(function* () {
 *   send(server, "Agner");
 *   yield* call(server as Pid<unknown>, "who"); // => "I am Agner"
 * });
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/gen_server.html#enter_loop/3 | gen_server:enter_loop/3}. Differs from OTP: a name is not
 * compared with the registered one
 */
export function enterLoop<S>(module: EnteredModule<S>, state: S, action?: ServerAction): Operation<never> {
  const beginning = action === undefined ? ["ok", state] : ["ok", state, action];
  return enterBehaviour((process, isLinked) => new EnteredServer(process, isLinked, module, beginning));
}

class EnteredServer<S> extends ModuleServer<S, unknown> {
  readonly #beginning: unknown;

  constructor(process: Process, isLinked: boolean, module: EnteredModule<S>, beginning: unknown) {
    // Its init is not called, see callInit.
    super(process, () => undefined, isLinked, module as ServerModule<S>, undefined);
    this.#beginning = beginning;
  }

  protected override callInit(): unknown {
    return this.#beginning;
  }
}
