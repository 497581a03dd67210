// Events that a state machine has taken out of its mailbox, or made itself, and has not done with.
//
//   postponed            waiting                     mailbox
//   e1 e2 ───retry()──►  inserted, retried, …  ──►   what nobody has taken yet
//
// A state change retries: the postponed events go before all that wait, in the order they arrived. Inserted events go before those. The
// mailbox comes last.

import type { StatemEvent } from "./statem-event.ts";

/** The waiting and the postponed events of one machine. */
export class EventQueue {
  /** The next one is last, so that inserting in front is a push. */
  readonly #waiting: StatemEvent[] = [];
  /** Oldest first. */
  #postponed: StatemEvent[] = [];

  /** Takes the next event. */
  take(): StatemEvent | undefined {
    return this.#waiting.pop();
  }

  /** Puts `events` in front, the first of them first. */
  insert(events: readonly StatemEvent[]): void {
    for (let i = events.length - 1; i >= 0; i--) {
      const event = events[i];
      if (event !== undefined) this.#waiting.push(event);
    }
  }

  /** Keeps `event` until the state changes. */
  postpone(event: StatemEvent): void {
    this.#postponed.push(event);
  }

  /** Puts everything postponed in front, oldest first. */
  retry(): void {
    if (this.#postponed.length === 0) return;
    const postponed = this.#postponed;
    this.#postponed = [];
    this.insert(postponed);
  }
}
