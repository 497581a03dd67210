import type { Matching, Pattern } from "../mechanisms/pattern.ts";
import type { Pid } from "../values/pid.ts";
import type { Ref } from "../values/ref.ts";
import type { Exit } from "../values/system-messages.ts";
import type { DictionaryKey } from "./dictionary.ts";
import type { Operation, Suspension } from "./operation.ts";
import type { CancelSignal } from "./platform.ts";
import type { ReceiveOperation } from "./receive.ts";

/**
 * A process as its own body sees it: its pid, and what only it may do.
 *
 * @remarks
 * A `Self` is the pid itself: send it to others as it is. Each method works for the running process only; an operation it
 * returns is waited for with `yield*` in a generator body and with `await` in an async body.
 *
 * @typeParam M - messages the body receives, system messages (`Exit`, `Down`, `Timeout`) among them
 */
export interface Self<in out M = never> extends Pid<M> {
  /**
   * Takes the oldest message; waits when there is none.
   *
   * **Waiting.** This process, until a message comes; `.after(ms)` bounds it.
   * **Cost.** O(1).
   *
   * @see {@link https://www.erlang.org/doc/system/expressions.html#receive | Erlang, receive}
   */
  receive(): ReceiveOperation<M>;
  /**
   * Takes the oldest message that came through `ref`: a reply, a timer's message, a `Down`, a message sent to an alias.
   *
   * **Cost.** O(1) however many other messages wait, when the ref is fresh.
   */
  receive(ref: Ref): ReceiveOperation<unknown>;
  /** Takes the oldest message that `guard` accepts. A guard that throws does not match, as in Erlang. */
  receive<N extends M>(guard: (message: M) => message is N): ReceiveOperation<N>;
  /** Takes the oldest message that `guard` accepts. A guard that throws does not match, as in Erlang. */
  receive(guard: (message: M) => boolean): ReceiveOperation<M>;
  /**
   * Takes the oldest message that has everything `pattern` names; the others stay, in order.
   *
   * **Cost.** O(messages looked at), each once per wait. A pattern that names a ref made while messages were waiting starts behind
   * them.
   */
  receive<const P extends Pattern<M>>(pattern: P): ReceiveOperation<Matching<M, P>>;

  /** Waits for `ms` milliseconds, up to 2^47. Messages stay in the mailbox. */
  sleep(ms: number): Operation<void>;

  /**
   * Lets the others have a turn: always when called without `reductions`; otherwise it spends that many and gives way only when
   * the slice is used up, which is what a long loop wants.
   */
  yield(reductions?: number): Operation<void>;

  /**
   * Waits for a promise of the outside world; only this process waits.
   *
   * @remarks
   * Given a function, it is called with a signal that aborts when this process ends, for whatever reason. A rejection is thrown
   * here; uncaught, it becomes the exit reason. A result that comes after the process has ended is dropped.
   */
  await<T>(promise: PromiseLike<T> | ((signal: CancelSignal) => PromiseLike<T>)): Operation<T>;

  /**
   * Sends this process an exit signal from itself: it acts before it returns, and no `catch` or `finally` sees it.
   *
   * @returns true, if the process traps exits and `reason` is not `"kill"`: then the signal is a message
   */
  signal(reason: unknown): Operation<true>;

  /**
   * From now on exit signals arrive as `Exit` messages (or, with `false`, end the process again).
   *
   * Does not compile for a process whose messages do not include {@link Exit}.
   *
   * @returns the setting before
   * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#process_flag/2 | erlang:process_flag/2}
   */
  trapExit(
    this: Exit extends M ? Self<M> : "Exit must be among the messages of this process, as in Self<M | Exit>",
    on?: boolean,
  ): boolean;

  /** Names this process for people: any plain value, shown by inspection. */
  setLabel(label: unknown): void;

  /** Stores `value` in the process dictionary. @returns what was there before */
  put<T>(key: DictionaryKey<T>, value: T): T | undefined;
  /** Reads the process dictionary. */
  get<T>(key: DictionaryKey<T>): T | undefined;
  /** Removes from the process dictionary. @returns what was there */
  erase<T>(key: DictionaryKey<T>): T | undefined;
}

/** What a process can run: a generator function, or, for convenience, an async or a plain one. */
export type ProcessBody<M, A extends readonly unknown[]> = (
  self: Self<M>,
  ...args: A
) => Generator<Suspension, unknown, void> | PromiseLike<unknown> | void;
