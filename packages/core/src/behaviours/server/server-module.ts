// gen_server as OTP writes it: a module of callbacks that return tuples. It reaches every shape OTP has, and is what the recorded traces of
// the BEAM are checked with; `genServer` is the form for everyday use.

import type { From } from "../../kernel/call.ts";
import { ExitException } from "../../kernel/exit-exception.ts";
import type { Operation } from "../../kernel/operation.ts";
import type { Process } from "../../kernel/process.ts";
import type { Pid } from "../../values/pid.ts";
import type { StartAnswer } from "../behaviour-body.ts";
import type { Acknowledge } from "../proc-lib.ts";
import { type CodeChange, readStateChange, returnedBy } from "../code-change.ts";
import { ServerBody } from "./server-body.ts";
import { type BehaviourOptions, isolateArguments, startBehaviour } from "../start-behaviour.ts";

/** What follows a callback: wait at most so many idle milliseconds, hibernate, or continue at once. */
export type ServerAction = number | "infinity" | "hibernate" | readonly ["continue", unknown];

/** What `init` returns. */
export type InitResult<S> =
  | readonly ["ok", S]
  | readonly ["ok", S, ServerAction]
  | readonly ["stop", unknown]
  | readonly ["error", unknown]
  | "ignore";

/** What `handleCast`, `handleInfo` and `handleContinue` return. */
export type NoReplyResult<S> =
  | readonly ["noreply", S]
  | readonly ["noreply", S, ServerAction]
  | readonly ["stop", unknown, S];

/** What `handleCall` returns. */
export type CallResult<S> =
  | NoReplyResult<S>
  | readonly ["reply", unknown, S]
  | readonly ["reply", unknown, S, ServerAction]
  | readonly ["stop", unknown, unknown, S];

/** What `codeChange` returns; anything else than `"ok"` is the caller's answer and leaves the state as it is. */
export type CodeChangeResult<S> = readonly ["ok", S] | readonly ["error", unknown];

/** A callback's result, at once or from a generator that may wait. */
export type Eventually<T> = T | Generator<unknown, T, void>;

/**
 * The callbacks of OTP's gen_server. A callback that must wait is a generator function; the server takes no other message meanwhile.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/gen_server.html#callbacks | gen_server, Callbacks}
 */
export interface ServerModule<S, A = unknown> {
  init(args: A): Eventually<InitResult<S>>;
  handleCall?(request: unknown, from: From<unknown>, state: S): Eventually<CallResult<S>>;
  handleCast?(request: unknown, state: S): Eventually<NoReplyResult<S>>;
  handleInfo?(message: unknown, state: S): Eventually<NoReplyResult<S>>;
  handleContinue?(term: unknown, state: S): Eventually<NoReplyResult<S>>;
  terminate?(reason: unknown, state: S): Eventually<unknown>;
  /** What inspection and crash reports show instead of the state. */
  formatStatus?(state: S): unknown;
  /** Makes the new state of the old one, at {@link changeCode}. It may not wait. */
  codeChange?(oldVsn: unknown, state: S, extra: unknown): CodeChangeResult<S>;
}

/**
 * Starts a gen_server made of OTP-style callbacks.
 *
 * @param options - `link: true` for `start_link`
 * @throws {@link StartError} when init fails, stops or ignores
 * @see {@link https://www.erlang.org/doc/apps/stdlib/gen_server.html#start_link/4 | gen_server:start_link/4}
 */
export function startServer<S, A>(
  module: ServerModule<S, A>,
  args: A,
  options: BehaviourOptions & { readonly link?: boolean } = {},
): Operation<Pid<unknown>> {
  const { link = false, ...rest } = options;
  const given = isolateArguments(args);
  return startBehaviour(
    (process, acknowledge, isLinked) => new ModuleServer(process, acknowledge, isLinked, module, given),
    module.init,
    link,
    rest,
  );
}

/** The running part of a server made of OTP-style callbacks. */
export class ModuleServer<S, A> extends ServerBody {
  readonly #module: ServerModule<S, A>;
  #state: S | undefined;

  constructor(
    process: Process,
    acknowledge: Acknowledge<StartAnswer>,
    isLinked: boolean,
    module: ServerModule<S, A>,
    args: A,
  ) {
    super(process, acknowledge, isLinked, [args]);
    this.#module = module;
  }

  protected override callInit([args]: readonly unknown[]): unknown {
    return this.#module.init(args as A); // as they were given
  }

  protected override initialised(value: unknown): StartAnswer {
    if (value === "ignore") return { type: "failed", reason: "ignore", isIgnored: true };
    if (Array.isArray(value) && value[0] === "ok" && value.length >= 2) {
      this.#state = value[1];
      if (value.length === 2 || this.#act(value[2])) return { type: "ready" };
    }
    const isRefusal = Array.isArray(value) && value.length === 2 && (value[0] === "stop" || value[0] === "error");
    return { type: "failed", reason: isRefusal ? value[1] : ["bad_return_value", value], isIgnored: false };
  }

  protected override callCall(request: unknown, from: From<unknown>): unknown {
    const { handleCall } = this.#module;
    if (handleCall === undefined) throw undefinedCallback("handleCall", request);
    return handleCall.call(this.#module, request, from, this.#known());
  }

  protected override callCast(request: unknown): unknown {
    const { handleCast } = this.#module;
    if (handleCast === undefined) throw undefinedCallback("handleCast", request);
    return handleCast.call(this.#module, request, this.#known());
  }

  protected override callInfo(message: unknown): unknown {
    const { handleInfo } = this.#module;
    if (handleInfo !== undefined) return handleInfo.call(this.#module, message, this.#known());
    this.process.node.report(this.process, { label: "no_handle_info", level: "warning", details: { message } });
    return ["noreply", this.#state];
  }

  protected override callContinue(term: unknown): unknown {
    const { handleContinue } = this.#module;
    if (handleContinue === undefined) throw undefinedCallback("handleContinue", term);
    return handleContinue.call(this.#module, term, this.#known());
  }

  protected override handled(value: unknown): void {
    const from = this.caller;
    this.caller = null;
    if (!Array.isArray(value) || !this.#took(value, from)) this.stopWith(["bad_return_value", value]);
  }

  /** @returns whether `result` was one of OTP's */
  #took(result: readonly unknown[], from: From<unknown> | null): boolean {
    switch (result[0]) {
      case "reply":
        if (from === null || result.length < 3) return false;
        this.answer(from, result[1]);
        this.#state = result[2] as S; // typed by CallResult<S>
        return result.length === 3 || this.#act(result[3]);
      case "noreply":
        this.#state = result[1] as S; // typed by NoReplyResult<S>
        return result.length === 2 || (result.length === 3 && this.#act(result[2]));
      case "stop":
        if (result.length === 4 && from !== null) this.replyLate(from, result[2]);
        else if (result.length !== 3) return false;
        this.#state = result[result.length - 1] as S; // typed by CallResult<S>
        this.stopWith(result[1]);
        return true;
      default:
        return false;
    }
  }

  #act(action: unknown): boolean {
    if (typeof action === "number" && action >= 0) this.idleAfter(action);
    else if (Array.isArray(action) && action.length === 2 && action[0] === "continue") this.continueNext(action[1]);
    // Hibernation trades time for memory that the garbage collector of one isolate gives back anyway.
    else if (action !== "hibernate" && action !== "infinity") return false;
    return true;
  }

  protected override callTerminate(reason: unknown): unknown {
    return this.#module.terminate?.(reason, this.#known());
  }

  protected override rollBack(): void {
    this.caller = null;
  }

  protected override get visibleState(): unknown {
    return this.#module.formatStatus === undefined ? this.#state : this.#module.formatStatus(this.#known());
  }

  protected override get ownState(): unknown {
    return this.#state;
  }

  protected override set ownState(state: unknown) {
    this.#state = state as S; // whoever replaces a state answers for its type, as with sys:replace_state
  }

  protected override callCodeChange(oldVsn: unknown, extra: unknown): CodeChange {
    const { codeChange } = this.#module;
    if (codeChange === undefined) return super.callCodeChange(oldVsn, extra);
    return readStateChange(returnedBy(() => codeChange.call(this.#module, oldVsn, this.#known(), extra)));
  }

  #known(): S {
    // init has run before any other callback, and has set it.
    return this.#state as S;
  }
}

function undefinedCallback(name: string, request: unknown): ExitException {
  return new ExitException(["undef", [name, request]]);
}
