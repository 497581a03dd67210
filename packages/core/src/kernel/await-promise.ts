import { cpu } from "./cpu.ts";
import type { CancelSignal } from "./platform.ts";
import { notInProcess, operationInUse } from "./misuse.ts";
import { finished, KernelOperation, type Suspension, WAIT } from "./operation.ts";
import { isLiving, NO_MESSAGE, type Process } from "./process.ts";

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/** Parks the process until a foreign promise settles; aborts the promise's work when the process ends first. */
export class AwaitPromise<T> extends KernelOperation<T> {
  readonly #source: PromiseLike<T> | ((signal: CancelSignal) => PromiseLike<T>);
  #process: Process | null = null;
  #outcome: Outcome<T> | null = null;

  constructor(source: PromiseLike<T> | ((signal: CancelSignal) => PromiseLike<T>)) {
    super();
    this.#source = source;
  }

  override next(): IteratorResult<Suspension, T> {
    const process = cpu.process;
    if (process === null) throw notInProcess("await");
    if (this.#process !== process) this.#start(process);
    const outcome = this.#outcome;
    if (outcome === null) {
      process.awaiting = NO_MESSAGE;
      return WAIT;
    }
    this.#process = null;
    this.#outcome = null;
    if (outcome.ok) return finished(outcome.value);
    throw outcome.error;
  }

  #start(process: Process): void {
    // Whoever waited before must have ended.
    if (this.#process !== null && isLiving(this.#process)) throw operationInUse(this.#process);
    this.#process = process;
    this.#outcome = null;
    const promise =
      typeof this.#source === "function" ? this.#source(process.node.cancelSignalOf(process)) : this.#source;
    let isSettled = false;
    const settle = (outcome: Outcome<T>): void => {
      // A foreign thenable may settle twice; by then this operation may wait for another.
      if (isSettled) return;
      isSettled = true;
      if (this.#process === process) this.#outcome = outcome;
      // A result that comes after the process has ended is dropped.
      if (isLiving(process)) process.node.scheduler.wakeIfWaiting(process);
    };
    promise.then(
      (value) => settle({ ok: true, value }),
      (error: unknown) => settle({ ok: false, error }),
    );
  }
}
