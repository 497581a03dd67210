// A state that several processes read and change: each sends the agent a function, and the agent runs it.

import { call, type CallOptions, type Request } from "../kernel/call.ts";
import { isGenerator } from "../kernel/async-body.ts";
import type { Operation } from "../kernel/operation.ts";
import type { Name } from "../kernel/send.ts";
import type { Pid } from "../values/pid.ts";
import type { Ref } from "../values/ref.ts";
import { cast as castTo } from "./server/cast.ts";
import { collect, leave } from "./parcel.ts";
import type { Cast } from "./server/server-body.ts";
import { type Eventually, type ServerModule, startServer } from "./server/server-module.ts";
import type { BehaviourOptions } from "./start-behaviour.ts";
import { stop } from "./sys.ts";

declare const held: unique symbol;

/** What an agent is asked: to run a function, which was left for it under a ref. */
export interface AgentRequest<in out S> {
  readonly do: "get" | "update" | "get_and_update";
  readonly run: Ref;
  /** Exists for the type checker only. */
  readonly [held]?: (state: S) => S;
}

/** A running agent that holds an `S`. */
export type AgentPid<S> = Pid<Request<AgentRequest<S>, unknown> | Cast<AgentRequest<S>>>;

/** Where an agent can be reached. A name says nothing of the state: `Agent.get<Settings, boolean>("settings", …)`. */
export type AgentName<S> = AgentPid<S> | Name;

/**
 * Starts an agent, linked to this process.
 *
 * @param init - makes the first state, in the agent; a generator may wait
 * @throws {@link StartError} when `init` fails, or the name is taken
 * @see {@link https://hexdocs.pm/elixir/Agent.html#start_link/2 | Agent.start_link/2}
 */
function startLink<S>(init: () => Eventually<S>, options: BehaviourOptions = {}): Operation<AgentPid<S>> {
  return startAgent(init, { ...options, link: true });
}

/**
 * As {@link Agent.startLink}, on its own.
 *
 * @see {@link https://hexdocs.pm/elixir/Agent.html#start/2 | Agent.start/2}
 */
function start<S>(init: () => Eventually<S>, options: BehaviourOptions = {}): Operation<AgentPid<S>> {
  return startAgent(init, options);
}

/**
 * Reads the state through a function.
 *
 * @remarks
 * The function runs in the agent: it must be quick, nobody else is served meanwhile, and if it throws the agent ends.
 * Only its result travels, and is copied like a message, so ask for the part you need.
 *
 * **Exits.** As `call`; with the reason of the agent if the function ends it.
 *
 * @param run - a generator may wait. What it captures is shared with the agent: capture nothing that changes
 * @see {@link https://hexdocs.pm/elixir/Agent.html#get/3 | Agent.get/3}
 */
function get<S, R>(agent: AgentName<S>, run: (state: S) => Eventually<R>, options?: CallOptions): Operation<R> {
  return ask(agent, "get", run, options);
}

/**
 * Replaces the state by what a function, which runs in the agent, makes of it.
 *
 * @see {@link https://hexdocs.pm/elixir/Agent.html#update/3 | Agent.update/3}
 */
function update<S>(agent: AgentName<S>, run: (state: S) => Eventually<S>, options?: CallOptions): Operation<"ok"> {
  return ask(agent, "update", run, options);
}

/**
 * As {@link Agent.get} and {@link Agent.update} in one: the function returns the result and the new state. Anything
 * else ends the agent with `["bad_return_value", value]`.
 *
 * @see {@link https://hexdocs.pm/elixir/Agent.html#get_and_update/3 | Agent.get_and_update/3}
 */
function getAndUpdate<S, R>(
  agent: AgentName<S>,
  run: (state: S) => Eventually<readonly [R, S]>,
  options?: CallOptions,
): Operation<R> {
  return ask(agent, "get_and_update", run, options);
}

/**
 * As {@link Agent.update}, without waiting; to an agent that does not exist it vanishes.
 *
 * @see {@link https://hexdocs.pm/elixir/Agent.html#cast/2 | Agent.cast/2}
 */
function cast<S>(agent: AgentName<S>, run: (state: S) => Eventually<S>): void {
  castTo(agent, { do: "update", run: leave(run) });
}

function startAgent<S>(
  init: () => Eventually<S>,
  options: BehaviourOptions & { readonly link?: boolean },
): Operation<AgentPid<S>> {
  return startServer<S, Ref>(agentModule(), leave(init), options);
}

function ask<R>(
  agent: Pid<never> | Name,
  what: AgentRequest<unknown>["do"],
  run: unknown,
  options?: CallOptions,
): Operation<R> {
  // The agent's side of the protocol is typed by the public functions.
  const server = agent as Pid<Request<unknown, R>>;
  return call(server, { do: what, run: leave(run) }, options);
}

function agentModule<S>(): ServerModule<S, Ref> {
  return {
    init: (left) => {
      const make = collect(left) as () => Eventually<S>; // startAgent left it
      return following(make(), (state) => ["ok", state]);
    },
    handleCall: (request, _from, state) => {
      const asked = request as AgentRequest<S>; // only the functions above ask agents
      return following(runOf(asked)(state), (value) => replyTo(asked, value, state));
    },
    handleCast: (request, state) => {
      const asked = request as AgentRequest<S>; // as above
      return following(runOf(asked)(state), (changed) => ["noreply", changed as S]); // typed by `cast`
    },
  };
}

function runOf<S>({ run }: AgentRequest<S>): (state: S) => unknown {
  // It was left by one of the functions above.
  return collect(run) as (state: S) => unknown;
}

type AgentReply<S> = readonly ["reply", unknown, S] | readonly ["stop", unknown, S];

function replyTo<S>({ do: what }: AgentRequest<S>, value: unknown, state: S): AgentReply<S> {
  switch (what) {
    case "get":
      return ["reply", value, state];
    case "update":
      return ["reply", "ok", value as S]; // typed by `update`
    case "get_and_update":
      if (!Array.isArray(value) || value.length !== 2) return ["stop", ["bad_return_value", value], state];
      return ["reply", value[0], value[1]];
  }
}

/** What `next` makes of `value`, once it is there. */
function following<T, R>(value: Eventually<T>, next: (value: T) => R): Eventually<R> {
  return isWaiting(value) ? after(value, next) : next(value);
}

function* after<T, R>(waiting: Generator<unknown, T, void>, next: (value: T) => R): Generator<unknown, R, void> {
  return next(yield* waiting);
}

function isWaiting<T>(value: Eventually<T>): value is Generator<unknown, T, void> {
  return typeof value === "object" && value !== null && isGenerator(value);
}

/**
 * A state that several processes read and change, each through functions that the agent runs.
 *
 * @remarks
 * It serves one at a time, in the order asked. Where the ways to change the state are known beforehand, `genServer`
 * names them and so says more.
 *
 * @example
 * ```ts
 * import { Agent } from "@krarup/core";
 *
 * const basket = await Agent.start(() => ["tea"]);
 * await Agent.update(basket, (items) => [...items, "milk"]);
 * await Agent.get(basket, (items) => items.length); // => 2
 * await Agent.getAndUpdate(basket, ([first, ...rest]) => [first, rest]); // => "tea"
 * await Agent.stop(basket);
 * ```
 *
 * @see {@link https://hexdocs.pm/elixir/Agent.html | Elixir's Agent}
 */
export const Agent: {
  readonly start: typeof start;
  readonly startLink: typeof startLink;
  readonly get: typeof get;
  readonly update: typeof update;
  readonly getAndUpdate: typeof getAndUpdate;
  readonly cast: typeof cast;
  /** Ends it in order, as {@link stop}. */
  readonly stop: typeof stop;
} = { start, startLink, get, update, getAndUpdate, cast, stop };
