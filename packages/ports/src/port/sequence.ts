import type { Suspension } from "@krarup/core";
import { KernelOperation, type Process, requireProcess } from "@krarup/core/internal";

/** Several waits, one after the other. */
export type Steps<T> = Generator<Suspension, T, void>;

/**
 * One operation made of several, to `yield*` or to `await`.
 *
 * A level of generators costs 15 ns for each wait, which beside a system call is nothing.
 *
 * @param begin - called with the process that waits, each time the operation is used
 */
export function sequence<T>(begin: (process: Process) => Steps<T>): KernelOperation<T> {
  return new Sequence(begin);
}

class Sequence<T> extends KernelOperation<T> {
  readonly #begin: (process: Process) => Steps<T>;
  #steps: Steps<T> | null = null;

  constructor(begin: (process: Process) => Steps<T>) {
    super();
    this.#begin = begin;
  }

  override next(): IteratorResult<Suspension, T> {
    this.#steps ??= this.#begin(requireProcess("wait for a port"));
    const steps = this.#steps;
    // Whatever comes of the step, the operation can be used again once it is over.
    this.#steps = null;
    const step = steps.next();
    if (step.done !== true) this.#steps = steps;
    return step;
  }
}
