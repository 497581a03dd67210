import type { Agenda } from "../time/agenda.ts";

/** A moment of virtual time by which something must have happened. */
export class Deadline {
  readonly #agenda: Agenda;
  #cancel: () => void = () => undefined;

  constructor(agenda: Agenda) {
    this.#agenda = agenda;
  }

  /** From now on it is `act` in `ms` milliseconds, and what it was before does not count. */
  set(ms: number | "infinity", act: () => void): void {
    this.clear();
    if (ms !== "infinity") this.#cancel = this.#agenda.after(ms, act);
  }

  clear(): void {
    this.#cancel();
  }
}
