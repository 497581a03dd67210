// gen_statem for everyday use: a record of states, each a record of handlers, typed by inference.
//
//   states: {                         N, the names of the states, from the keys
//     locked: {
//       cast: { press(self, …) },     self.state is this very state; self.nextState takes N
//       timeout: { idle(self) },      T, the names of the time-outs, from the keys
//     },
//   }
//
// That N, T and the names of internal events come from keys is what makes it work: the compiler knows the keys of a record before it looks
// into the handlers, whose parameters have types made of them. The forms that were tried are in docs/decisions/0006-gen-statem-form.md.

import type { CallOptions, Request } from "../../kernel/call.ts";
import type { Operation } from "../../kernel/operation.ts";
import type { Name } from "../../kernel/send.ts";
import type { Pid } from "../../values/pid.ts";
import type { InitRefusal } from "../init-refusal.ts";
import { callWith, castWith, clientClass, type ReplyOf, type Waiting } from "../server/named-requests.ts";
import { NamedStatem } from "./named-statem.ts";
import type { Cast } from "../server/server-body.ts";
import { type BehaviourOptions, isolateArguments, startBehaviour } from "../start-behaviour.ts";
import type { AnyState, EnterSelf, StatemSelf } from "./statem-self.ts";
import { planOf } from "./statem-table.ts";

/** What init returns: the first state and the data. */
export interface StatemStart<S, D> {
  readonly state: S;
  readonly data: D;
  /** An event to begin with, for the `internal` handler of that name, before everything else. */
  readonly nextEvent?: readonly [name: string, ...args: unknown[]];
}

/** The name of a state. */
export type StateName<S> = S extends string ? S : S extends { readonly name: infer N extends string } ? N : never;

/** All states, when init begins in `S` and `N` are the names: the names, unless states are objects. */
export type StatesOf<S, N> = S extends string ? N : S;

/** The state of the name `X`. */
export type StateAt<S, X> = S extends string ? X : Extract<S, { readonly name: X }>;

type Handler<X, S, D, T, I> = (self: StatemSelf<X, S, D, T, I>, ...args: never[]) => unknown;
type Handlers<X, S, D, T, I> = Readonly<Record<string, Handler<X, S, D, T, I>>>;
type TimeoutHandler<X, S, D, T, I> = (self: StatemSelf<X, S, D, T, I>, content: unknown) => unknown;

/** What a machine does in one state, or, at the top of its definition, in every state that does not say otherwise. */
export interface StateDefinition<X, S, D, T extends string, I extends string> {
  /** Called on entering the state from a different one, at the start (then `old` is the state itself), and by `repeatState`. */
  readonly enter?: (self: EnterSelf<X, D, T>, old: S) => unknown;
  /** Requests with a reply: what the handler returns. */
  readonly call?: Handlers<X, S, D, T, I>;
  /** Requests without. */
  readonly cast?: Handlers<X, S, D, T, I>;
  /** Any other message. Without it such a message is reported and dropped. */
  readonly info?: (self: StatemSelf<X, S, D, T, I>, message: unknown) => unknown;
  /** Events that the machine inserts itself, by `nextEvent`. */
  readonly internal?: { readonly [W in I]?: Handler<X, S, D, T, I> };
  /** What `self.stateTimeout` has set. */
  readonly stateTimeout?: TimeoutHandler<X, S, D, T, I>;
  /** What `self.eventTimeout` has set. */
  readonly eventTimeout?: TimeoutHandler<X, S, D, T, I>;
  /** What `self.timeout` has set. */
  readonly timeout?: { readonly [W in T]?: TimeoutHandler<X, S, D, T, I> };
}

/** What a state machine is made of. Handlers at the top serve the states that have none of that name. */
export interface StatemDefinition<
  S extends AnyState,
  D,
  A extends readonly unknown[],
  N extends string,
  St,
  C,
  K,
  T extends string,
  I extends string,
> extends StateDefinition<StatesOf<S, N>, StatesOf<S, N>, D, T, I> {
  /** Shown by inspection, and registered if `register` is true. */
  readonly name?: string;
  /** Registers each started machine under `name`: then there is at most one. Default false. */
  readonly register?: boolean;
  /** Makes the first state and the data; or {@link ignore}, or {@link refuse}. A generator may wait. */
  readonly init: (...args: A) => StatemStart<S, D> | InitRefusal | Waiting<StatemStart<S, D> | InitRefusal>;
  /** What happens in each state. Every state there is must have an entry, be it empty. */
  readonly states: St & { readonly [X in N]: StateDefinition<StateAt<S, X>, StatesOf<S, N>, D, T, I> } & {
    readonly [X in StateName<S>]: unknown;
  };
  readonly call?: C & Handlers<StatesOf<S, N>, StatesOf<S, N>, D, T, I>;
  readonly cast?: K & Handlers<StatesOf<S, N>, StatesOf<S, N>, D, T, I>;
  /** Called before an end that the machine sees coming: a stop, a throwing handler, the parent's end while it traps exits. */
  readonly terminate?: (self: EnterSelf<StatesOf<S, N>, D, T>, reason: unknown) => unknown;
  /** What inspection and crash reports show instead of `[state, data]`. */
  readonly formatStatus?: (state: StatesOf<S, N>, data: D) => unknown;
  /** Makes the new state and data of the old ones, at {@link changeCode}. It may not wait; when it throws, both stay. */
  readonly codeChange?: (
    oldVsn: unknown,
    state: StatesOf<S, N>,
    data: D,
    extra: unknown,
  ) => readonly [state: NoInfer<S>, data: NoInfer<D>];
}

// H below is a union of records of handlers: one for each state, and the one at the top.

/** The records of handlers of one kind in the states of `St`. */
export type HandlersIn<St, Kind extends string> = {
  readonly [X in keyof St]: St[X] extends { readonly [_ in Kind]: infer H } ? H : never;
}[keyof St];

type NamesIn<H> = H extends unknown ? keyof H & string : never;
type HandlersOf<H, M> = H extends { readonly [_ in M & string]: infer F } ? F : never;

/** A method for each handler's arguments. Called as a union, they ask for the arguments of all of them: a state may leave out what it ignores. */
type Methods<F, R> = F extends (self: never, ...args: infer A) => unknown ? (...args: A) => R : never;

type CallClient<H> = { readonly [M in NamesIn<H>]: Methods<HandlersOf<H, M>, Operation<ReplyOf<HandlersOf<H, M>>>> };
type CastClient<H> = { readonly [M in NamesIn<H>]: Methods<HandlersOf<H, M>, void> };
type Requests<H> = {
  [M in NamesIn<H>]: HandlersOf<H, M> extends infer F
    ? F extends (self: never, ...args: infer A) => unknown
      ? readonly [M, ...A]
      : never
    : never;
}[NamesIn<H>];

/** Messages that a machine understands, given its call and cast handlers. */
export type StatemMessage<C, K> = Request<Requests<C>, never> | Cast<Requests<K>>;

/** A kind of state machine: start some, talk to them. */
export interface GenStatem<A extends readonly unknown[], C, K> {
  /** Starts a machine that is linked to this process. @throws {@link StartError} */
  startLink(...args: A): Operation<Pid<StatemMessage<C, K>>>;
  /** Starts a machine on its own. @throws {@link StartError} */
  start(...args: A): Operation<Pid<StatemMessage<C, K>>>;
  /** Starts with options. @throws {@link StartError} */
  startOpt(args: A, options: BehaviourOptions & { readonly link?: boolean }): Operation<Pid<StatemMessage<C, K>>>;
  /** Requests that wait for their reply, which may be in a later state; fails as {@link call} does. */
  call(machine: Pid<StatemMessage<C, K>> | Name, options?: CallOptions): CallClient<C>;
  /** Requests that nobody waits for; to a machine that does not exist they vanish. */
  cast(machine: Pid<StatemMessage<C, K>> | Name): CastClient<K>;
}

/**
 * Defines a kind of state machine.
 *
 * @remarks
 * A machine is in one state at a time and handles one event at a time, by the handlers of that state. A handler changes the state by
 * `self.nextState`, keeps an event for a later state by `self.postpone`, and sets time-outs that belong to the state, to the next event or to
 * neither. A call may be answered in a later state than it came in.
 *
 * **Ordering.** Events that a handler inserts come first, then those postponed before a state change, oldest first, then time-outs of 0 ms,
 * then the mailbox.
 * **Exits.** A request that neither the state nor the top has a handler for ends the machine, as does a handler that throws: `terminate` runs
 * with the state and the data before that event, callers get the reason.
 *
 * Names of states, time-outs and inserted events are checked by the compiler. States that carry values are objects with a `name`:
 * `init: (): { state: Door; data: Data } => …` says which there are, and in each state `self.state` is narrowed to it.
 *
 * @example
 * ```ts
 * import { genStatem } from "@krarup/core";
 *
 * const Door = genStatem({
 *   init: (code: string) => ({ state: "locked", data: { code, typed: "" } }),
 *   states: {
 *     locked: {
 *       enter(self) { self.draft.typed = ""; },
 *       cast: {
 *         press(self, digit: string) {
 *           self.draft.typed += digit;
 *           if (self.data.typed === self.data.code) self.nextState("open");
 *         },
 *       },
 *       call: { walkThrough: (self) => self.postpone() }, // answered once the door is open
 *     },
 *     open: {
 *       enter(self) { self.stateTimeout(10_000); },
 *       stateTimeout(self) { self.nextState("locked"); },
 *       cast: { press() {} },
 *       call: { walkThrough: () => "welcome" },
 *     },
 *   },
 *   call: { state: (self) => self.state },
 * });
 *
 * const door = await Door.start("12");
 * await Door.call(door).state(); // => "locked"
 * Door.cast(door).press("1");
 * Door.cast(door).press("2");
 * await Door.call(door).walkThrough(); // => "welcome"
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/gen_statem.html | gen_statem}
 */
export function genStatem<
  S extends AnyState,
  D,
  A extends readonly unknown[],
  N extends string,
  St,
  C = {},
  K = {},
  T extends string = never,
  I extends string = never,
>(
  definition: StatemDefinition<S, D, A, N, St, C, K, T, I>,
): GenStatem<A, HandlersIn<St, "call"> | C, HandlersIn<St, "cast"> | K> {
  type Machine = GenStatem<A, HandlersIn<St, "call"> | C, HandlersIn<St, "cast"> | K>;
  const plan = planOf(definition);
  const start = (args: A, isLinked: boolean, options: BehaviourOptions): ReturnType<Machine["start"]> => {
    const given = isolateArguments(args);
    return startBehaviour(
      (process, acknowledge, linked) => new NamedStatem(process, acknowledge, linked, plan, given),
      plan.entry,
      isLinked,
      {
        ...(definition.register === true && definition.name !== undefined ? { name: definition.name } : {}),
        ...options,
      },
    );
  };
  const Calls = clientClass(plan.namesOf("call"), callWith);
  const Casts = clientClass(plan.namesOf("cast"), castWith);
  return {
    startLink: (...args) => start(args, true, {}),
    start: (...args) => start(args, false, {}),
    startOpt: (args, { link = false, ...options }) => start(args, link, options),
    // The client classes have exactly one method for each name that a state or the top has a handler for.
    call: (machine, options) => new Calls(machine, options) as unknown as ReturnType<Machine["call"]>,
    cast: (machine) => new Casts(machine, undefined) as unknown as ReturnType<Machine["cast"]>, // as above
  };
}
