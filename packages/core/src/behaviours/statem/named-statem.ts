// The running machine of `genStatem`: it collects what a handler asks for, and gives it as one verdict when the handler has returned.

import type { From } from "../../kernel/call.ts";
import type { Process } from "../../kernel/process.ts";
import { checkedDelay } from "../../kernel/timer.ts";
import { KrarupError, show } from "../../values/errors.ts";
import type { AnyPid } from "../../values/pid.ts";
import type { StartAnswer } from "../behaviour-body.ts";
import { type Draft, DraftState } from "../draft-state.ts";
import { isRefusal } from "../init-refusal.ts";
import { NO_REPLY, type NoReply, partsOf } from "../server/named-requests.ts";
import type { Acknowledge } from "../proc-lib.ts";
import { type CodeChange, returnedBy } from "../code-change.ts";
import { StatemBody } from "./statem-body.ts";
import type { StatemEvent, TimeoutType } from "./statem-event.ts";
import type { StatemSelf, TimeoutTime } from "./statem-self.ts";
import type { AnyHandler, NamedKind, SingleKind, StatemPlan } from "./statem-table.ts";
import type { TimeoutRequest } from "./statem-timeouts.ts";
import type { StatemStep, Verdict } from "./statem-verdict.ts";

/** A running machine, and its handlers' `self`. */
export class NamedStatem extends StatemBody implements StatemSelf<unknown, unknown, unknown, string, string> {
  readonly #plan: StatemPlan;
  readonly #args: readonly unknown[];
  #data: DraftState<unknown> | null = null;
  /** What the handler has asked for so far. */
  #steps: StatemStep[] = [];
  #next: { readonly state: unknown } | null = null;
  #repeats = false;
  #isPostponed = false;
  #stop: { readonly reason: unknown } | null = null;
  /** The caller while a call is handled. */
  #caller: From<unknown> | null = null;

  constructor(
    process: Process,
    acknowledge: Acknowledge<StartAnswer>,
    isLinked: boolean,
    plan: StatemPlan,
    args: readonly unknown[],
  ) {
    super(process, acknowledge, isLinked);
    this.#plan = plan;
    this.#args = args;
  }

  get pid(): AnyPid {
    return this.process;
  }

  get state(): unknown {
    return this.currentState;
  }

  get data(): Readonly<unknown> {
    return this.#known().current as Readonly<unknown>; // any data there is reads like this
  }

  set data(data: unknown) {
    this.#known().replace(data);
  }

  get draft(): Draft<unknown> {
    return this.#known().draft;
  }

  get from(): From<unknown> {
    if (this.#caller === null)
      throw new KrarupError("ERR_BAD_ARGUMENT", "Cannot read self.from as no call is being handled");
    return this.#caller;
  }

  noReply<R>(): NoReply<R> {
    return NO_REPLY;
  }

  nextState(state: unknown): void {
    this.#refuseInEnter("change the state");
    if (!this.#plan.isState(nameOf(state))) throw noSuchState("change", state);
    this.#next = { state };
  }

  repeatState(): void {
    this.#repeats = true;
  }

  postpone(): NoReply<never> {
    this.#refuseInEnter("postpone");
    this.#isPostponed = true;
    return NO_REPLY;
  }

  nextEvent(name: string, ...args: readonly unknown[]): void {
    this.#refuseInEnter("insert an event");
    this.#steps.push({ do: "insert", event: { type: "internal", content: [name, ...args] } });
  }

  stateTimeout(ms: TimeoutTime, content?: unknown): void {
    this.#setTimeout("state_timeout", ms, content);
  }

  eventTimeout(ms: TimeoutTime, content?: unknown): void {
    this.#setTimeout("timeout", ms, content);
  }

  timeout(name: string, ms: TimeoutTime, content?: unknown): void {
    this.#setTimeout(["timeout", name], ms, content);
  }

  stop(reason: unknown): void {
    this.#stop = { reason };
  }

  protected override callInit(): unknown {
    return this.#plan.definition.init(...(this.#args as never[])); // typed by start, where they were given
  }

  protected override initialised(value: unknown): StartAnswer {
    if (isRefusal(value)) return { type: "failed", reason: value.reason, isIgnored: value.refused === "ignore" };
    const { state, data, nextEvent } = value as StatemStartOfAny; // init returns a start or a refusal
    if (!this.#plan.isState(nameOf(state)))
      return { type: "failed", reason: noSuchState("start in", state), isIgnored: false };
    this.#data = new DraftState(data);
    if (nextEvent !== undefined) this.#steps.push({ do: "insert", event: { type: "internal", content: nextEvent } });
    const steps = this.#steps;
    this.#forget();
    this.begin(state, data, steps);
    return { type: "ready" };
  }

  protected override get hasEnterCalls(): boolean {
    return this.#plan.hasEnterCalls;
  }

  protected override callState({ type, content }: StatemEvent): unknown {
    switch (type) {
      case "cast":
        return this.#callNamed("cast", content);
      case "internal":
        return this.#callNamed("internal", content);
      case "info":
        return this.#callInfo(content);
      case "state_timeout":
        return this.#callTimeout(this.#single("stateTimeout"), type, content);
      case "timeout":
        return this.#callTimeout(this.#single("eventTimeout"), type, content);
    }
    if (type[0] === "timeout") return this.#callTimeout(this.#named("timeout", type[1]), type, content);
    this.#caller = type[1];
    return this.#callNamed("call", content);
  }

  protected override callEnter(old: unknown): unknown {
    return this.#invoke(this.#single("enter"), [old]);
  }

  protected override judge(value: unknown): Verdict {
    const caller = this.#caller;
    this.#caller = null;
    this.#known().commit();
    if (this.#isPostponed) this.#steps.push({ do: "postpone", postpones: true });
    else if (caller !== null && value !== NO_REPLY) this.#steps.unshift({ do: "reply", to: caller, value });
    return this.#verdict();
  }

  protected override takeData(): void {
    // `judge` has committed the draft.
  }

  protected override callTerminate(reason: unknown): unknown {
    return this.#invoke(this.#plan.definition.terminate, [reason]);
  }

  protected override rollBack(): void {
    this.#forget();
    this.#caller = null;
    this.#data?.rollBack();
  }

  protected override get visibleState(): unknown {
    const { formatStatus } = this.#plan.definition;
    const pair = this.ownState;
    return formatStatus === undefined ? pair : formatStatus(...(pair as never[])); // typed by the definition that made both
  }

  protected override get ownState(): readonly unknown[] {
    return [this.currentState, this.#data?.base];
  }

  protected override set ownState(pair: unknown) {
    if (!Array.isArray(pair) || pair.length !== 2) return;
    this.currentState = pair[0];
    this.#known().replace(pair[1]);
  }

  protected override callCodeChange(oldVsn: unknown, extra: unknown): CodeChange {
    const { codeChange } = this.#plan.definition;
    if (codeChange === undefined) return super.callCodeChange(oldVsn, extra);
    // Typed by the definition that made all of them.
    const args = [oldVsn, ...this.ownState, extra] as never[];
    const pair = returnedBy(() => codeChange(...args));
    if (!Array.isArray(pair) || pair.length !== 2) return { error: pair };
    if (!this.#plan.isState(nameOf(pair[0]))) throw noSuchState("change to", pair[0]);
    return { state: pair };
  }

  #verdict(): Verdict {
    const { base: data } = this.#known();
    const [next, repeats, stop] = [this.#next, this.#repeats, this.#stop];
    const steps = this.#steps;
    this.#forget();
    if (stop !== null) return { do: "stop", reason: stop.reason, data, steps };
    return { do: "go", state: next === null ? this.currentState : next.state, data, repeats, steps };
  }

  #forget(): void {
    this.#steps = [];
    this.#next = null;
    this.#repeats = false;
    this.#isPostponed = false;
    this.#stop = null;
  }

  #callNamed(kind: NamedKind, request: unknown): unknown {
    const [name, ...args] = partsOf(request);
    const handler = this.#named(kind, name);
    if (handler === undefined) throw this.#unhandled(`${kind} ${show(name)}`, request);
    return this.#invoke(handler, args);
  }

  #callTimeout(handler: AnyHandler | undefined, type: TimeoutType, content: unknown): unknown {
    if (handler === undefined)
      throw this.#unhandled(`time-out ${typeof type === "string" ? type : show(type[1])}`, content);
    return this.#invoke(handler, [content]);
  }

  #callInfo(message: unknown): unknown {
    const handler = this.#single("info");
    if (handler !== undefined) return this.#invoke(handler, [message]);
    this.process.node.report(this.process, { label: "no_handle_info", level: "warning", details: { message } });
    return undefined;
  }

  #named(kind: NamedKind, name: unknown): AnyHandler | undefined {
    return this.#plan.named(nameOf(this.currentState), kind, name);
  }

  #single(kind: SingleKind): AnyHandler | undefined {
    return this.#plan.single(nameOf(this.currentState), kind);
  }

  #invoke(handler: AnyHandler | undefined, args: readonly unknown[]): unknown {
    // Handlers are typed in the definition, and their arguments where the event was made.
    return handler?.(this as never, ...(args as never[]));
  }

  #unhandled(event: string, content: unknown): KrarupError {
    const where = `neither the state ${show(nameOf(this.currentState))} nor the top of the definition`;
    return new KrarupError("ERR_BAD_ARGUMENT", `Cannot handle the ${event} as ${where} has a handler for it`, content);
  }

  #setTimeout(type: TimeoutType, ms: TimeoutTime, content: unknown): void {
    this.#steps.push({ do: "timeout", request: requestOf(type, ms, content) });
  }

  #refuseInEnter(what: string): void {
    if (this.isEntering)
      throw new KrarupError(
        "ERR_BAD_ARGUMENT",
        `Cannot ${what} in an enter call: set a time-out of 0 ms and do it there`,
      );
  }

  #known(): DraftState<unknown> {
    if (this.#data === null)
      throw new KrarupError("ERR_BAD_ARGUMENT", "Cannot use the data as init has not made any yet");
    return this.#data;
  }
}

interface StatemStartOfAny {
  readonly state: unknown;
  readonly data: unknown;
  readonly nextEvent?: readonly unknown[];
}

function requestOf(type: TimeoutType, ms: TimeoutTime, content: unknown): TimeoutRequest {
  if (ms === "cancel" || ms === "infinity") return { set: "cancel", type };
  if (ms === "update") return { set: "update", type, content };
  return { set: "start", type, ms: checkedDelay(ms), content };
}

/** The name of a state, which is the state itself or a part of it. */
function noSuchState(action: string, state: unknown): KrarupError {
  return new KrarupError(
    "ERR_BAD_ARGUMENT",
    `Cannot ${action} the state as the definition has none of this name: current value is ${show(nameOf(state))}`,
    state,
  );
}

function nameOf(state: unknown): string {
  return String(typeof state === "object" && state !== null && "name" in state ? state.name : state);
}
