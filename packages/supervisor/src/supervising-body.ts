// What both kinds of supervisor are: a behaviour that traps exits, answers requests one at a time, counts restarts and gives up.
//
//   EXIT of a child ──► childEnded ──► a verdict ──► performed here, or in a generator when something must be waited for
//   request ──────────► serve ────────► reply
//   try_again ────────► tryAgain        a restart that failed is tried again through a message to itself, so that requests get in between
//   EXIT of the parent, stop ─────────► endChildren, then the end (the loop in core does that)

import {
  type AnyPid,
  cancelTimer,
  type Exit,
  type From,
  type Ref,
  type Request,
  send,
  sendAfter,
  type SupervisorDecision,
  type Suspension,
} from "@krarup/core";
import { BehaviourBody, type Process, recordOf, type StartAnswer } from "@krarup/core/internal";
import { type CheckedBackOff, Waits } from "./back-off.ts";
import type { CheckedChildSpec } from "./child-spec.ts";
import type { Child } from "./child-table.ts";
import type { ChildCount, ListedChild } from "./management.ts";
import { reportError, reportUnexpected } from "./reports.ts";
import { RestartWindow } from "./restart-intensity.ts";
import type { EndVerdict, Strategy } from "./strategy.ts";
import type { RestartIntensity } from "./supervisor-spec.ts";

/** A step that may have to wait for processes. */
export type Step<T = void> = Generator<Suspension, T, void>;

/** The message with which a supervisor reminds itself of a failed restart. */
export interface TryAgain {
  readonly type: "try_again_restart";
  /** The id of the child, or the pid it had. */
  readonly key: unknown;
}

/** What the observer sees of a supervisor. */
export interface Supervision extends Required<RestartIntensity> {
  readonly strategy: Strategy | "dynamic";
  /** In start order. */
  readonly children: readonly ListedChild[];
}

/** Tells the starter that all is well. */
export const READY: StartAnswer = { type: "ready" };

/** The running part of one supervisor. */
export abstract class SupervisingBody<Q> extends BehaviourBody {
  readonly #restarts: RestartWindow;
  readonly #limits: Required<RestartIntensity>;
  /** A dynamic child has the same spec after a restart, and another pid. */
  readonly #waits = new WeakMap<CheckedChildSpec, Waits>();
  /** Timers by the key of the child that will be restarted. */
  readonly #reminders = new Map<unknown, Ref>();

  constructor(
    process: Process,
    acknowledge: (answer: StartAnswer) => void,
    isLinked: boolean,
    limits: Required<RestartIntensity>,
  ) {
    super(process, acknowledge, isLinked);
    this.#restarts = new RestartWindow(limits.intensity, limits.periodMs);
    this.#limits = limits;
  }

  /** Read from outside, without asking the process. */
  get supervision(): Supervision {
    const { intensity, periodMs } = this.#limits;
    return { strategy: this.strategy, intensity, periodMs, children: this.listChildren().toReversed() };
  }

  /** Who is restarted together with a child. */
  protected abstract get strategy(): Supervision["strategy"];
  /** Starts the children that are there from the beginning. */
  protected abstract startChildren(): Step<StartAnswer> | StartAnswer;
  /** A linked process has ended. */
  protected abstract childEnded(pid: AnyPid, reason: unknown): Step | undefined;
  /** Another attempt at a restart that failed. */
  protected abstract tryAgain(key: unknown): Step | undefined;
  /** Does what `request` asks. @returns the answer */
  protected abstract serve(request: Q): Step<unknown>;
  /** Ends all children. */
  protected abstract endChildren(): Step;
  /** All children, in start order. */
  protected abstract get children(): Iterable<Child>;

  /** The log waits for it when a child has crashed. */
  get judgesChildren(): boolean {
    return true;
  }

  protected override callInit(): Step<StartAnswer> | StartAnswer {
    this.process.trapExit();
    return this.startChildren();
  }

  protected override initialised(value: unknown): StartAnswer {
    // It is what startChildren returned.
    return value as StartAnswer;
  }

  protected override handle(message: unknown): Step | undefined {
    if (isOfType<Exit>(message, "EXIT")) return this.childEnded(message.pid, message.reason);
    // Only `ask` makes requests, and its types are those of the supervisor that is asked.
    if (isOfType<Request<Q, unknown>>(message, "$gen_call")) return this.#answer(message.from, message.request);
    if (isOfType<TryAgain>(message, "try_again_restart")) {
      this.#reminders.delete(message.key);
      return this.tryAgain(message.key);
    }
    reportUnexpected(this.process, message);
    return undefined;
  }

  protected override callTerminate(): Step {
    return this.endChildren();
  }

  /** What comes of the end of a child that was running as `pid`; a restart that is made at once is counted. */
  protected decide({ spec }: Child, pid: AnyPid, verdict: EndVerdict["do"]): SupervisorDecision {
    if (verdict === "forget") return { do: "forget", restart: spec.restart };
    if (spec.backOff !== undefined)
      return { do: "restart_later", delayMs: this.#delayOf(spec, spec.backOff, ageOf(pid)) };
    return this.#countRestart();
  }

  #countRestart(): SupervisorDecision {
    const isTolerated = this.#restarts.add(this.process.node.now());
    const { intensity, periodMs } = this.#limits;
    const count = { restarts: this.#restarts.count, intensity, periodMs };
    return isTolerated ? { do: "restart", strategy: this.strategy, ...count } : { do: "give_up", ...count };
  }

  /** Counts another attempt to restart `child`. @returns false when it is one too many: then the supervisor heads for its end */
  protected countRestart(child: Child): boolean {
    if (this.#countRestart().do === "restart") return true;
    this.giveUp(child);
    return false;
  }

  /** Heads for the end, as `child` was one restart too many. */
  protected giveUp(child: Child): void {
    reportError(this.process, "shutdown", "reached_max_restart_intensity", child);
    this.stopWith("shutdown");
  }

  /** Sends itself the reminder to start the child known as `key`, which did not come up: at once, or after the wait that its spec wants. */
  protected remind(key: unknown, spec: CheckedChildSpec): void {
    if (spec.backOff === undefined) send<TryAgain>(this.process, { type: "try_again_restart", key });
    else this.remindAfter(this.#delayOf(spec, spec.backOff, 0), key);
  }

  /** Sends itself the reminder to start the child known as `key` in `delayMs`. */
  protected remindAfter(delayMs: number, key: unknown): void {
    const former = this.#reminders.get(key);
    if (former !== undefined) cancelTimer(former);
    const reminder: TryAgain = { type: "try_again_restart", key };
    this.#reminders.set(key, sendAfter(delayMs, this.process, reminder));
  }

  #delayOf(spec: CheckedChildSpec, backOff: CheckedBackOff, upMs: number): number {
    const waits = this.#waits.get(spec) ?? new Waits(backOff);
    this.#waits.set(spec, waits);
    return waits.next(upMs, this.process.node.platform.random());
  }

  /** Newest first, as OTP lists them. */
  protected listChildren(): ListedChild[] {
    return [...this.children].map(({ spec, pid }) => ({ id: spec.id, pid, type: spec.type })).reverse();
  }

  protected countChildren(isActive: (child: Child) => boolean): ChildCount {
    const count = { specs: 0, active: 0, supervisors: 0, workers: 0 };
    for (const child of this.children) {
      count.specs++;
      if (isActive(child)) count.active++;
      if (child.spec.type === "supervisor") count.supervisors++;
      else count.workers++;
    }
    return count;
  }

  protected override handled(): void {}
  protected override handleBeforeMailbox(): null {
    return null;
  }
  protected override whenIdle(): null {
    return null;
  }
  protected override afterTerminate(): void {}
  protected override rollBack(): void {}

  /** What inspection shows. */
  protected override get ownState(): unknown {
    return { children: this.listChildren(), restarts: this.#restarts.count };
  }

  /** The state of a supervisor is its children, which nobody can replace from outside. */
  protected override set ownState(_state: unknown) {}

  *#answer(from: From<unknown>, request: Q): Step {
    this.answer(from, yield* this.serve(request));
  }
}

function isOfType<T extends { readonly type: string }>(message: unknown, type: T["type"]): message is T {
  return typeof message === "object" && message !== null && "type" in message && message.type === type;
}

/** Milliseconds since `pid` was made, running or not. */
function ageOf(pid: AnyPid): number {
  const { node, bornAt } = recordOf(pid);
  return node.now() - bornAt;
}
