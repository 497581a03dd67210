// Programs made by chance: a few processes, each with a list of things to do.

import { seededRandom } from "@krarup/core/manual";

/** One thing that a process does. `to` counts through the processes there are. */
export type Step = Act | Wait | Try;

/** Done at once. */
export type Act =
  | { readonly do: "send" | "link" | "unlink" | "monitor"; readonly to: number }
  | { readonly do: "timer"; readonly to: number; readonly ms: number }
  | { readonly do: "signal"; readonly to: number; readonly reason: string }
  | { readonly do: "exit"; readonly reason: string }
  | { readonly do: "trap"; readonly on: boolean }
  | { readonly do: "spawn"; readonly how: "alone" | "linked" | "monitored"; readonly steps: readonly Step[] }
  | { readonly do: "demonitor" | "register" | "cancel" | "throw" };

/** An operation. */
export type Wait =
  | { readonly do: "receive" | "sleep" | "serve"; readonly ms: number }
  | { readonly do: "select"; readonly kind: number; readonly ms: number }
  | { readonly do: "call"; readonly to: number; readonly ms: number }
  | { readonly do: "yield" | "stay" };

export interface Try {
  readonly do: "try";
  readonly catches: boolean;
  readonly steps: readonly Step[];
  readonly finally: readonly Step[];
}

const WAITS: ReadonlySet<Step["do"]> = new Set<Wait["do"]>([
  "receive",
  "sleep",
  "serve",
  "select",
  "call",
  "yield",
  "stay",
]);

/** Whether `step` is an operation. */
export function isWait(step: Act | Wait): step is Wait {
  return WAITS.has(step.do);
}

export interface Script {
  readonly isAsync: boolean;
  readonly steps: readonly Step[];
}

export type Program = readonly Script[];

/** How often each kind of step occurs. */
const WEIGHTS: Readonly<Record<Step["do"], number>> = {
  send: 8,
  receive: 6,
  select: 4,
  sleep: 2,
  yield: 3,
  link: 4,
  unlink: 1,
  monitor: 4,
  demonitor: 1,
  trap: 2,
  register: 1,
  call: 3,
  serve: 3,
  timer: 2,
  cancel: 1,
  signal: 1,
  spawn: 2,
  throw: 0.5,
  exit: 0.7,
  try: 3,
  stay: 0,
};

/**
 * What only a process on the processor can do, and an async body after its first await is not. A signal is among them because what one
 * async body ends while another is about to go on takes one step more.
 */
const NEEDS_PROCESSOR: ReadonlySet<Step["do"]> = new Set([
  "link",
  "unlink",
  "monitor",
  "demonitor",
  "spawn",
  "serve",
  "call",
  "signal",
]);

const REASONS = ["normal", "shutdown", "bad", "kill"];

/** The program that belongs to `seed`. */
export function randomProgram(seed: number): Program {
  const writer = new Writer(seed);
  return Array.from({ length: 2 + writer.below(4) }, () => writer.script());
}

class Writer {
  readonly #random: () => number;
  #isAsync = false;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  script(): Script {
    this.#isAsync = this.below(5) === 0;
    const steps = this.#steps(3 + this.below(6), 2);
    return { isAsync: this.#isAsync, steps: this.below(2) === 0 ? steps : [...steps, { do: "stay" }] };
  }

  #steps(count: number, depth: number): Step[] {
    return Array.from({ length: count }, () => this.#step(depth));
  }

  #kind(depth: number): Step["do"] {
    // The record's keys are the kinds.
    const kinds = (Object.keys(WEIGHTS) as Step["do"][]).filter(
      (kind) => (depth > 0 || (kind !== "try" && kind !== "spawn")) && !(this.#isAsync && NEEDS_PROCESSOR.has(kind)),
    );
    let left = this.#random() * kinds.reduce((sum, kind) => sum + WEIGHTS[kind], 0);
    return kinds.find((kind) => (left -= WEIGHTS[kind]) < 0) ?? "yield";
  }

  #step(depth: number): Step {
    const kind = this.#kind(depth);
    const [to, ms] = [this.below(8), this.below(4) * 10];
    switch (kind) {
      case "send":
      case "link":
      case "unlink":
      case "monitor":
        return { do: kind, to };
      case "receive":
      case "sleep":
      case "serve":
        return { do: kind, ms };
      case "select":
        return { do: kind, kind: this.below(3), ms };
      case "call":
      case "timer":
        return { do: kind, to, ms: ms + 5 };
      case "signal":
        return { do: kind, to, reason: this.#reason() };
      case "exit":
        return { do: kind, reason: this.#reason() };
      case "trap":
        return { do: kind, on: this.below(3) > 0 };
      case "spawn":
        return {
          do: kind,
          how: (["alone", "linked", "monitored"] as const)[this.below(3)] ?? "alone",
          steps: this.#steps(1 + this.below(4), depth - 1),
        };
      case "try":
        return {
          do: kind,
          catches: this.below(2) === 0,
          steps: this.#steps(1 + this.below(3), depth - 1),
          finally: this.#steps(this.below(3), 0),
        };
      case "yield":
      case "demonitor":
      case "register":
      case "cancel":
      case "throw":
      case "stay":
        return { do: kind };
    }
  }

  #reason(): string {
    return REASONS[this.below(REASONS.length)] ?? "bad";
  }
}
