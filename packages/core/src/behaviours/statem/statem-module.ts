// gen_statem as OTP writes it: a module of callbacks that return tuples, in both callback modes. It reaches every shape OTP has, and is what
// the recorded traces of the BEAM are checked with; `genStatem` is the form for everyday use.

import type { From } from "../../kernel/call.ts";
import { ExitException } from "../../kernel/exit-exception.ts";
import type { Operation } from "../../kernel/operation.ts";
import type { Process } from "../../kernel/process.ts";
import type { Pid } from "../../values/pid.ts";
import type { StartAnswer } from "../behaviour-body.ts";
import type { Acknowledge } from "../proc-lib.ts";
import type { Eventually } from "../server/server-module.ts";
import { type BehaviourOptions, isolateArguments, startBehaviour } from "../start-behaviour.ts";
import { type CodeChange, returnedBy } from "../code-change.ts";
import { StatemBody } from "./statem-body.ts";
import type { EventType, StatemEvent, TimeoutType } from "./statem-event.ts";
import { readActions, readResult } from "./statem-result.ts";
import type { Verdict } from "./statem-verdict.ts";

/** Answers a call. */
export type ReplyAction = readonly ["reply", From<unknown>, unknown];

/**
 * Sets, updates or takes back a time-out. A bare time is an event time-out with itself as content; `"infinity"` takes back as `"cancel"` does;
 * with `{ abs: true }` the time is one on the node's clock.
 */
export type TimeoutAction =
  | number
  | "infinity"
  | readonly [TimeoutType, number | "infinity" | "update", unknown]
  | readonly [TimeoutType, number | "infinity", unknown, { readonly abs?: boolean }]
  | readonly [TimeoutType, "cancel"];

/** What an enter call may ask for. `"hibernate"` is accepted and does nothing. */
export type EnterAction = ReplyAction | TimeoutAction | "hibernate" | readonly ["hibernate", boolean];

/** What a callback may ask for beside the next state. */
export type StatemAction =
  | EnterAction
  | "postpone"
  | readonly ["postpone", boolean]
  | readonly ["next_event", EventType, unknown];

/** One action or a list of them, done in order. An array that reads as one action is one. */
export type StatemActions = StatemAction | readonly StatemAction[];

/** What `init` returns. */
export type StatemInit<S, D> =
  | readonly ["ok", S, D]
  | readonly ["ok", S, D, StatemActions]
  | readonly ["stop", unknown]
  | readonly ["error", unknown]
  | "ignore";

/** What a state callback returns. */
export type StatemResult<S, D> =
  | readonly ["next_state", S, D]
  | readonly ["next_state", S, D, StatemActions]
  | readonly ["keep_state" | "repeat_state", D]
  | readonly ["keep_state" | "repeat_state", D, StatemActions]
  | "keep_state_and_data"
  | "repeat_state_and_data"
  | readonly ["keep_state_and_data" | "repeat_state_and_data", StatemActions]
  | "stop"
  | readonly ["stop", unknown]
  | readonly ["stop", unknown, D]
  | readonly ["stop_and_reply", unknown, ReplyAction | readonly ReplyAction[]]
  | readonly ["stop_and_reply", unknown, ReplyAction | readonly ReplyAction[], D];

/** How callbacks are found, and whether there are enter calls. */
export type CallbackMode<M extends string> = M | readonly [M, "state_enter"];

/** What both callback modes have. */
export interface StatemCallbacks<S, D, A> {
  init(args: A): Eventually<StatemInit<S, D>>;
  terminate?(reason: unknown, state: S, data: D): Eventually<unknown>;
  /** What inspection and crash reports show instead of `[state, data]`. */
  formatStatus?(state: S, data: D): unknown;
  /** Makes the new state and data of the old ones, at {@link changeCode}. It may not wait; what is not `"ok"` is the caller's answer. */
  codeChange?(
    oldVsn: unknown,
    state: S,
    data: D,
    extra: unknown,
  ): readonly ["ok", state: S, data: D] | readonly ["error", unknown];
}

/** The callback of one state. For an enter call `type` is `"enter"` and `content` the state before. */
export type StateFunction<S, D> = (
  type: EventType | "enter",
  content: unknown,
  data: D,
) => Eventually<StatemResult<S, D>>;

/** A machine with one callback for each state. */
export interface StateFunctionsModule<S, D, A> extends StatemCallbacks<S, D, A> {
  readonly callbackMode: CallbackMode<"state_functions">;
  readonly states: Readonly<Record<S & string, StateFunction<S, D>>>;
}

/** A machine with one callback for all states; a state may be any plain term, and states are compared by value. */
export interface HandleEventModule<S, D, A> extends StatemCallbacks<S, D, A> {
  readonly callbackMode: CallbackMode<"handle_event_function">;
  handleEvent(type: EventType | "enter", content: unknown, state: S, data: D): Eventually<StatemResult<S, D>>;
}

/**
 * Starts a gen_statem made of OTP-style callbacks. A callback that must wait is a generator function; the machine takes no other event
 * meanwhile.
 *
 * @example
 * ```ts
 * import { call, cast, type EventType, type HandleEventModule, type Pid, type Request, startStatem } from "@krarup/core";
 *
 * const button: HandleEventModule<"off" | "on", number, null> = {
 *   callbackMode: "handle_event_function",
 *   init: () => ["ok", "off", 0],
 *   handleEvent(type: EventType | "enter", content, state, pushes) {
 *     if (type === "cast") return state === "off" ? ["next_state", "on", pushes + 1] : ["next_state", "off", pushes];
 *     if (Array.isArray(type) && type[0] === "call") return ["keep_state_and_data", ["reply", type[1], pushes]];
 *     return "keep_state_and_data";
 *   },
 * };
 *
 * const machine = await startStatem(button, null);
 * for (let i = 0; i < 3; i++) cast(machine, "push");
 * const pushes: number = await call(machine as Pid<Request<"count", number>>, "count");
 * pushes; // => 2
 * ```
 *
 * @param options - `link: true` for `start_link`
 * @throws {@link StartError} when init fails, stops or ignores
 * @see {@link https://www.erlang.org/doc/apps/stdlib/gen_statem.html#start_link/4 | gen_statem:start_link/4}
 */
export function startStatem<S, D, A>(
  module: StatemModule<S, D, A>,
  args: A,
  options: StatemOptions = {},
): Operation<Pid<unknown>> {
  const { link = false, ...rest } = options;
  const given = isolateArguments(args);
  return startBehaviour(
    (process, acknowledge, isLinked) => new ModuleStatem(process, acknowledge, isLinked, module, given),
    module.init,
    link,
    rest,
  );
}

/** The callbacks of OTP's gen_statem, in either callback mode. */
export type StatemModule<S, D, A> = HandleEventModule<S, D, A> | StateFunctionsModule<S, D, A>;

/** How a machine is started. */
export type StatemOptions = BehaviourOptions & { readonly link?: boolean };

/** The running part of a machine made of OTP-style callbacks. */
export class ModuleStatem<S, D, A> extends StatemBody {
  readonly #module: StatemModule<S, D, A>;
  readonly #args: A;
  #data: D | undefined;

  constructor(
    process: Process,
    acknowledge: Acknowledge<StartAnswer>,
    isLinked: boolean,
    module: StatemModule<S, D, A>,
    args: A,
  ) {
    super(process, acknowledge, isLinked);
    this.#module = module;
    this.#args = args;
  }

  protected override callInit(): unknown {
    return this.#module.init(this.#args);
  }

  protected override initialised(value: unknown): StartAnswer {
    if (value === "ignore") return { type: "failed", reason: "ignore", isIgnored: true };
    const parts: readonly unknown[] = Array.isArray(value) ? value : [];
    if (parts[0] === "ok" && (parts.length === 3 || parts.length === 4)) {
      this.begin(parts[1], parts[2], readActions(parts[3], false));
      return { type: "ready" };
    }
    const isRefusal = parts.length === 2 && (parts[0] === "stop" || parts[0] === "error");
    return { type: "failed", reason: isRefusal ? parts[1] : ["bad_return_from_init", value], isIgnored: false };
  }

  protected override get hasEnterCalls(): boolean {
    return Array.isArray(this.#module.callbackMode);
  }

  protected override callState({ type, content }: StatemEvent): unknown {
    return this.#call(type, content);
  }

  protected override callEnter(old: unknown): unknown {
    return this.#call("enter", old);
  }

  protected override judge(value: unknown): Verdict {
    return readResult(value, { state: this.currentState, data: this.#data, isEntering: this.isEntering });
  }

  protected override takeData(data: unknown): void {
    this.#data = data as D; // typed by StatemInit and StatemResult
  }

  protected override callTerminate(reason: unknown): unknown {
    return this.#module.terminate?.(reason, this.#state(), this.#known());
  }

  protected override rollBack(): void {
    // What a callback has done to its data in place stays done, as it owns them.
  }

  protected override get visibleState(): unknown {
    const { formatStatus } = this.#module;
    return formatStatus === undefined ? this.ownState : formatStatus.call(this.#module, this.#state(), this.#known());
  }

  protected override get ownState(): unknown {
    return [this.currentState, this.#data];
  }

  protected override set ownState(pair: unknown) {
    if (Array.isArray(pair) && pair.length === 2) [this.currentState, this.#data] = pair; // whoever replaces a state answers for its type
  }

  protected override callCodeChange(oldVsn: unknown, extra: unknown): CodeChange {
    const module = this.#module;
    if (module.codeChange === undefined) return super.callCodeChange(oldVsn, extra);
    const value = returnedBy(() => module.codeChange?.(oldVsn, this.#state(), this.#known(), extra));
    return Array.isArray(value) && value.length === 3 && value[0] === "ok"
      ? { state: value.slice(1) }
      : { error: value };
  }

  #call(type: EventType | "enter", content: unknown): unknown {
    const module = this.#module;
    if ("handleEvent" in module) return module.handleEvent(type, content, this.#state(), this.#known());
    // Looked up as what it may be: a state that has no callback.
    const state: StateFunction<S, D> | undefined = (module.states as Readonly<Record<string, StateFunction<S, D>>>)[
      String(this.currentState)
    ];
    if (state === undefined) throw new ExitException(["undef", [this.currentState, type, content]]);
    return state.call(module.states, type, content, this.#known());
  }

  #state(): S {
    return this.currentState as S; // typed by StatemInit and StatemResult
  }

  #known(): D {
    // init has run before any other callback, and has set it.
    return this.#data as D;
  }
}
