// Operations: everything a process can wait for is one kind of object, which works in two worlds.
//
//   yield* op     inside a generator body: the delegated iterator hands the kernel's suspension straight to the scheduler
//   await op      in an async body, or outside any process: `then` runs the operation on behalf of a process
//
// `yield*` over a hand-written iterator costs 1.06 to 1.24 times a bare `yield`; over a generator method it would cost 2 times
// and 160 bytes more per waiting process. So operations are flat objects and never generators. The result objects below are
// shared: `yield*` reads them before anything else can run.

declare const suspended: unique symbol;

/** What a process body yields: only operations can make one, so a stray `yield` does not compile. */
export interface Suspension {
  readonly [suspended]: true;
}

/**
 * Something a process can wait for.
 *
 * @remarks
 * Inside a generator body write `yield* operation`; in an async body, or outside any process, `await operation`. Nothing happens
 * before one of the two. An operation that has finished may be used again.
 *
 * @typeParam T - what the wait returns
 */
export interface Operation<T> extends PromiseLike<T> {
  [Symbol.iterator](): Iterator<Suspension, T, void>;
}

/** What `next` of an operation or body returns when the process stops here until something happens. */
export const WAIT: IteratorYieldResult<Suspension> = suspension();

/** What it returns when the process could go on but its slice is over. */
export const PREEMPTED: IteratorYieldResult<Suspension> = suspension();

/** What it returns when the process has come to its end and must never be resumed. */
export const GONE: IteratorYieldResult<Suspension> = suspension();

function suspension(): IteratorYieldResult<Suspension> {
  // The value is never looked at: the scheduler compares the result objects themselves.
  return { done: false, value: undefined as unknown as Suspension };
}

const result: { done: true; value: unknown } = { done: true, value: undefined };

/** The shared result with which an operation hands `value` to `yield*`. */
export function finished<T>(value: T): IteratorReturnResult<T> {
  result.value = value;
  // The same object serves every type; its reader knows which operation it came from.
  return result as IteratorReturnResult<T>;
}

/** Runs an operation for code that stands outside the scheduler. Set once, when the kernel loads. */
let runOutside: <T>(operation: KernelOperation<T>) => Promise<T>;

/** Tells operations how `await` runs them. Called once by the kernel. */
export function declareOutsideRunner(run: <T>(operation: KernelOperation<T>) => Promise<T>): void {
  runOutside = run;
}

/** The base of every operation of the kernel: its own iterator. */
export abstract class KernelOperation<T> implements Operation<T>, Iterator<Suspension, T, void> {
  /** Goes as far as possible for the running process; called again each time the process is resumed. */
  abstract next(): IteratorResult<Suspension, T>;

  [Symbol.iterator](): this {
    return this;
  }

  /** What `await` calls. */
  then<A = T, B = never>(
    onDone?: ((value: T) => A | PromiseLike<A>) | null,
    onFailed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return runOutside(this).then(onDone, onFailed);
  }
}
