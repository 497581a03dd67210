// gen_event: events for whoever is interested, by handlers that come and go inside one process.
//
// OTP names a handler by its module. Here a manager's definition names the kinds of handlers that it may have, because what travels to the
// manager must be data: a name can be sent, a record of functions cannot.

import { call, type CallInfo, type CallOptions, type Request } from "../../kernel/call.ts";
import { ExitException } from "../../kernel/exit-exception.ts";
import { finished, KernelOperation, type Operation, type Suspension } from "../../kernel/operation.ts";
import type { Name } from "../../kernel/send.ts";
import { KrarupError, show } from "../../values/errors.ts";
import type { Pid } from "../../values/pid.ts";
import { castMessage } from "../server/cast.ts";
import type { EventHandler } from "./event-handler.ts";
import { EventManager } from "./event-manager.ts";
import { type AnyEventModule, kindOfModule } from "./event-module.ts";
import type { HandlerReply, ManagerRequest, Notify } from "./event-requests.ts";
import { type HandlerId, type HandlerKind, kindOf } from "./event-run.ts";
import { clientClass, type ReplyOf } from "../server/named-requests.ts";
import { type BehaviourOptions, startBehaviour } from "../start-behaviour.ts";

/** A handler in either form: {@link eventHandler}, or a module of OTP's callbacks. */
export type AnyEventHandler = HandlerKind | AnyEventModule;

/** Handlers by the names of their kinds. */
export type EventHandlers = Readonly<Record<string, AnyEventHandler>>;

type KindTypes<H> =
  H extends EventHandler<infer A, infer E, infer C>
    ? { args: A; event: E; calls: C }
    : H extends { init(args: infer A): unknown }
      ? { args: [args: A]; event: unknown; calls: ModuleCalls }
      : never;

interface ModuleCalls {
  readonly request: (self: never, request: unknown) => unknown;
}

/** The parameters of the init of handler kind `H`. */
export type HandlerArgs<H> = KindTypes<H> extends { args: infer A extends readonly unknown[] } ? A : never;

/** Events that every one of the handlers `H` understands. */
export type EventOf<H> = { [N in keyof H]: (event: KindTypes<H[N]>["event"]) => void }[keyof H] extends (
  event: infer E,
) => void
  ? E
  : never;

/** Methods for the requests that a handler of kind `H` has handlers for; a module's client has `request(term)`. */
export type HandlerClient<H> = {
  readonly [M in keyof KindTypes<H>["calls"]]: KindTypes<H>["calls"][M] extends (
    self: never,
    ...args: infer A
  ) => unknown
    ? (...args: A) => Operation<ReplyOf<KindTypes<H>["calls"][M]>>
    : never;
};

/** Messages that a manager of handlers `H` understands. */
export type ManagerMessage<H> = Request<ManagerRequest, unknown> | Notify<EventOf<H>>;

/** Where a manager can be reached. */
export type ManagerName<H> = Pid<ManagerMessage<H>> | Name;

/** What adding a handler came to: `["error", why]` if its init refused, `["EXIT", reason]` if it threw. */
export type AddResult = "ok" | readonly ["error", unknown] | readonly ["EXIT", unknown];

/** A kind of event manager: start some, install handlers, notify. */
export interface GenEvent<H extends EventHandlers> {
  /** Starts a manager that is linked to this process. @throws {@link StartError} */
  startLink(options?: BehaviourOptions): Operation<Pid<ManagerMessage<H>>>;
  /** Starts a manager on its own. @throws {@link StartError} */
  start(options?: BehaviourOptions): Operation<Pid<ManagerMessage<H>>>;
  /** Installs a handler; it is told before all that are there already. The same id twice is not refused. */
  addHandler<N extends keyof H & string>(
    manager: ManagerName<H>,
    id: HandlerId<N>,
    ...args: HandlerArgs<H[N]>
  ): Operation<AddResult>;
  /**
   * As `addHandler`, and links the handler to the caller: when the handler is removed the caller gets a {@link HandlerExit}, when the caller ends the
   * handler is removed, and its `terminate` gets `["stop", reason]`.
   */
  addSupHandler<N extends keyof H & string>(
    manager: ManagerName<H>,
    id: HandlerId<N>,
    ...args: HandlerArgs<H[N]>
  ): Operation<AddResult>;
  /** Removes a handler. @returns what its `terminate` returned for `arg`; `["error", "module_not_found"]`; `["EXIT", reason]` if it threw */
  deleteHandler(manager: ManagerName<H>, id: HandlerId<keyof H & string>, arg?: unknown): Operation<unknown>;
  /**
   * Removes handler `id`, whose `terminate` gets `arg`, and installs `by`, which is handed what that `terminate` returned, `"error"` if `id` was
   * not installed. A supervised handler's successor has the same supervisor.
   */
  swapHandler<N extends keyof H & string>(
    manager: ManagerName<H>,
    [id, arg]: readonly [HandlerId<keyof H & string>, unknown],
    [by, ...args]: readonly [HandlerId<N>, ...HandlerArgs<H[N]>],
  ): Operation<"ok" | readonly ["error", unknown]>;
  /** As `swapHandler`, and the new handler is supervised by the caller. */
  swapSupHandler<N extends keyof H & string>(
    manager: ManagerName<H>,
    [id, arg]: readonly [HandlerId<keyof H & string>, unknown],
    [by, ...args]: readonly [HandlerId<N>, ...HandlerArgs<H[N]>],
  ): Operation<"ok" | readonly ["error", unknown]>;
  /** Ids of the installed handlers, newest first. */
  whichHandlers(manager: ManagerName<H>): Operation<readonly HandlerId<keyof H & string>[]>;
  /** Tells every handler of `event`, and waits for nothing. To a manager that does not exist it vanishes. */
  notify(manager: ManagerName<H>, event: EventOf<H>): void;
  /** Tells every handler of `event`, and waits until all have handled it. */
  syncNotify(manager: ManagerName<H>, event: EventOf<H>): Operation<"ok">;
  /**
   * Requests to one handler. They fail as {@link call} does; besides with `"bad_module"` when the handler is not installed, and with why when it
   * failed, and was removed for that.
   */
  call<N extends keyof H & string>(
    manager: ManagerName<H>,
    id: HandlerId<N>,
    options?: CallOptions,
  ): HandlerClient<H[N]>;
}

/**
 * Defines a kind of event manager by the kinds of handlers that it may have.
 *
 * @remarks
 * A manager is one process in which any number of handlers live, none at first. Each event is given to every handler, **newest first**. A handler
 * that throws is removed, with its `terminate` called and a report made; the manager and the other handlers carry on. Several handlers of one
 * kind have ids: `["log", "errors"]`.
 *
 * The manager traps exits. At its end, by {@link stop} or with its parent, the `terminate` of every handler gets `"stop"`.
 *
 * @example
 * ```ts
 * import { eventHandler, genEvent, stop } from "@krarup/core";
 *
 * type Alarm = { raised: boolean; id: string };
 *
 * const active = eventHandler({
 *   init: () => [] as string[],
 *   event(self, alarm: Alarm) {
 *     self.state = self.state.filter((id) => id !== alarm.id);
 *     if (alarm.raised) self.draft.push(alarm.id);
 *   },
 *   call: { list: (self) => self.state },
 * });
 * const counter = eventHandler({
 *   init: (start: number) => start,
 *   event(self, _alarm: Alarm) { self.state = self.state + 1; },
 *   terminate: (self) => self.state,
 * });
 * const Alarms = genEvent({ active, counter });
 *
 * const alarms = await Alarms.start();
 * await Alarms.addHandler(alarms, "active"); // => "ok"
 * await Alarms.addHandler(alarms, "counter", 0); // => "ok"
 * await Alarms.whichHandlers(alarms); // => ["counter", "active"]
 * Alarms.notify(alarms, { raised: true, id: "disk full" });
 * await Alarms.call(alarms, "active").list(); // => ["disk full"]
 * await Alarms.deleteHandler(alarms, "counter"); // => 1
 * await stop(alarms);
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/gen_event.html | gen_event}. Differs from OTP: handlers are named by the definition of their
 * manager, and a failed call throws where OTP returns `{error, Reason}`.
 */
export function genEvent<H extends EventHandlers>(handlers: H): GenEvent<H> {
  const kinds = new Map(
    Object.entries(handlers).map(([name, handler]) => [name, "make" in handler ? handler : kindOfModule(handler)]),
  );
  const clients = new Map([...kinds].map(([name, { requests }]) => [name, clientClass(requests, callHandler)]));
  const start = (isLinked: boolean, options: BehaviourOptions = {}): Operation<Pid<ManagerMessage<H>>> =>
    startBehaviour(
      (process, acknowledge, linked) => new EventManager(process, acknowledge, linked, kinds),
      "gen_event",
      isLinked,
      options,
    );
  return {
    startLink: (options) => start(true, options),
    start: (options) => start(false, options),
    addHandler: (manager, id, ...args) => ask(manager, { do: "add_handler", id, args, supervised: false }),
    addSupHandler: (manager, id, ...args) => ask(manager, { do: "add_handler", id, args, supervised: true }),
    deleteHandler: (manager, id, arg) => ask(manager, { do: "delete_handler", id, arg }),
    swapHandler: (manager, [id, arg], [by, ...args]) =>
      ask(manager, { do: "swap_handler", id, arg, by, args, supervised: false }),
    swapSupHandler: (manager, [id, arg], [by, ...args]) =>
      ask(manager, { do: "swap_handler", id, arg, by, args, supervised: true }),
    whichHandlers: (manager) => ask(manager, { do: "which_handlers" }),
    notify: (manager, event) => castMessage(manager, { type: "$gen_notify", event } satisfies Notify),
    syncNotify: (manager, event) => ask(manager, { do: "sync_notify", event }),
    call: (manager, id, options = {}) => {
      const Client = clients.get(kindOf(id));
      if (Client === undefined)
        throw new KrarupError(
          "ERR_BAD_ARGUMENT",
          `Cannot call the handler as the manager's definition names none like it: current value is ${show(id)}`,
          id,
        );
      // The client class has exactly one method for each request of the kind.
      return new Client(manager, { id, options }) as unknown as ReturnType<GenEvent<H>["call"]>;
    },
  };
}

function ask<R>(
  manager: Pid<never> | Name,
  request: ManagerRequest,
  options: CallOptions = { timeoutMs: "infinity" },
): KernelOperation<R> {
  // Managers answer each request by its own type; every operation of `call` is one of the kernel.
  return call(manager as Pid<Request<ManagerRequest, R>>, request, options) as KernelOperation<R>;
}

interface HandlerAddress {
  readonly id: HandlerId;
  readonly options: CallOptions;
}

function callHandler(
  manager: Pid<never> | Name,
  request: unknown,
  { id, options }: HandlerAddress,
): Operation<unknown> {
  return new HandlerCall(ask<HandlerReply>(manager, { do: "call", id, request }, options), {
    type: "call",
    server: manager,
    request,
  });
}

/** A call whose reply says whether the handler could answer. */
class HandlerCall extends KernelOperation<unknown> {
  readonly #call: KernelOperation<HandlerReply>;
  readonly #info: CallInfo;

  constructor(operation: KernelOperation<HandlerReply>, info: CallInfo) {
    super();
    this.#call = operation;
    this.#info = info;
  }

  override next(): IteratorResult<Suspension, unknown> {
    const step = this.#call.next();
    if (step.done !== true) return step;
    const [word, value] = step.value;
    if (word === "error") throw new ExitException([value, this.#info]);
    return finished(value);
  }
}
