// The loop of a state machine, which both forms of gen_statem share.
//
// A transition is one callback for an event and, if the state changes, one enter call into the new state. What their verdicts ask for is
// collected and done at the end of it:
//
//   event ──► callback ──► verdict ──┬───────────────────────────────┬──► 1. the event is postponed, or done with
//                          replies   └─► enter call ──► verdict ─────┘    2. changed: retry what was postponed, cancel the state time-out
//                          at once       may not postpone, insert,        3. cancel the event time-out: this was an event
//                                        change the state                 4. set the time-outs
//                                                                         5. insert the inserted events, before everything
//
// The next event is taken from there first: inserted, retried, then time-outs that are due, then the mailbox.

import type { Process } from "../../kernel/process.ts";
import { BehaviourBody, type StartAnswer } from "../behaviour-body.ts";
import type { Acknowledge } from "../proc-lib.ts";
import { isSameTerm } from "../same-term.ts";
import { eventOf, type StatemEvent } from "./statem-event.ts";
import { EventQueue } from "./statem-queue.ts";
import { StatemTimeouts, type TimeoutRequest } from "./statem-timeouts.ts";
import { badReturn, type StatemStep, type Verdict } from "./statem-verdict.ts";

type Going = Extract<Verdict, { readonly do: "go" }>;

/** A transition that has begun. */
interface Transition {
  /** What is handled; null for the one that init begins. */
  readonly event: StatemEvent | null;
  /** The state it left. */
  readonly from: unknown;
  changes: boolean;
  postpones: boolean;
  readonly inserted: StatemEvent[];
  readonly timeouts: TimeoutRequest[];
}

/** A running state machine. */
export abstract class StatemBody extends BehaviourBody {
  readonly #queue = new EventQueue();
  readonly #timeouts: StatemTimeouts;
  /** What init decided, until the starter has been told that all is ready. */
  #first: Going | null = null;
  #transition: Transition | null = null;
  #isEnterDue = false;
  /** The event or enter call in hand, for the crash report. */
  #inHand: unknown = undefined;
  /** Whether the callback that runs is an enter call. */
  protected isEntering = false;
  /** The state it is in. */
  protected currentState: unknown = undefined;

  constructor(process: Process, acknowledge: Acknowledge<StartAnswer>, isLinked: boolean) {
    super(process, acknowledge, isLinked);
    this.#timeouts = new StatemTimeouts(process);
  }

  /** Whether there are enter calls at all. */
  protected abstract get hasEnterCalls(): boolean;
  /** Calls the callback for `event` in the present state. */
  protected abstract callState(event: StatemEvent): unknown;
  /** Calls the callback for having entered the present state from `old`. */
  protected abstract callEnter(old: unknown): unknown;
  /** What the callback decided by returning `value`. */
  protected abstract judge(value: unknown): Verdict;
  /** Data beside the state. */
  protected abstract takeData(data: unknown): void;

  /** Begins with what init decided: into the first state, from itself. */
  protected begin(state: unknown, data: unknown, steps: readonly StatemStep[]): void {
    this.currentState = state;
    this.takeData(data);
    this.#first = { do: "go", state, data, repeats: true, steps };
  }

  protected override handle(message: unknown): unknown {
    return this.#dispatch(this.#timeouts.takeExpired(message) ?? eventOf(message));
  }

  protected override handleBeforeMailbox(): { readonly value: unknown } | null {
    if (this.#first !== null) this.#goFirst(this.#first);
    if (this.#isEnterDue) return { value: this.#enter() };
    const event = this.#queue.take() ?? this.#timeouts.takeDue();
    return event === null ? null : { value: this.#dispatch(event) };
  }

  protected override whenIdle(): null {
    return null;
  }

  protected override handled(value: unknown): void {
    const verdict = this.judge(value);
    switch (verdict.do) {
      case "fail":
        throw badReturn(verdict);
      case "stop":
        this.takeData(verdict.data);
        for (const step of verdict.steps) this.#perform(step);
        this.stopWith(verdict.reason);
        break;
      case "go":
        this.#go(verdict);
        break;
    }
    this.#inHand = undefined;
  }

  protected override get handling(): unknown {
    return this.#inHand;
  }

  protected override afterTerminate(): void {
    // Replies went out before terminate: nothing is left to do.
  }

  #goFirst(first: Going): void {
    this.#first = null;
    this.#transition = startOf(null, this.currentState);
    this.#go(first);
  }

  #dispatch(event: StatemEvent): unknown {
    this.#inHand = event;
    this.#transition = startOf(event, this.currentState);
    return this.callState(event);
  }

  #enter(): unknown {
    this.#isEnterDue = false;
    this.isEntering = true;
    const old = this.#transition?.from;
    this.#inHand = { type: "enter", content: old };
    return this.callEnter(old);
  }

  #go({ state, data, repeats, steps }: Going): void {
    const changes = !isSameTerm(state, this.currentState);
    if (changes && this.#transition !== null) this.#transition.changes = true;
    // A state that is equal keeps its identity.
    if (changes) this.currentState = state;
    this.takeData(data);
    // A step that is none fails here: in the new state, with the new data, as in OTP.
    for (const step of steps) this.#perform(step);
    this.isEntering = false;
    this.#isEnterDue = this.hasEnterCalls && (changes || repeats);
    if (!this.#isEnterDue) this.#conclude();
  }

  #perform(step: StatemStep): void {
    const transition = this.#transition;
    if (transition === null) return;
    switch (step.do) {
      case "reply":
        this.answer(step.to, step.value);
        return;
      case "postpone":
        transition.postpones = step.postpones;
        return;
      case "insert":
        transition.inserted.push(step.event);
        return;
      case "timeout":
        transition.timeouts.push(step.request);
        return;
      case "nothing":
        return;
      case "fail":
        throw badReturn(step);
    }
  }

  #conclude(): void {
    const transition = this.#transition;
    if (transition === null) return;
    this.#transition = null;
    if (transition.postpones && transition.event !== null) this.#queue.postpone(transition.event);
    if (transition.changes) {
      this.#queue.retry();
      this.#timeouts.cancel("state_timeout");
    }
    this.#timeouts.cancel("timeout");
    this.#timeouts.apply(transition.timeouts);
    this.#queue.insert(transition.inserted);
  }
}

function startOf(event: StatemEvent | null, from: unknown): Transition {
  return { event, from, changes: false, postpones: false, inserted: [], timeouts: [] };
}
