// Async functions as process bodies, for convenience. The kernel cannot stop, count or reorder what happens between two awaits of
// such a body; at each `await operation` it can. Each wait costs a turn of the event loop.

import { KrarupError } from "../values/errors.ts";
import { ASYNC, type Body, isLiving, NO_MESSAGE, type Process } from "./process.ts";
import { finished, KernelOperation, type Suspension, WAIT } from "./operation.ts";
import type { OwnerTracking } from "./platform.ts";
import type { ReceiveOperation } from "./receive.ts";

type Settled = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

interface PendingOperation {
  readonly operation: KernelOperation<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Who can say for which process code outside a slice acts: the owner tracking of every platform on which a process had a body that was no
 * generator function. While there is none, no such code exists.
 */
export const asyncOwners: Set<OwnerTracking> = new Set();

/** Any function as a body: it is called when the process first runs, and its result decides what kind of body it is. */
export class FunctionBody implements Body {
  readonly #process: Process;
  readonly #call: () => unknown;

  constructor(process: Process, call: () => unknown) {
    this.#process = process;
    this.#call = call;
    process.flags |= ASYNC;
    asyncOwners.add(process.node.platform.owner);
  }

  next(): IteratorResult<unknown, unknown> {
    const process = this.#process;
    const result = this.#call();
    if (isGenerator(result)) {
      process.flags &= ~ASYNC;
      process.body = result;
      return result.next();
    }
    if (!isPromise(result)) return finished(result);
    const body = new AsyncBody(process, result);
    process.body = body;
    return body.next();
  }
}

/** A running async function. */
class AsyncBody implements Body {
  readonly #process: Process;
  #pending: PendingOperation | null = null;
  #settled: Settled | null = null;

  constructor(process: Process, result: PromiseLike<unknown>) {
    this.#process = process;
    result.then(
      (value) => this.#settle({ ok: true, value }),
      (error: unknown) => this.#settle({ ok: false, error }),
    );
  }

  next(): IteratorResult<unknown, unknown> {
    if (this.#settled !== null) return this.#end(this.#settled);
    if (this.#pending !== null) {
      const step = this.#advance(this.#pending);
      if (step !== null) return step;
    }
    this.#process.awaiting = NO_MESSAGE;
    return WAIT;
  }

  /** What `await operation` inside the function does. */
  run<T>(operation: KernelOperation<T>): Promise<T> {
    if (this.#pending !== null) {
      return Promise.reject(
        new KrarupError(
          "ERR_BUSY_PROCESS",
          `Cannot wait for two things at once in ${String(this.#process)}: await one operation before the next`,
        ),
      );
    }
    const outcome = new Promise<T>((resolve, reject) => {
      // The pending operation hands `resolve` exactly the values that the operation itself returns.
      this.#pending = { operation, resolve: resolve as (value: unknown) => void, reject };
      this.#process.node.scheduler.wakeIfWaiting(this.#process);
    });
    // The operation finishes in a slice; if the process is ended later in the same turn, the function must not go on.
    return outcome.then(
      (value) => (isLiving(this.#process) ? value : new Promise<never>(() => undefined)),
      (error: unknown) => (isLiving(this.#process) ? Promise.reject(error) : new Promise<never>(() => undefined)),
    );
  }

  /** @returns what stops the process here, or null when the operation has come to its end */
  #advance({ operation, resolve, reject }: PendingOperation): IteratorResult<Suspension, unknown> | null {
    try {
      const step = operation.next();
      if (step.done !== true) return step;
      resolve(step.value);
    } catch (error) {
      reject(error);
    }
    this.#pending = null;
    return null;
  }

  #end(settled: Settled): IteratorResult<unknown, unknown> {
    if (settled.ok) return finished(settled.value);
    throw settled.error;
  }

  #settle(settled: Settled): void {
    this.#settled = settled;
    const process = this.#process;
    if (process.body === this) process.node.scheduler.wakeIfWaiting(process);
    else if (!settled.ok) process.node.reportStray(settled.error, process);
  }
}

/** `operation`, tied to an async `process`, so that `await` knows for whom it waits. */
export function bound<T>(process: Process, operation: KernelOperation<T> | ReceiveOperation<T>): ReceiveOperation<T> {
  return new BoundOperation(process, operation);
}

class BoundOperation<T> implements ReceiveOperation<T> {
  readonly #process: Process;
  readonly #operation: KernelOperation<T> | ReceiveOperation<T>;

  constructor(process: Process, operation: KernelOperation<T> | ReceiveOperation<T>) {
    this.#process = process;
    this.#operation = operation;
  }

  after(ms: number | "infinity"): ReceiveOperation<T> {
    if (!("after" in this.#operation))
      throw new KrarupError("ERR_BAD_ARGUMENT", "Cannot bound this operation as only a receive has an after");
    // `after` of a receive returns an operation of the kernel: bind it again.
    return new BoundOperation(this.#process, this.#operation.after(ms) as KernelOperation<T>);
  }

  [Symbol.iterator](): Iterator<Suspension, T, void> {
    return this.#operation[Symbol.iterator]();
  }

  then<A = T, B = never>(
    onDone?: ((value: T) => A | PromiseLike<A>) | null,
    onFailed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    // Only operations of the kernel are ever bound.
    return runFor(this.#process, this.#operation as KernelOperation<T>).then(onDone, onFailed);
  }
}

/** Runs `operation` on behalf of an async `process`. After the process has ended the promise stays pending for ever. */
export function runFor<T>(process: Process, operation: KernelOperation<T>): Promise<T> {
  const { body } = process;
  if (body instanceof AsyncBody) return body.run(operation);
  if (body instanceof FunctionBody) return Promise.resolve().then(() => runFor(process, operation));
  return new Promise<T>(() => undefined);
}

/** Whether `value` is a started generator. */
export function isGenerator(value: unknown): value is Generator<unknown, unknown, void> {
  return (
    typeof value === "object" && value !== null && "next" in value && Symbol.iterator in value && !("then" in value)
  );
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
