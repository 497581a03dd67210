// Operations that wait several times, written as generators.
//
// A flat object is faster (see kernel/operation.ts), so what every program does all the time is one. What starts a
// process or two anyway may be read from top to bottom instead.

import { KernelOperation, type Operation, type Suspension } from "../kernel/operation.ts";

/** What a procedure consists of: it may wait, and returns `T`. */
export type Steps<T> = Generator<Suspension, T, void>;

/** Makes an operation of several waits, one after the other. Each use runs `steps` anew. */
export function procedure<T>(steps: () => Steps<T>): Operation<T> {
  return new Procedure(steps);
}

class Procedure<T> extends KernelOperation<T> {
  readonly #steps: () => Steps<T>;
  #running: Steps<T> | null = null;

  constructor(steps: () => Steps<T>) {
    super();
    this.#steps = steps;
  }

  override next(): IteratorResult<Suspension, T> {
    const running = this.#running ?? this.#steps();
    // One that throws has come to its end as well.
    this.#running = null;
    const step = running.next();
    if (step.done !== true) this.#running = running;
    return step;
  }
}
