// gen_server for everyday use: handlers by name, typed by inference.
//
//   what a handler does                      what it costs
//   ────────────────────────────────────     ────────────────────────────────────────────
//   reads self.state                         nothing
//   assigns self.state = {...}               the new object
//   changes self.draft in place              an immer draft, 0.5 to 1.2 µs, made on first use
//
// So the cheap way is the one that comes to mind, and the dear one is one word away. The three forms that were tried are in
// docs/decisions/0005-gen-server-form.md.

import { type CodeChange, returnedBy } from "../code-change.ts";
import type { CallOptions, From, Request } from "../../kernel/call.ts";
import type { Operation } from "../../kernel/operation.ts";
import type { Process } from "../../kernel/process.ts";
import type { Name } from "../../kernel/send.ts";
import { KrarupError, show } from "../../values/errors.ts";
import type { AnyPid, Pid } from "../../values/pid.ts";
import type { StartAnswer } from "../behaviour-body.ts";
import { type Draft, DraftState } from "../draft-state.ts";
import { type InitRefusal, isRefusal } from "../init-refusal.ts";
import {
  type ArgumentsOf,
  callWith,
  castWith,
  clientClass,
  NO_REPLY,
  type NoReply,
  type ReplyOf,
  requestWith,
  type RequestsOf,
  type Waiting,
} from "./named-requests.ts";
import type { Acknowledge } from "../proc-lib.ts";
import type { RequestId } from "./pending-request.ts";
import { type Cast, ServerBody } from "./server-body.ts";
import { type BehaviourOptions, isolateArguments, startBehaviour } from "../start-behaviour.ts";

/** A server as its own handlers see it. */
export interface ServerSelf<S> {
  /** The server's pid. */
  readonly pid: AnyPid;
  /** The state to read; assign to replace it. Never change it in place: that is what `draft` is for. */
  get state(): Readonly<S>;
  set state(state: S);
  /** The state to change in place, by immer: what does not change is shared, and a handler that throws leaves no trace. */
  readonly draft: Draft<S>;
  /** The caller of the call being handled: keep it to {@link reply} later. */
  readonly from: From<unknown>;
  /** Says that the handler's own value is no reply: {@link reply} to `self.from` later, or never. */
  noReply<R>(): NoReply<R>;
  /** Stops the server with `reason` after this handler; a call's reply is sent when `terminate` has run, as in OTP. */
  stop(reason: unknown): void;
  /** Runs the `continue` handler with `term` next, before anything in the mailbox. */
  continueWith(term: unknown): void;
  /** Gives the `info` handler the message `"timeout"` if none comes for `ms` milliseconds; any message takes it back. */
  timeoutAfter(ms: number): void;
}

type Handler<S> = (self: ServerSelf<S>, ...args: never[]) => unknown;
type Handlers<S> = Readonly<Record<string, Handler<S>>>;

/** What a server is made of. */
export interface ServerDefinition<S, A extends readonly unknown[], C, K> {
  /** Shown by inspection, and registered if `register` is true. */
  readonly name?: string;
  /** Registers each started server under `name`: then there is at most one. Default false. */
  readonly register?: boolean;
  /** Makes the first state; or {@link ignore}, or {@link refuse}. A generator may wait, and `self()` is the new process. */
  readonly init: (...args: A) => S | InitRefusal | Waiting<S | InitRefusal>;
  /** Requests with a reply: what the handler returns. */
  readonly call?: C & Handlers<S>;
  /** Requests without. */
  readonly cast?: K & Handlers<S>;
  /** Any other message. Without it such a message is reported and dropped. */
  readonly info?: (self: ServerSelf<S>, message: unknown) => unknown;
  /** What `continueWith` asked for. */
  readonly continue?: (self: ServerSelf<S>, term: unknown) => unknown;
  /** Called before an end that the server sees coming: a stop, a throwing handler, the parent's end while it traps exits. */
  readonly terminate?: (self: ServerSelf<S>, reason: unknown) => unknown;
  /** What inspection and crash reports show instead of the state. */
  readonly formatStatus?: (state: S) => unknown;
  /** Makes the new state of the old one, at {@link changeCode}. It may not wait; when it throws, the state stays. */
  readonly codeChange?: (oldVsn: unknown, state: Readonly<S>, extra: unknown) => NoInfer<S>;
}

/** Messages that a server of a definition understands. Replies of any type: which one is right, its clients know. */
export type ServerMessage<C, K> = Request<RequestsOf<C>, never> | Cast<RequestsOf<K>>;

/** Where a server can be reached. */
export type ServerName<C, K> = Pid<ServerMessage<C, K>> | Name;

type CallClient<C> = { readonly [N in keyof C]: (...args: ArgumentsOf<C[N]>) => Operation<ReplyOf<C[N]>> };
type RequestClient<C> = { readonly [N in keyof C]: (...args: ArgumentsOf<C[N]>) => RequestId<ReplyOf<C[N]>> };
type CastClient<K> = { readonly [N in keyof K]: (...args: ArgumentsOf<K[N]>) => void };

/** A kind of server: start some, talk to them. */
export interface GenServer<A extends readonly unknown[], C, K> {
  /** Starts a server that is linked to this process. @throws {@link StartError} */
  startLink(...args: A): Operation<Pid<ServerMessage<C, K>>>;
  /** Starts a server on its own. @throws {@link StartError} */
  start(...args: A): Operation<Pid<ServerMessage<C, K>>>;
  /** Starts with options. @throws {@link StartError} */
  startOpt(args: A, options: BehaviourOptions & { readonly link?: boolean }): Operation<Pid<ServerMessage<C, K>>>;
  /** Requests that wait for their reply; fails as {@link call} does. */
  call(server: ServerName<C, K>, options?: CallOptions): CallClient<C>;
  /** Requests whose reply is waited for later, as those of {@link sendRequest}. */
  sendRequest(server: ServerName<C, K>): RequestClient<C>;
  /** Requests that nobody waits for; to a server that does not exist they vanish. */
  cast(server: ServerName<C, K>): CastClient<K>;
}

/**
 * Defines a kind of server.
 *
 * @remarks
 * A server handles one message at a time, in the order they arrive. A handler that throws ends it: `terminate` runs with the state before
 * that message, callers get the reason.
 *
 * @example
 * ```ts
 * import { genServer, receiveResponse, spawn } from "@krarup/core";
 *
 * const Counter = genServer({
 *   init: (start: number) => ({ count: start }),
 *   call: {
 *     add: (self, by: number) => (self.draft.count += by),
 *     value: ({ state }) => state.count,
 *   },
 *   cast: {
 *     reset(self) { self.state = { count: 0 }; },
 *   },
 * });
 *
 * const counter = await Counter.start(10);
 * await Counter.call(counter).add(5); // => 15
 * Counter.cast(counter).reset();
 * await Counter.call(counter).value(); // => 0
 *
 * spawn(function* () {
 *   const id = Counter.sendRequest(counter).add(2);
 *   yield* receiveResponse(id, 1_000); // => { type: "reply", reply: 2 }
 * });
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/gen_server.html | gen_server}
 */
export function genServer<S, A extends readonly unknown[], C = {}, K = {}>(
  definition: ServerDefinition<S, A, C, K>,
): GenServer<A, C, K> {
  const plan = planOf(definition);
  const start = (args: A, isLinked: boolean, options: BehaviourOptions): Operation<Pid<ServerMessage<C, K>>> => {
    const given = isolateArguments(args);
    return startBehaviour(
      (process, acknowledge, linked) => new NamedServer(process, acknowledge, linked, plan, given),
      plan.entry,
      isLinked,
      {
        ...(definition.register === true && definition.name !== undefined ? { name: definition.name } : {}),
        ...options,
      },
    );
  };
  const Calls = clientClass(Object.keys(definition.call ?? {}), callWith);
  const Requests = clientClass(Object.keys(definition.call ?? {}), requestWith);
  const Casts = clientClass(Object.keys(definition.cast ?? {}), castWith);
  return {
    startLink: (...args) => start(args, true, {}),
    start: (...args) => start(args, false, {}),
    startOpt: (args, { link = false, ...options }) => start(args, link, options),
    // The client classes have exactly one method for each handler.
    call: (server, options) => new Calls(server, options) as unknown as CallClient<C>,
    sendRequest: (server) => new Requests(server, undefined) as unknown as RequestClient<C>, // as above
    cast: (server) => new Casts(server, undefined) as unknown as CastClient<K>, // as above
  };
}

interface Plan<S, A extends readonly unknown[]> {
  readonly definition: ServerDefinition<S, A, unknown, unknown>;
  readonly calls: ReadonlyMap<unknown, Handler<S>>;
  readonly casts: ReadonlyMap<unknown, Handler<S>>;
  readonly entry: unknown;
}

function planOf<S, A extends readonly unknown[]>(definition: ServerDefinition<S, A, unknown, unknown>): Plan<S, A> {
  return {
    definition,
    calls: new Map(Object.entries(definition.call ?? {})),
    casts: new Map(Object.entries(definition.cast ?? {})),
    entry: definition.name ?? "gen_server",
  };
}

/** Calls `handler` with what stands in `request` behind the name. A spread costs 40 ns (bench `gen-server`), and most requests have one part. */
function invokeWith<S>(handler: Handler<S>, self: ServerSelf<S>, request: readonly unknown[]): unknown {
  // Arguments are typed at the client, where the request was made.
  if (request.length === 2) return handler(self, request[1] as never);
  return handler(self, ...(request.slice(1) as never[])); // as above
}

/** The state of a server whose init has not made one. */
const NO_STATE: unique symbol = Symbol("no state");

class NamedServer<S, A extends readonly unknown[]> extends ServerBody implements ServerSelf<S> {
  readonly #plan: Plan<S, A>;
  /** Or its draft, once the handler that runs has asked for one. */
  #state: S | DraftState<S> | typeof NO_STATE = NO_STATE;

  constructor(process: Process, acknowledge: Acknowledge<StartAnswer>, isLinked: boolean, plan: Plan<S, A>, args: A) {
    super(process, acknowledge, isLinked, args);
    this.#plan = plan;
  }

  get pid(): AnyPid {
    return this.process;
  }

  get state(): Readonly<S> {
    const state = this.known();
    return state instanceof DraftState ? state.current : state;
  }

  set state(state: S) {
    this.known();
    this.#state = state;
  }

  get draft(): Draft<S> {
    const state = this.known();
    if (state instanceof DraftState) return state.draft;
    const drafting = new DraftState(state);
    this.#state = drafting;
    return drafting.draft;
  }

  get from(): From<unknown> {
    if (this.caller === null)
      throw new KrarupError("ERR_BAD_ARGUMENT", "Cannot read self.from as no call is being handled");
    return this.caller;
  }

  noReply<R>(): NoReply<R> {
    return NO_REPLY;
  }

  stop(reason: unknown): void {
    this.stopWith(reason);
  }

  continueWith(term: unknown): void {
    this.continueNext(term);
  }

  timeoutAfter(ms: number): void {
    this.idleAfter(ms);
  }

  protected override callInit(args: readonly unknown[]): unknown {
    return this.#plan.definition.init(...(args as A)); // as they were given
  }

  protected override initialised(value: unknown): StartAnswer {
    if (isRefusal(value)) return { type: "failed", reason: value.reason, isIgnored: value.refused === "ignore" };
    this.#state = value as S; // init returns S or a refusal
    return { type: "ready" };
  }

  protected override callCall(request: unknown, _from: From<unknown>): unknown {
    return this.invoke(this.#plan.calls, request);
  }

  protected override callCast(request: unknown): unknown {
    return this.invoke(this.#plan.casts, request);
  }

  protected override callInfo(message: unknown): unknown {
    const { info } = this.#plan.definition;
    if (info !== undefined) return info(this, message);
    this.process.node.report(this.process, { label: "no_handle_info", level: "warning", details: { message } });
    return undefined;
  }

  protected override callContinue(term: unknown): unknown {
    return this.#plan.definition.continue?.(this, term);
  }

  protected override callTerminate(reason: unknown): unknown {
    return this.#state === NO_STATE ? undefined : this.#plan.definition.terminate?.(this, reason);
  }

  protected override handled(value: unknown): void {
    const from = this.caller;
    this.caller = null;
    if (this.#state instanceof DraftState) this.#state = this.#state.commit();
    if (from === null || value === NO_REPLY) return;
    if (this.isStopping) this.replyLate(from, value);
    else this.answer(from, value);
  }

  protected override rollBack(): void {
    this.caller = null;
    if (this.#state instanceof DraftState) this.#state = this.#state.base;
  }

  protected override get visibleState(): unknown {
    const { formatStatus } = this.#plan.definition;
    const state = this.ownState;
    // There is one: S or none, and a draft's base is an S.
    return formatStatus === undefined || this.#state === NO_STATE ? state : formatStatus(state as S);
  }

  protected override get ownState(): unknown {
    if (this.#state === NO_STATE) return undefined;
    return this.#state instanceof DraftState ? this.#state.base : this.#state;
  }

  protected override set ownState(state: unknown) {
    this.state = state as S; // whoever replaces a state answers for its type, as with sys:replace_state
  }

  protected override callCodeChange(oldVsn: unknown, extra: unknown): CodeChange {
    const { codeChange } = this.#plan.definition;
    if (codeChange === undefined) return super.callCodeChange(oldVsn, extra);
    return { state: returnedBy(() => codeChange(oldVsn, this.state, extra)) };
  }

  private invoke(handlers: ReadonlyMap<unknown, Handler<S>>, request: unknown): unknown {
    const name: unknown = Array.isArray(request) ? request[0] : request;
    const handler = handlers.get(name);
    if (handler === undefined)
      throw new KrarupError(
        "ERR_BAD_ARGUMENT",
        `Cannot handle the request ${show(name)} as the server has no handler of that name`,
        request,
      );
    return Array.isArray(request) ? invokeWith(handler, this, request) : handler(this);
  }

  private known(): S | DraftState<S> {
    if (this.#state === NO_STATE)
      throw new KrarupError("ERR_BAD_ARGUMENT", "Cannot use the state as init has not made one yet");
    return this.#state;
  }
}
