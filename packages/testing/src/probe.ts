// A process that keeps what it is sent, for a test to look at.

import { brief, type Pid, type Self, spawnOpt, type Suspension } from "@krarup/core";
import { matches } from "@krarup/core/internal";
import type { Machine } from "./machine.ts";
import type { Clockwork } from "./time/clockwork.ts";
import type { Agenda } from "./time/agenda.ts";

/** How long a probe waits. */
export interface WaitOptions {
  /** Milliseconds of virtual time; default 5,000. */
  readonly withinMs?: number;
}

/** Milliseconds of virtual time that a probe waits, unless an option says otherwise. */
const WAIT_MS = 5_000;

/** A process under the eyes of a test. See {@link Simulation.probe}. */
export class Probe {
  /** What others send to. */
  readonly pid: Pid<unknown>;
  readonly #agenda: Agenda;
  readonly #clockwork: Clockwork;
  readonly #messages: unknown[] = [];

  /** @internal */
  constructor(machine: Machine, agenda: Agenda, clockwork: Clockwork) {
    this.#agenda = agenda;
    this.#clockwork = clockwork;
    const keep = (message: unknown): void => void this.#messages.push(message);
    const body = function* probe(self: Self<unknown>): Generator<Suspension, void, void> {
      for (;;) keep(yield* self.receive());
    };
    this.pid = spawnOpt(body, [], { node: machine.node, daemon: true });
  }

  /** What has come and was not taken, the oldest first. */
  get messages(): readonly unknown[] {
    return this.#messages;
  }

  /**
   * Takes the oldest message that has everything that `pattern` names, as a selective receive does; without a pattern the oldest of all.
   * Others stay. Time goes on until there is one.
   *
   * @throws an `Error` that shows what has come instead, when none comes within `withinMs`
   */
  async next(pattern?: unknown, { withinMs = WAIT_MS }: WaitOptions = {}): Promise<unknown> {
    const untilMs = this.#agenda.nowMs + withinMs;
    await this.#clockwork.settle();
    for (;;) {
      const at = this.#messages.findIndex((message) => pattern === undefined || matches(pattern, message));
      if (at >= 0) return this.#messages.splice(at, 1)[0];
      if (!(await this.#clockwork.step(untilMs))) throw new Error(this.#complaint(pattern, withinMs));
    }
  }

  /** Lets `ms` milliseconds go by. @throws an `Error` when a message comes, or is there already */
  async isSilent(ms: number): Promise<void> {
    await this.#clockwork.advance(ms);
    const [first] = this.#messages;
    if (first !== undefined) throw new Error(`A message has come where none was expected: ${brief(first)}`);
  }

  #complaint(pattern: unknown, withinMs: number): string {
    const wanted = pattern === undefined ? "No message" : `No message like ${brief(pattern)}`;
    const others = this.#messages.map((message) => brief(message)).join(", ");
    return `${wanted} has come within ${withinMs} ms; what has come: ${others === "" ? "nothing" : others}`;
  }
}
