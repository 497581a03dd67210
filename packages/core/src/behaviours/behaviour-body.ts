// The loop that all behaviours share: initialise and acknowledge, take messages, answer the system protocol, obey the parent, terminate.
//
// A behaviour is no generator: the scheduler calls the loop, the loop calls the callbacks. That is the fastest kind of process (one
// object of state, nothing suspended). A callback that must wait for something is a generator; the loop drives it for that one message
// and takes no other meanwhile, as a callback that blocks does in OTP.
//
//   init ──► idle ──► callback ──► idle …          a callback throws, stops, or the parent ends
//    │                                              │
//    └── failed: acknowledge the failure, end       └──► terminate callback ──► end with the reason

import { isGenerator } from "../kernel/async-body.ts";
import { type From, reply } from "../kernel/call.ts";
import { cpu } from "../kernel/cpu.ts";
import { ExitException } from "../kernel/exit-exception.ts";
import { finished, GONE, PREEMPTED, WAIT } from "../kernel/operation.ts";
import { type Body, doom, type Process } from "../kernel/process.ts";
import { take } from "../mechanisms/mailbox.ts";
import { isOrderly } from "../values/exit-reason.ts";
import type { Acknowledge } from "./proc-lib.ts";
import { isExitOf } from "../values/system-messages.ts";

/** What a behaviour tells its starter: it is ready, or why it is not. */
export type StartAnswer =
  | { readonly type: "ready" }
  | { readonly type: "failed"; readonly reason: unknown; readonly isIgnored: boolean };

/** A request of the system protocol, see sys.ts. */
export type SystemRequest =
  | { readonly do: "suspend" }
  | { readonly do: "resume" }
  | { readonly do: "get_state" }
  | { readonly do: "replace_state"; readonly state: unknown }
  | { readonly do: "get_status" }
  | { readonly do: "terminate"; readonly reason: unknown };

/** How a system request travels. */
export interface SystemMessage {
  readonly type: "system";
  readonly from: From<unknown>;
  readonly request: SystemRequest;
}

type Phase = "init" | "handle" | "terminate";

/** The end that a behaviour is heading for. */
interface Ending {
  readonly reason: unknown;
  /** What was thrown, where something was; it leaves the body again, so that the report has its stack. */
  readonly thrown: unknown;
}

/** The running part of one behaviour process. */
export abstract class BehaviourBody implements Body {
  protected readonly process: Process;
  readonly #acknowledge: Acknowledge<StartAnswer>;
  /** Whose EXIT is an order to stop: the starter, if it is linked. */
  readonly #parent: Process | null;
  #phase: Phase = "init";
  #hasBegun = false;
  /** Whether what is thrown now is the end itself. */
  #isOver = false;
  #isSuspended = false;
  #callback: Generator<unknown, unknown, void> | null = null;
  #ending: Ending | null = null;
  /** The message being handled, for the crash report. */
  protected handling: unknown = undefined;

  constructor(process: Process, acknowledge: Acknowledge<StartAnswer>, isLinked: boolean) {
    this.process = process;
    this.#acknowledge = acknowledge;
    this.#parent = isLinked ? process.parent : null;
  }

  /** Calls the init callback. */
  protected abstract callInit(): unknown;
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
  /** State for `getState` and the crash report. */
  protected abstract get visibleState(): unknown;
  protected abstract set visibleState(state: unknown);
  /** Drops what the failed callback had half done. */
  protected abstract rollBack(): void;

  next(): IteratorResult<unknown, unknown> {
    try {
      return this.#advance();
    } catch (thrown) {
      if (this.#isOver) throw thrown;
      return this.#failed(thrown);
    }
  }

  /** For the crash report: the message in hand and the state before it. */
  crashDetails(): { readonly handling: unknown; readonly state: unknown } {
    return { handling: this.handling, state: this.visibleState };
  }

  /** Heads for the end with `reason`, after the present callback. */
  protected stopWith(reason: unknown): void {
    this.#ending ??= { reason, thrown: undefined };
  }

  /** Whether it is heading for its end. */
  protected get isStopping(): boolean {
    return this.#ending !== null;
  }

  #advance(): IteratorResult<unknown, unknown> {
    if (this.#callback !== null) {
      const step = this.#callback.next();
      // A step of a generator is whatever the operation inside returned: it goes to the scheduler as it is.
      if (step.done !== true) return step;
      this.#callback = null;
      this.#conclude(step.value);
    } else if (!this.#hasBegun) {
      this.#hasBegun = true;
      this.#begin(this.callInit());
    }
    return this.#loop();
  }

  #loop(): IteratorResult<unknown, unknown> {
    for (;;) {
      if (this.#callback !== null) return this.#advance();
      if (this.#ending !== null) {
        if (this.#phase === "terminate") return this.#end(this.#ending);
        this.#phase = "terminate";
        this.#begin(this.callTerminate(this.#ending.reason));
        continue;
      }
      const stopped = this.#handleNext();
      if (stopped !== null) return stopped;
    }
  }

  /** @returns what stops the loop here, or null to go on */
  #handleNext(): IteratorResult<unknown, unknown> | null {
    if (--cpu.reductions < 0) return PREEMPTED;
    const first = this.#isSuspended ? null : this.handleBeforeMailbox();
    if (first !== null) {
      this.#begin(first.value);
      return null;
    }
    const envelope = this.process.head;
    if (this.#isSuspended) return this.#handleSystemOnly();
    if (envelope !== null) {
      this.#take(take(this.process, null, envelope));
      return null;
    }
    const instead = this.whenIdle();
    if (instead !== null) {
      this.#begin(instead.value);
      return null;
    }
    this.process.awaiting = null;
    return WAIT;
  }

  #take(message: unknown): void {
    if (isSystemMessage(message)) this.#system(message);
    else if (this.#parent !== null && isExitOf(message, this.#parent)) this.stopWith(message.reason);
    else {
      this.handling = message;
      this.#begin(this.handle(message));
    }
  }

  /** While suspended ordinary messages stay where they are; system messages and the parent's end are served. */
  #handleSystemOnly(): IteratorResult<unknown, unknown> | null {
    let before = null;
    for (let at = this.process.head; at !== null; at = at.next) {
      if (isSystemMessage(at.value) || (this.#parent !== null && isExitOf(at.value, this.#parent))) {
        this.#take(take(this.process, before, at));
        return null;
      }
      before = at;
    }
    this.process.awaiting = null;
    return WAIT;
  }

  #begin(value: unknown): void {
    if (typeof value === "object" && value !== null && isGenerator(value)) this.#callback = value;
    else this.#conclude(value);
  }

  #conclude(value: unknown): void {
    switch (this.#phase) {
      case "init":
        this.#started(this.initialised(value));
        break;
      case "handle":
        this.handled(value);
        this.handling = undefined;
        break;
      case "terminate":
        break;
    }
  }

  #started(answer: StartAnswer): void {
    this.#phase = "handle";
    if (answer.type === "failed") {
      // A process that never was ready has nothing to terminate.
      this.#phase = "terminate";
      this.stopWith(answer.isIgnored ? "normal" : answer.reason);
      this.#releaseName();
    }
    this.#acknowledge(answer);
  }

  #failed(thrown: unknown): IteratorResult<unknown, unknown> {
    this.#callback = null;
    if (!(thrown instanceof Error)) return this.#thrownValue(thrown);
    this.rollBack();
    const reason = thrown instanceof ExitException ? thrown.reason : thrown;
    if (this.#phase === "init") {
      this.#isOver = true;
      this.#releaseName();
      this.#acknowledge({ type: "failed", reason, isIgnored: false });
      throw thrown;
    }
    // A terminate callback that fails replaces the reason.
    this.#ending = { reason, thrown };
    return this.next();
  }

  /** As in OTP, a thrown value that is no error counts as what the callback returned. */
  #thrownValue(value: unknown): IteratorResult<unknown, unknown> {
    try {
      this.#conclude(value);
    } catch (error) {
      return this.#failed(error instanceof Error ? error : new Error(String(error)));
    }
    return this.next();
  }

  #end({ reason, thrown }: Ending): IteratorResult<unknown, unknown> {
    this.#isOver = true;
    this.afterTerminate();
    if (thrown !== undefined) throw thrown;
    if (!isOrderly(reason)) throw new ExitException(reason);
    if (reason === "normal") return finished(undefined);
    doom(this.process, reason);
    return GONE;
  }

  #releaseName(): void {
    const { node } = this.process;
    const name = node.names.nameOf(this.process);
    if (name !== undefined) node.names.unregister(name);
  }

  #system({ from, request }: SystemMessage): void {
    switch (request.do) {
      case "suspend":
      case "resume":
        this.#isSuspended = request.do === "suspend";
        reply(from, "ok");
        return;
      case "get_state":
        reply(from, this.visibleState);
        return;
      case "replace_state":
        this.visibleState = request.state;
        reply(from, this.visibleState);
        return;
      case "get_status":
        reply(from, { status: this.#isSuspended ? "suspended" : "running", state: this.visibleState });
        return;
      case "terminate":
        this.stopWith(request.reason);
        // Monitors tell the caller when it is done.
        return;
    }
  }
}

function isSystemMessage(message: unknown): message is SystemMessage {
  return (
    typeof message === "object" &&
    message !== null &&
    "type" in message &&
    message.type === "system" &&
    "from" in message &&
    "request" in message
  );
}
