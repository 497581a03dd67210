// The time-outs of a state machine.
//
// What is set for 0 ms is never a timer: it is due at once, behind the events that wait inside the machine and before every message that is
// still in the mailbox. What is set for longer is a timer of the node, whose message tells by its ref which time-out it is. One that has
// been taken back may have sent its message already; then that message is taken out of the mailbox, so a cancelled time-out never happens.

import type { Process } from "../../kernel/process.ts";
import { SEND_TIMEOUT, type Timer } from "../../kernel/timer.ts";
import { dropTagged } from "../../mechanisms/mailbox.ts";
import { isSameTerm } from "../same-term.ts";
import type { StatemEvent, TimeoutType } from "./statem-event.ts";

/** What to do with one time-out. */
export type TimeoutRequest =
  | { readonly set: "start"; readonly type: TimeoutType; readonly ms: number; readonly content: unknown }
  | { readonly set: "start_at"; readonly type: TimeoutType; readonly deadlineMs: number; readonly content: unknown }
  | { readonly set: "update"; readonly type: TimeoutType; readonly content: unknown }
  | { readonly set: "cancel"; readonly type: TimeoutType };

interface Running {
  readonly type: TimeoutType;
  readonly content: unknown;
  /** Null when it is due. */
  readonly timer: Timer | null;
}

/** The time-outs of one machine that have not happened yet. */
export class StatemTimeouts {
  readonly #process: Process;
  /** In the order they were set. */
  readonly #running: Running[] = [];

  constructor(process: Process) {
    this.#process = process;
  }

  /** Does what is asked; of several requests for the same time-out the last counts. */
  apply(requests: readonly TimeoutRequest[]): void {
    requests.forEach((request, index) => {
      const isOverruled = requests.some((later, at) => at > index && isSameTerm(later.type, request.type));
      if (!isOverruled) this.#applyOne(request);
    });
  }

  /** Takes a time-out back; no matter if there is none. */
  cancel(type: TimeoutType): void {
    if (this.#running.length === 0) return;
    const at = this.#indexOf(type);
    if (at >= 0) this.#drop(at);
  }

  /** The next time-out that is due, if one is. */
  takeDue(): StatemEvent | null {
    if (this.#running.length === 0) return null;
    return this.#takeAt(this.#running.findIndex(({ timer }) => timer === null));
  }

  /** The time-out whose timer sent `message`, if one did. */
  takeExpired(message: unknown): StatemEvent | null {
    if (this.#running.length === 0 || typeof message !== "object" || message === null) return null;
    if (!("type" in message) || message.type !== "timeout" || !("ref" in message)) return null;
    const { ref } = message;
    return this.#takeAt(this.#running.findIndex(({ timer }) => timer !== null && timer === ref));
  }

  #applyOne(request: TimeoutRequest): void {
    const { type } = request;
    const at = this.#indexOf(type);
    if (request.set === "update" && at >= 0) {
      const running = this.#running[at];
      if (running !== undefined) this.#running[at] = { ...running, content: request.content };
      return;
    }
    if (at >= 0) this.#drop(at);
    // To update what does not run is to have it at once.
    if (request.set !== "cancel")
      this.#running.push({ type, content: request.content, timer: this.#timerFor(request) });
  }

  #timerFor(request: Exclude<TimeoutRequest, { readonly set: "cancel" }>): Timer | null {
    const { timers } = this.#process.node;
    switch (request.set) {
      case "update":
        return null;
      case "start":
        return request.ms === 0 ? null : timers.start(this.#process, request.ms, SEND_TIMEOUT, request.type);
      case "start_at":
        return timers.startAt(this.#process, request.deadlineMs, SEND_TIMEOUT, request.type);
    }
  }

  #indexOf(type: TimeoutType): number {
    return this.#running.findIndex((running) => isSameTerm(running.type, type));
  }

  #takeAt(at: number): StatemEvent | null {
    const [taken] = at < 0 ? [] : this.#running.splice(at, 1);
    return taken === undefined ? null : { type: taken.type, content: taken.content };
  }

  #drop(at: number): void {
    const [dropped] = this.#running.splice(at, 1);
    const timer = dropped?.timer ?? null;
    if (timer === null) return;
    const { timers } = this.#process.node;
    if (timers.isPending(timer)) timers.drop(timer);
    else dropTagged(this.#process, timer);
  }
}
