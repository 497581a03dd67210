import { KernelOperation } from "@krarup/core/internal";
import type { Operation, Suspension } from "@krarup/core";
import type { Step } from "./supervising-body.ts";

/** Makes an operation of several waits, one after the other. Each use runs `steps` anew. */
export function procedure<T>(steps: () => Step<T>): Operation<T> {
  return new Procedure(steps);
}

class Procedure<T> extends KernelOperation<T> {
  readonly #steps: () => Step<T>;
  #running: Step<T> | null = null;

  constructor(steps: () => Step<T>) {
    super();
    this.#steps = steps;
  }

  override next(): IteratorResult<Suspension, T> {
    const running = (this.#running ??= this.#steps());
    this.#running = null;
    const step = running.next();
    if (step.done !== true) this.#running = running;
    return step;
  }
}
