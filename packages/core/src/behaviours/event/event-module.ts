// An event handler as OTP writes it: a module of callbacks that return tuples. `eventHandler` is the form for everyday use.

import type { Process } from "../../kernel/process.ts";
import {
  type HandlerAnswer,
  type HandlerId,
  type HandlerInput,
  type HandlerKind,
  type HandlerRun,
  type HandlerStart,
  type HandlerVerdict,
  KEEP,
} from "./event-run.ts";
import { partsOf } from "../server/named-requests.ts";
import { type CodeChange, readStateChange, returnedBy } from "../code-change.ts";
import type { CodeChangeResult, Eventually } from "../server/server-module.ts";

/** What `init` returns. */
export type EventInit<S> = readonly ["ok", S] | readonly ["ok", S, "hibernate"] | readonly ["error", unknown];

/** What `handleEvent` and `handleInfo` return. */
export type EventResult<S> =
  | readonly ["ok", S]
  | readonly ["ok", S, "hibernate"]
  | readonly ["swap_handler", arg: unknown, state: S, by: HandlerId, args: unknown]
  | "remove_handler";

/** What `handleCall` returns. */
export type EventCallResult<S> =
  | readonly ["ok", reply: unknown, S]
  | readonly ["ok", reply: unknown, S, "hibernate"]
  | readonly ["swap_handler", reply: unknown, arg: unknown, state: S, by: HandlerId, args: unknown]
  | readonly ["remove_handler", reply: unknown];

/**
 * The callbacks of an event handler in OTP's form. A handler that replaces another gets `[args, old]` in its init, where `old` is what the
 * other's terminate returned.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/gen_event.html#callbacks | gen_event, Callbacks}
 */
export interface EventModule<S, A = unknown> {
  init(args: A): Eventually<EventInit<S>>;
  handleEvent(event: unknown, state: S): Eventually<EventResult<S>>;
  handleCall?(request: unknown, state: S): Eventually<EventCallResult<S>>;
  handleInfo?(message: unknown, state: S): Eventually<EventResult<S>>;
  /** `arg` is what the deleter gave, `"stop"`, `"remove_handler"`, `["stop", reason]`, `["error", why]`. */
  terminate?(arg: unknown, state: S): Eventually<unknown>;
  /** What inspection and reports show instead of the state. */
  formatStatus?(state: S): unknown;
  /** Makes the new state of the old one, at {@link changeCode}. It may not wait. */
  codeChange?(oldVsn: unknown, state: S, extra: unknown): CodeChangeResult<S>;
}

/** Any module, when its state does not matter. Its callbacks are only ever given a state that they returned themselves. */
export type AnyEventModule = {
  init(args: never): unknown;
  handleEvent(event: never, state: never): unknown;
  handleCall?(request: never, state: never): unknown;
  handleInfo?(message: never, state: never): unknown;
  terminate?(arg: never, state: never): unknown;
  formatStatus?(state: never): unknown;
  codeChange?(oldVsn: never, state: never, extra: never): unknown;
};

/** The name of the one request that a module's client has. */
const MODULE_REQUEST = "request";

/** The kind of handler that a module is. */
export function kindOfModule(module: AnyEventModule): HandlerKind {
  return { requests: [MODULE_REQUEST], make: (manager) => new ModuleRun(manager, module as EventModule<unknown>) }; // by AnyEventModule
}

class ModuleRun implements HandlerRun {
  readonly #manager: Process;
  readonly #module: EventModule<unknown>;
  #state: unknown = undefined;

  constructor(manager: Process, module: EventModule<unknown>) {
    this.#manager = manager;
    this.#module = module;
  }

  callInit(start: HandlerStart): unknown {
    const [args] = start.args;
    return this.#module.init("old" in start ? [args, start.old] : args);
  }

  initialised(value: unknown): unknown {
    const isOk =
      Array.isArray(value) &&
      value[0] === "ok" &&
      (value.length === 2 || (value.length === 3 && value[2] === "hibernate"));
    if (!isOk) return value;
    this.#state = value[1];
    return "ok";
  }

  callFor(input: HandlerInput, content: unknown): unknown {
    const module = this.#module;
    if (input === "event") return module.handleEvent(content, this.#state);
    if (input === "info")
      return module.handleInfo === undefined ? this.#ignore(content) : module.handleInfo(content, this.#state);
    const [, request] = partsOf(content);
    return module.handleCall?.(request, this.#state);
  }

  handled(input: HandlerInput, value: unknown): HandlerAnswer {
    const [word, ...parts]: readonly unknown[] = Array.isArray(value) ? value : [value];
    const reply = input === "call" ? parts.shift() : undefined;
    const isWhole = input !== "call" || (Array.isArray(value) && value.length > 1);
    const verdict = isWhole ? this.#read(word, parts) : null;
    if (verdict !== null) return { verdict, reply };
    return { verdict: { do: "crash", why: value }, reply: ["error", value] };
  }

  callTerminate(arg: unknown): unknown {
    return this.#module.terminate === undefined ? "ok" : this.#module.terminate(arg, this.#state);
  }

  rollBack(): void {
    // What a callback has done to its state in place stays done, as it owns it.
  }

  get visibleState(): unknown {
    return this.#module.formatStatus === undefined ? this.#state : this.#module.formatStatus(this.#state);
  }

  get ownState(): unknown {
    return this.#state;
  }

  set ownState(state: unknown) {
    this.#state = state;
  }

  callCodeChange(oldVsn: unknown, extra: unknown): CodeChange {
    const module = this.#module;
    if (module.codeChange === undefined) return { state: this.#state };
    return readStateChange(returnedBy(() => module.codeChange?.(oldVsn, this.#state, extra)));
  }

  /** @returns null when it is none of OTP's results */
  #read(word: unknown, parts: readonly unknown[]): HandlerVerdict | null {
    if (word === "remove_handler" && parts.length === 0) return { do: "remove" };
    if (word === "ok" && (parts.length === 1 || (parts.length === 2 && parts[1] === "hibernate"))) {
      this.#state = parts[0];
      return KEEP;
    }
    if (word !== "swap_handler" || parts.length !== 4) return null;
    const [arg, state, by, args] = parts;
    this.#state = state;
    return { do: "swap", arg, by: by as HandlerId, args: [args] }; // typed by EventResult
  }

  #ignore(message: unknown): unknown {
    this.#manager.node.report(this.#manager, { label: "no_handle_info", level: "warning", details: { message } });
    return ["ok", this.#state];
  }
}
