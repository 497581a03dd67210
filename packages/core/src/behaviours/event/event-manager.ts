// The process behind gen_event: many handlers in one process, newest first.
//
// A handler cannot bring the manager down: whatever a callback throws or returns, the worst that happens is that this handler is removed. A
// supervised handler is linked to who added it: its removal is told by a message, and the end of its supervisor removes it.
//
// Handlers are told one after the other. Each callback may be a generator that waits, so the traversal is one as well; events are no hot path.

import type { From } from "../../kernel/call.ts";
import type { Process } from "../../kernel/process.ts";
import { link, unlink } from "../../kernel/signals.ts";
import { Monitor } from "../../mechanisms/monitors.ts";
import { BehaviourBody, type StartAnswer, stateToShow } from "../behaviour-body.ts";
import type { CodeChange } from "../code-change.ts";
import type { ManagerRequest, Notify } from "./event-requests.ts";
import { attempt, type Installed, type Step, tellSupervisor } from "./event-installed.ts";
import {
  type HandlerAnswer,
  type HandlerId,
  type HandlerInput,
  type HandlerKind,
  type HandlerStart,
  kindOf,
} from "./event-run.ts";
import type { Acknowledge } from "../proc-lib.ts";
import { isSameTerm } from "../same-term.ts";

/** The kinds of handlers that a manager can have, by name. */
export type HandlerKinds = ReadonlyMap<string, HandlerKind>;

/** A running event manager. */
export class EventManager extends BehaviourBody {
  readonly #kinds: HandlerKinds;
  readonly #linkedParent: Process | null;
  /** Newest first. */
  #handlers: readonly Installed[] = [];

  constructor(process: Process, acknowledge: Acknowledge<StartAnswer>, isLinked: boolean, kinds: HandlerKinds) {
    super(process, acknowledge, isLinked);
    this.#kinds = kinds;
    this.#linkedParent = isLinked ? process.parent : null;
  }

  protected override callInit(): unknown {
    this.process.trapExit(true);
    return undefined;
  }

  protected override initialised(): StartAnswer {
    return { type: "ready" };
  }

  protected override handle(message: unknown): unknown {
    if (typeof message !== "object" || message === null || !("type" in message)) return this.#tell("info", message);
    switch (message.type) {
      case "$gen_notify":
        return this.#tell("event", (message as Notify).event); // only `notify` makes messages of this type
      case "$gen_call": {
        const { from, request } = message as unknown as { from: From<unknown>; request: ManagerRequest }; // only `call` makes these
        return this.#serve(from, request);
      }
      case "EXIT":
        return this.#supervisorEnded(message);
      default:
        return this.#tell("info", message);
    }
  }

  protected override handled(): void {
    // The generators below have done everything.
  }

  protected override handleBeforeMailbox(): null {
    return null;
  }

  protected override whenIdle(): null {
    return null;
  }

  protected override *callTerminate(): Step<void> {
    for (const installed of this.#handlers) yield* this.#terminate(installed, "stop", "shutdown");
  }

  protected override afterTerminate(): void {
    // The end of a manager is no reason for those who supervise its handlers to end. The parent stays linked.
    for (const { supervisor } of this.#handlers)
      if (supervisor !== null && supervisor !== this.#linkedParent) unlink(supervisor);
  }

  protected override rollBack(): void {
    // Handlers roll back one by one.
  }

  protected override get visibleState(): unknown {
    return this.#handlers.map(({ id, run }) => [id, run.visibleState]);
  }

  protected override get ownState(): unknown {
    return this.#handlers.map(({ id, run }) => [id, run.ownState]);
  }

  protected override set ownState(pairs: unknown) {
    if (!Array.isArray(pairs)) return;
    this.#handlers.forEach(({ id, run }, index) => {
      const pair: unknown = pairs[index];
      if (Array.isArray(pair) && isSameTerm(pair[0], id)) run.ownState = pair[1];
    });
  }

  protected override callCodeChange(oldVsn: unknown, extra: unknown): CodeChange {
    const pairs: unknown[] = [];
    for (const { id, run } of this.#handlers) {
      const changed = run.callCodeChange(oldVsn, extra);
      if ("error" in changed) return changed;
      pairs.push([id, changed.state]);
    }
    return { state: pairs };
  }

  *#serve(from: From<unknown>, request: ManagerRequest): Step<void> {
    const value = yield* this.#answer(from, request);
    this.answer(from, value);
  }

  *#answer(from: From<unknown>, request: ManagerRequest): Step<unknown> {
    switch (request.do) {
      case "sync_notify":
        yield* this.#tell("event", request.event);
        return "ok";
      case "add_handler":
        return yield* this.#add(request.id, { args: request.args }, request.supervised ? callerOf(from) : null);
      case "delete_handler":
        return yield* this.#delete(request.id, request.arg);
      case "swap_handler":
        return yield* this.#swap(request, request.supervised ? callerOf(from) : null);
      case "call":
        return yield* this.#call(request.id, request.request);
      case "which_handlers":
        return this.#handlers.map(({ id }) => id);
    }
  }

  *#tell(input: HandlerInput, content: unknown): Step<void> {
    // What is added or swapped in meanwhile is told of the next event.
    for (const installed of this.#handlers) yield* this.#callback(installed, input, content);
  }

  *#add(id: HandlerId, start: HandlerStart, supervisor: Process | null): Step<unknown> {
    if (supervisor !== null) link(supervisor);
    const made = yield* this.#make(id, start, supervisor);
    if (!("installed" in made)) return made.refusal;
    this.#handlers = [made.installed, ...this.#handlers];
    return "ok";
  }

  *#delete(id: HandlerId, arg: unknown): Step<unknown> {
    const installed = this.#find(id);
    return installed === undefined ? ["error", "module_not_found"] : yield* this.#remove(installed, arg, "normal");
  }

  *#swap(
    { id, arg, by, args }: Extract<ManagerRequest, { do: "swap_handler" }>,
    caller: Process | null,
  ): Step<unknown> {
    const installed = this.#find(id);
    const supervisor = caller ?? installed?.supervisor ?? null;
    const old =
      installed === undefined ? "error" : yield* this.#remove(installed, arg, ["swapped", by, supervisor ?? false]);
    const outcome = yield* this.#add(by, { args, old }, supervisor);
    return outcome === "ok" || (Array.isArray(outcome) && outcome[0] === "error") ? outcome : ["error", outcome];
  }

  *#call(id: HandlerId, request: unknown): Step<unknown> {
    const installed = this.#find(id);
    if (installed === undefined) return ["error", "bad_module"];
    const { verdict, reply: value } = yield* this.#callback(installed, "call", request);
    return verdict.do === "crash" ? ["error", verdict.why] : ["ok", value];
  }

  /** One callback of one handler, and what follows from it. */
  *#callback(installed: Installed, input: HandlerInput, content: unknown): Step<HandlerAnswer> {
    const { run } = installed;
    const outcome = yield* attempt(() => run.callFor(input, content));
    const answer = "failed" in outcome ? crashed(installed, outcome.failed) : run.handled(input, outcome.returned);
    const { verdict } = answer;
    switch (verdict.do) {
      case "keep":
        break;
      case "remove":
        yield* this.#remove(installed, "remove_handler", "normal");
        break;
      case "swap":
        yield* this.#replace(installed, verdict);
        break;
      case "crash":
        this.#reportCrash(installed, verdict.why, content);
        yield* this.#remove(installed, ["error", verdict.why], verdict.why);
        break;
    }
    return answer;
  }

  /** A handler has asked to be replaced: the other takes its place. */
  *#replace(
    installed: Installed,
    { arg, by, args }: { readonly arg: unknown; readonly by: HandlerId; readonly args: readonly unknown[] },
  ): Step<void> {
    const { supervisor } = installed;
    const old = yield* this.#terminate(installed, arg, ["swapped", by, supervisor ?? false]);
    const made = yield* this.#make(by, { args, old }, supervisor);
    this.#handlers = this.#handlers.flatMap((each) =>
      each !== installed ? [each] : "installed" in made ? [made.installed] : [],
    );
    if (!("installed" in made)) tellSupervisor(this.process, { id: by, supervisor }, made.refusal);
  }

  *#make(
    id: HandlerId,
    start: HandlerStart,
    supervisor: Process | null,
  ): Step<{ readonly installed: Installed } | { readonly refusal: unknown }> {
    const kind = this.#kinds.get(kindOf(id));
    if (kind === undefined) return { refusal: ["error", ["undef", id]] };
    const run = kind.make(this.process);
    const outcome = yield* attempt(() => run.callInit(start));
    const refusal = "failed" in outcome ? outcome.failed : run.initialised(outcome.returned);
    return refusal === "ok" ? { installed: { id, run, supervisor } } : { refusal };
  }

  *#remove(installed: Installed, arg: unknown, reason: unknown): Step<unknown> {
    this.#handlers = this.#handlers.filter((each) => each !== installed);
    return yield* this.#terminate(installed, arg, reason);
  }

  /** @returns what the terminate callback returned */
  *#terminate(installed: Installed, arg: unknown, reason: unknown): Step<unknown> {
    const outcome = yield* attempt(() => installed.run.callTerminate(arg));
    tellSupervisor(this.process, installed, reason);
    return "failed" in outcome ? outcome.failed : outcome.returned;
  }

  *#supervisorEnded(message: object): Step<void> {
    const { pid, reason } = message as { pid?: unknown; reason?: unknown }; // an EXIT message has both; a forged one may lack them
    for (const installed of this.#handlers) {
      if (installed.supervisor === pid) yield* this.#remove(installed, ["stop", reason], "shutdown");
    }
    yield* this.#tell("info", message);
  }

  #find(id: HandlerId): Installed | undefined {
    return this.#handlers.find((installed) => isSameTerm(installed.id, id));
  }

  #reportCrash({ id, run }: Installed, reason: unknown, event: unknown): void {
    this.process.node.report(this.process, {
      label: "handler_terminated",
      level: "error",
      details: { handler: id, reason, event, state: stateToShow(() => run.visibleState) },
    });
  }
}

function crashed({ run }: Installed, why: unknown): HandlerAnswer {
  run.rollBack();
  return { verdict: { do: "crash", why }, reply: undefined };
}

/** The process that made a call. */
function callerOf(from: From<unknown>): Process | null {
  // The ref of a call is a monitor, whose watcher is the record of the caller.
  return from instanceof Monitor ? (from.watcher as Process) : null;
}
