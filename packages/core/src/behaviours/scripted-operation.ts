// Operations that wait several times, written as generators.
//
// A flat object is faster (see kernel/operation.ts), so what every program does all the time is one. What starts a process or two anyway may
// be read from top to bottom instead.

import { finished, KernelOperation, type Operation, type Suspension } from "../kernel/operation.ts";

/** What a scripted operation consists of: it may wait, and returns `T`. */
export type Script<T> = Generator<Suspension, T, void>;

/** The operation that runs `script` from its beginning each time it is waited for. */
export function operation<T>(script: () => Script<T>): Operation<T> {
  return new ScriptedOperation(script);
}

class ScriptedOperation<T> extends KernelOperation<T> {
  readonly #script: () => Script<T>;
  #running: Script<T> | null = null;

  constructor(script: () => Script<T>) {
    super();
    this.#script = script;
  }

  override next(): IteratorResult<Suspension, T> {
    const running = (this.#running ??= this.#script());
    const step = this.#advance(running);
    if (step.done !== true) return step;
    this.#running = null;
    return finished(step.value);
  }

  #advance(running: Script<T>): IteratorResult<Suspension, T> {
    try {
      return running.next();
    } catch (error) {
      this.#running = null;
      throw error;
    }
  }
}
