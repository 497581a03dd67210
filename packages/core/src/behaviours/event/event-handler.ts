// An event handler for everyday use: typed by inference, its state as in genServer.

import type { Process } from "../../kernel/process.ts";
import { KrarupError, show } from "../../values/errors.ts";
import type { AnyPid } from "../../values/pid.ts";
import { type CodeChange, returnedBy } from "../code-change.ts";
import { type Draft, DraftState } from "../draft-state.ts";
import {
  type HandlerAnswer,
  type HandlerInput,
  type HandlerKind,
  type HandlerRun,
  type HandlerStart,
  KEEP,
} from "./event-run.ts";
import { type InitRefusal, isRefusal } from "../init-refusal.ts";
import { partsOf, type Waiting } from "../server/named-requests.ts";

declare const types: unique symbol;

/** An event handler as its own callbacks see it. */
export interface HandlerSelf<S> {
  /** The pid of the manager it is installed in. */
  readonly pid: AnyPid;
  /** The state to read; assign to replace it. Never change it in place: that is what `draft` is for. */
  get state(): Readonly<S>;
  set state(state: S);
  /** The state to change in place, by immer. A callback that throws leaves no trace. */
  readonly draft: Draft<S>;
  /** Removes this handler after this callback: `terminate` gets `"remove_handler"`. */
  remove(): void;
}

type Handlers<S> = Readonly<Record<string, (self: HandlerSelf<S>, ...args: never[]) => unknown>>;

/** What an event handler is made of. Every callback may be a generator, which may wait; its manager does nothing else meanwhile. */
export interface EventHandlerDefinition<S, A extends readonly unknown[], E, C> {
  /** Makes the first state; or {@link refuse}. */
  readonly init: (...args: A) => S | InitRefusal | Waiting<S | InitRefusal>;
  /** Makes the first state of a handler that replaces another, given what the other's terminate returned. Default: `init(...args)`. */
  readonly takeOver?: (old: unknown, ...args: A) => S | InitRefusal | Waiting<S | InitRefusal>;
  /** Called for each event. */
  readonly event: (self: HandlerSelf<S>, event: E) => unknown;
  /** Requests to this handler: it replies what it returns. */
  readonly call?: C & Handlers<S>;
  /** Any other message that the manager gets. Without it such a message is reported and dropped. */
  readonly info?: (self: HandlerSelf<S>, message: unknown) => unknown;
  /**
   * Called when it is removed, whatever the cause. `arg` is what `deleteHandler` or `swapHandler` was given, `"remove_handler"`, `"stop"` at
   * the manager's end, `["stop", reason]` at the end of its supervisor, or `["error", ["EXIT", reason]]` when a callback has thrown.
   */
  readonly terminate?: (self: HandlerSelf<S>, arg: unknown) => unknown;
  /** What inspection and reports show instead of the state. */
  readonly formatStatus?: (state: S) => unknown;
  /** Makes the new state of the old one, at {@link changeCode}. It may not wait; when it throws, the state stays. */
  readonly codeChange?: (oldVsn: unknown, state: Readonly<S>, extra: unknown) => NoInfer<S>;
}

/** A kind of event handler, for {@link genEvent}. */
export interface EventHandler<A extends readonly unknown[], E, C> extends HandlerKind {
  /** Known to the compiler only. */
  readonly [types]: { readonly args: (...args: A) => void; readonly event: (event: E) => void; readonly calls: C };
}

/**
 * Defines a kind of event handler, to be installed in managers by {@link genEvent}.
 *
 * @remarks
 * A handler lives inside its manager's process. One that throws is removed, with `terminate` called; the manager and the other handlers
 * carry on.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/gen_event.html | gen_event}
 */
export function eventHandler<S, A extends readonly unknown[], E, C = {}>(
  definition: EventHandlerDefinition<S, A, E, C>,
): EventHandler<A, E, C> {
  const kind: HandlerKind = {
    requests: Object.keys(definition.call ?? {}),
    make: (manager) => new NamedRun(manager, definition),
  };
  return kind as EventHandler<A, E, C>; // the types exist for the compiler only
}

class NamedRun<S, A extends readonly unknown[], E, C> implements HandlerRun, HandlerSelf<S> {
  readonly pid: AnyPid;
  readonly #manager: Process;
  readonly #definition: EventHandlerDefinition<S, A, E, C>;
  #state: DraftState<S> | null = null;
  #isRemoved = false;

  constructor(manager: Process, definition: EventHandlerDefinition<S, A, E, C>) {
    this.pid = this.#manager = manager;
    this.#definition = definition;
  }

  get state(): Readonly<S> {
    return this.#known().current;
  }

  set state(state: S) {
    this.#known().replace(state);
  }

  get draft(): Draft<S> {
    return this.#known().draft;
  }

  remove(): void {
    this.#isRemoved = true;
  }

  callInit(start: HandlerStart): unknown {
    const { init, takeOver } = this.#definition;
    const args = start.args as A; // typed at the client, where they were given
    return "old" in start && takeOver !== undefined ? takeOver(start.old, ...args) : init(...args);
  }

  initialised(value: unknown): unknown {
    if (isRefusal(value)) return ["error", value.reason];
    this.#state = new DraftState(value as S); // init returns S or a refusal
    return "ok";
  }

  callFor(input: HandlerInput, content: unknown): unknown {
    switch (input) {
      case "event":
        return this.#definition.event(this, content as E); // typed at the client
      case "call":
        return this.#callNamed(content);
      case "info":
        return this.#callInfo(content);
    }
  }

  handled(_input: HandlerInput, value: unknown): HandlerAnswer {
    this.#known().commit();
    return { verdict: this.#isRemoved ? { do: "remove" } : KEEP, reply: value };
  }

  callTerminate(arg: unknown): unknown {
    const { terminate } = this.#definition;
    return terminate === undefined ? "ok" : terminate(this, arg);
  }

  rollBack(): void {
    this.#isRemoved = false;
    this.#state?.rollBack();
  }

  get visibleState(): unknown {
    const { base } = this.#known();
    const { formatStatus } = this.#definition;
    return formatStatus === undefined ? base : formatStatus(base);
  }

  get ownState(): unknown {
    return this.#known().base;
  }

  set ownState(state: unknown) {
    this.#known().replace(state as S); // whoever replaces a state answers for its type, as with sys:replace_state
  }

  callCodeChange(oldVsn: unknown, extra: unknown): CodeChange {
    const { codeChange } = this.#definition;
    const { base } = this.#known();
    return { state: codeChange === undefined ? base : returnedBy(() => codeChange(oldVsn, base, extra)) };
  }

  #callNamed(request: unknown): unknown {
    const [name, ...args] = partsOf(request);
    const calls: Handlers<S> = this.#definition.call ?? {};
    const handler = typeof name === "string" && Object.hasOwn(calls, name) ? calls[name] : undefined;
    if (handler === undefined)
      throw new KrarupError(
        "ERR_BAD_ARGUMENT",
        `Cannot handle the request ${show(name)} as the event handler has none of that name`,
        request,
      );
    return handler(this, ...(args as never[])); // typed at the client, where the request was made
  }

  #callInfo(message: unknown): unknown {
    const { info } = this.#definition;
    if (info !== undefined) return info(this, message);
    this.#manager.node.report(this.#manager, { label: "no_handle_info", level: "warning", details: { message } });
    return undefined;
  }

  #known(): DraftState<S> {
    if (this.#state === null)
      throw new KrarupError("ERR_BAD_ARGUMENT", "Cannot use the state as init has not made one yet");
    return this.#state;
  }
}
