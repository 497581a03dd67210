// The loop that all behaviours share: initialise and acknowledge, take messages, answer the system protocol, obey the parent, terminate.
//
// A behaviour is no generator: the scheduler calls the loop, the loop calls the callbacks. That is the fastest kind of process (one
// object of state, nothing suspended). A callback that must wait for something is a generator; the loop drives it for that one message
// and takes no other meanwhile, as a callback that blocks does in OTP.
//
// Its methods are `private` and not `#private`: each class of a chain that has one of those costs 8 bytes in every object.
//
//   init ──► idle ──► callback ──► idle …          a callback throws, stops, or the parent ends
//    │                                              │
//    └── failed: acknowledge the failure, end       └──► terminate callback ──► end with the reason

import { type From, reply } from "../kernel/call.ts";
import { cpu } from "../kernel/cpu.ts";
import { ExitException } from "../kernel/exit-exception.ts";
import { finished, GONE, PREEMPTED, WAIT } from "../kernel/operation.ts";
import { type Body, doom, OBEYS_PARENT, type Process } from "../kernel/process.ts";
import { toExitReason } from "../mechanisms/exit-term.ts";
import { take } from "../mechanisms/mailbox.ts";
import { isOrderly } from "../values/exit-reason.ts";
import { type CallbackSteps, stepsIn } from "./callback-steps.ts";
import { type CodeChange, type CodeChangeAnswer, outcomeOf } from "./code-change.ts";
import { Debugging, type DebugOption, type DebugRequest } from "./debugging.ts";
import type { Acknowledge } from "./proc-lib.ts";
import { isSystemMessage, type SystemAnswer, type SystemMessage, type SystemRequest } from "./system-message.ts";
import { isExitOf } from "../values/system-messages.ts";

/** What a behaviour tells its starter: it is ready, or why it is not. */
export type StartAnswer =
  | { readonly type: "ready" }
  | { readonly type: "failed"; readonly reason: unknown; readonly isIgnored: boolean };

/** From its first slice to its last. */
type Phase = "new" | "init" | "handle" | "terminate" | "over";

/** The end that a behaviour is heading for. */
interface Ending {
  readonly reason: unknown;
  /** What was thrown, where something was; it leaves the body again, so that the report has its stack. */
  readonly thrown: unknown;
}

const NO_ARGUMENTS: readonly unknown[] = [];

/**
 * What a behaviour has only while it starts, is suspended or debugged, waits inside a callback or ends. One that just waits for messages has none: a
 * million of them save 60 bytes each (bench `server-keep`).
 */
class Unusual {
  phase: Phase = "handle";
  acknowledge: Acknowledge<StartAnswer> | null = null;
  /** For the init callback. */
  args: readonly unknown[] = NO_ARGUMENTS;
  isSuspended = false;
  callback: CallbackSteps | null = null;
  ending: Ending | null = null;
  /** The message in hand, for the crash report. */
  message: unknown = undefined;
  debugging: Debugging | null = null;
}

/** The running part of one behaviour process. */
export abstract class BehaviourBody implements Body {
  protected readonly process: Process;
  #unusual: Unusual | null = new Unusual();

  constructor(
    process: Process,
    acknowledge: Acknowledge<StartAnswer>,
    isLinked: boolean,
    args: readonly unknown[] = NO_ARGUMENTS,
  ) {
    this.process = process;
    if (isLinked) process.flags |= OBEYS_PARENT;
    const unusual = this.makeUnusual();
    unusual.phase = "new";
    unusual.acknowledge = acknowledge;
    unusual.args = args;
  }

  /** Calls the init callback with the arguments of the start. */
  protected abstract callInit(args: readonly unknown[]): unknown;
  /** Takes what init returned. @returns how the start went */
  protected abstract initialised(value: unknown): StartAnswer;
  /** Calls the callback for `message`. */
  protected abstract handle(message: unknown): unknown;
  /** Takes what the callback returned. */
  protected abstract handled(value: unknown): void;
  /** Calls the callback for something that goes before the mailbox, if there is any. @returns false when there is none */
  protected abstract handleBeforeMailbox(): { readonly value: unknown } | null;
  /** Called when the mailbox is empty. @returns what to handle instead of a message, or null to wait */
  protected abstract whenIdle(): { readonly value: unknown } | null;
  /** Calls the terminate callback, if there is one. */
  protected abstract callTerminate(reason: unknown): unknown;
  /** The very last thing before the end. */
  protected abstract afterTerminate(): void;
  /** State for `getState` and `replaceState`. */
  protected abstract get ownState(): unknown;
  protected abstract set ownState(state: unknown);
  /** State for `getStatus` and the crash report: what `formatStatus` makes of it. */
  protected get visibleState(): unknown {
    return this.ownState;
  }
  /** Calls the codeChange callback. What it throws is the caller's answer. */
  protected callCodeChange(oldVsn: unknown, extra: unknown): CodeChange {
    throw new ExitException(["undef", ["codeChange", [oldVsn, extra]]]);
  }
  /** Drops what the failed callback had half done. */
  protected abstract rollBack(): void;

  next(): IteratorResult<unknown, unknown> {
    try {
      return this.loop();
    } catch (thrown) {
      if (this.#unusual?.phase === "over") throw thrown;
      return this.failed(thrown);
    }
  }

  /** For the crash report: the message in hand and the state before it. */
  crashDetails(): { readonly handling: unknown; readonly state: unknown } {
    return { handling: this.handling, state: stateToShow(() => this.visibleState) };
  }

  /** Switches on debugging, before the first step. */
  startDebugging(options: readonly DebugOption[]): void {
    const debugging = this.makeDebugging();
    for (const option of options) debugging.begin(option);
  }

  private makeDebugging(): Debugging {
    return (this.makeUnusual().debugging ??= new Debugging(this.process));
  }

  /** Replies to a request. */
  protected answer(to: From<unknown>, value: unknown): void {
    reply(to, value);
    this.#unusual?.debugging?.note({ type: "out", to, reply: value });
  }

  /** The message in hand, while a callback waits or when it has failed. */
  protected get handling(): unknown {
    return this.#unusual?.message;
  }

  /** Heads for the end with `reason`, after the present callback. */
  protected stopWith(reason: unknown): void {
    this.makeUnusual().ending ??= { reason, thrown: undefined };
  }

  /** Whether it is heading for its end. */
  protected get isStopping(): boolean {
    return this.#unusual !== null && this.#unusual.ending !== null;
  }

  private makeUnusual(): Unusual {
    this.#unusual ??= new Unusual();
    return this.#unusual;
  }

  private loop(): IteratorResult<unknown, unknown> {
    for (;;) {
      const stopped = this.#unusual === null ? this.handleNext() : this.handleUnusual(this.#unusual);
      if (stopped !== null) return stopped;
    }
  }

  /** Does what is due beside messages. @returns what stops the loop here, or null to go on */
  private handleUnusual(unusual: Unusual): IteratorResult<unknown, unknown> | null {
    if (unusual.callback !== null) return this.advance(unusual, unusual.callback);
    if (unusual.phase === "new") {
      unusual.phase = "init";
      this.drive(this.callInit(unusual.args));
    } else if (unusual.ending !== null) {
      if (unusual.phase === "terminate") return this.finish(unusual, unusual.ending);
      unusual.phase = "terminate";
      this.drive(this.callTerminate(unusual.ending.reason));
    } else if (unusual.isSuspended) return this.handleSystemOnly();
    else if (unusual.debugging !== null) return this.handleNext();
    else this.#unusual = null;
    return null;
  }

  private advance(unusual: Unusual, callback: CallbackSteps): IteratorResult<unknown, unknown> | null {
    const step = callback.next();
    // A step of a generator is whatever the operation inside returned: it goes to the scheduler as it is.
    if (step.done !== true) return step;
    unusual.callback = null;
    this.concludeCallback(step.value);
    return null;
  }

  /** @returns what stops the loop here, or null to go on */
  private handleNext(): IteratorResult<unknown, unknown> | null {
    if (--cpu.reductions < 0) return PREEMPTED;
    const first = this.handleBeforeMailbox();
    if (first !== null) {
      this.drive(first.value);
      return null;
    }
    const envelope = this.process.head;
    if (envelope !== null) {
      this.takeMessage(take(this.process, null, envelope));
      return null;
    }
    const instead = this.whenIdle();
    if (instead !== null) {
      this.drive(instead.value);
      return null;
    }
    this.process.awaiting = null;
    return WAIT;
  }

  private takeMessage(message: unknown): void {
    if (isSystemMessage(message)) this.serveSystem(message);
    else if (this.isParentsEnd(message)) this.stopWith(message.reason);
    else this.handleMessage(message);
  }

  /** Whether `message` is the EXIT of the starter, if that is linked: an order to stop. */
  private isParentsEnd(message: unknown): message is { readonly reason: unknown } {
    const { parent, flags } = this.process;
    return (flags & OBEYS_PARENT) !== 0 && parent !== null && isExitOf(message, parent);
  }

  /** The message is noted only where somebody can ask for it. */
  private handleMessage(message: unknown): void {
    if (this.#unusual !== null) this.#unusual.debugging?.note({ type: "in", message });
    try {
      this.drive(this.handle(message));
      if (this.#unusual !== null && this.#unusual.callback !== null) this.#unusual.message = message;
    } catch (thrown) {
      this.makeUnusual().message = message;
      throw thrown;
    }
  }

  /** While suspended ordinary messages stay where they are; system messages and the parent's end are served. */
  private handleSystemOnly(): IteratorResult<unknown, unknown> | null {
    if (--cpu.reductions < 0) return PREEMPTED;
    let before = null;
    for (let at = this.process.head; at !== null; at = at.next) {
      if (isSystemMessage(at.value) || this.isParentsEnd(at.value)) {
        this.takeMessage(take(this.process, before, at));
        return null;
      }
      before = at;
    }
    this.process.awaiting = null;
    return WAIT;
  }

  private drive(value: unknown): void {
    const steps = stepsIn(value);
    if (steps === null) this.concludeCallback(value);
    else this.makeUnusual().callback = steps;
  }

  private concludeCallback(value: unknown): void {
    const unusual = this.#unusual;
    if (unusual === null || unusual.phase === "handle") {
      this.handled(value);
      if (unusual === null) return;
      unusual.message = undefined;
      unusual.debugging?.note({ type: "handled", state: stateToShow(() => this.visibleState) });
    } else if (unusual.phase === "init") this.started(unusual, this.initialised(value));
  }

  private started(unusual: Unusual, answer: StartAnswer): void {
    unusual.phase = "handle";
    unusual.args = NO_ARGUMENTS;
    if (answer.type === "failed") {
      // A process that never was ready has nothing to terminate.
      unusual.phase = "terminate";
      this.stopWith(answer.isIgnored ? "normal" : answer.reason);
      this.releaseName();
    }
    unusual.acknowledge?.(answer);
  }

  private failed(thrown: unknown): IteratorResult<unknown, unknown> {
    const unusual = this.makeUnusual();
    unusual.callback = null;
    if (!(thrown instanceof Error)) return this.thrownValue(thrown);
    this.rollBack();
    const reason = thrown instanceof ExitException ? thrown.reason : thrown;
    if (unusual.phase === "init") {
      unusual.phase = "over";
      this.releaseName();
      unusual.acknowledge?.({ type: "failed", reason, isIgnored: false });
      throw thrown;
    }
    // A terminate callback that fails replaces the reason.
    unusual.ending = { reason, thrown };
    return this.next();
  }

  /** As in OTP, a thrown value that is no error counts as what the callback returned. */
  private thrownValue(value: unknown): IteratorResult<unknown, unknown> {
    try {
      this.concludeCallback(value);
    } catch (error) {
      return this.failed(error instanceof Error ? error : new Error(String(error)));
    }
    return this.next();
  }

  private finish(unusual: Unusual, { reason, thrown }: Ending): IteratorResult<unknown, unknown> {
    unusual.phase = "over";
    this.afterTerminate();
    if (thrown !== undefined) throw thrown;
    if (!isOrderly(reason)) throw new ExitException(reason);
    if (reason === "normal") return finished(undefined);
    doom(this.process, reason);
    return GONE;
  }

  private releaseName(): void {
    const { node } = this.process;
    const name = node.names.nameOf(this.process);
    if (name !== undefined) node.names.unregister(name);
  }

  private serveSystem({ from, request }: SystemMessage): void {
    // Monitors tell the caller when it is done.
    if (request.do === "terminate") return this.stopWith(request.reason);
    try {
      reply<SystemAnswer>(from, { answer: this.served(request) });
    } catch (thrown) {
      // Whoever looks at a behaviour must not end it.
      reply<SystemAnswer>(from, { failed: toExitReason(thrown) });
    }
  }

  private served(request: Exclude<SystemRequest, { readonly do: "terminate" }>): unknown {
    switch (request.do) {
      case "suspend":
      case "resume":
        this.makeUnusual().isSuspended = request.do === "suspend";
        return "ok";
      case "replace_state":
        this.ownState = request.state;
        return this.ownState;
      case "get_state":
        return this.ownState;
      case "get_status":
        return {
          status: this.#unusual?.isSuspended === true ? "suspended" : "running",
          state: this.visibleState,
        };
      case "change_code":
        return this.serveCodeChange(request.oldVsn, request.extra);
      case "debug":
        return this.serveDebug(request.request);
    }
  }

  private serveCodeChange(oldVsn: unknown, extra: unknown): CodeChangeAnswer {
    // OTP's words for a request that a running behaviour does not know.
    if (this.#unusual?.isSuspended !== true) return ["error", ["unknown_system_msg", ["change_code", oldVsn, extra]]];
    const changed = outcomeOf(() => this.callCodeChange(oldVsn, extra));
    if ("error" in changed) return ["error", changed.error];
    this.ownState = changed.state;
    return "ok";
  }

  private serveDebug(request: DebugRequest): unknown {
    const debugging = this.makeDebugging();
    const answer = debugging.serve(request);
    if (debugging.isOff) this.makeUnusual().debugging = null;
    return answer;
  }
}

/** What `read` tells of a state. Whoever reports must not fail because `formatStatus` does. */
export function stateToShow(read: () => unknown): unknown {
  try {
    return read();
  } catch (thrown) {
    return ["format_status_failed", thrown];
  }
}
