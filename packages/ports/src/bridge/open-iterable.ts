// An AsyncIterable of any values as a port.

import type { Operation } from "@krarup/core";
import { isolate } from "@krarup/core/internal";
import { misuse } from "../port/check-options.ts";
import { openPacketPort, type PacketOptions } from "../port/open-port.ts";
import { codeOf, type PortError } from "../port/port-error.ts";
import type { Port } from "../port/port-protocol.ts";
import type { Value } from "../port/value-framing.ts";
import { noBytes, PacketSource } from "./packet-source.ts";

/**
 * Makes a port of an iterable: what it yields is read, or comes in `data` messages, as a {@link Value}.
 *
 * @remarks
 * The iterable is asked for its next value when somebody wants one, so that it is held up by a slow process. Its end is `"closed"`; its error,
 * an error with the error's `code` in small letters, or `"unknown"`; a value that is no plain data, `"err_not_sendable"`. When the port ends
 * first, `return` of the iterator is called once.
 *
 * @returns the port, which belongs to this process
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` at once, for what is no AsyncIterable
 *
 * @example
 * ```ts
 * import { spawn } from "@krarup/core";
 * import { openIterable, orExit, read } from "@krarup/ports";
 *
 * async function* countdown() {
 *   yield 2;
 *   yield 1;
 * }
 *
 * spawn(function* () {
 *   const port = yield* orExit(openIterable(countdown()));
 *   yield* read(port); // => { type: "value", value: 2 }
 * });
 * ```
 */
export function openIterable<T>(
  iterable: AsyncIterable<T>,
  options: PacketOptions = {},
): Operation<Port<Value<T>> | PortError> {
  if (typeof iterable !== "object" || iterable === null || !(Symbol.asyncIterator in iterable))
    throw misuse("the iterable must be an AsyncIterable", iterable);
  const attempt = { kind: "iterable", action: "open an iterable", timeoutMs: "infinity" } as const;
  return openPacketPort(attempt, options, () => new IterableDriver(iterable[Symbol.asyncIterator]()), noBytes);
}

/** Holds one value at most. */
class IterableDriver<T> extends PacketSource<Value<T>> {
  readonly label = "iterable";
  readonly #iterator: AsyncIterator<T>;
  #next: Value<T> | null = null;
  #isAsking = false;
  #isOver = false;

  constructor(iterator: AsyncIterator<T>) {
    super();
    this.#iterator = iterator;
  }

  read(): Value<T> | null {
    const next = this.#next;
    this.#next = null;
    if (next === null && !this.#isAsking && !this.#isOver) this.#ask();
    return next;
  }

  destroy(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    // Whether the iterator regrets its end is of no interest to anybody any more.
    void Promise.resolve(this.#iterator.return?.()).catch(() => undefined);
  }

  #ask(): void {
    this.#isAsking = true;
    this.#iterator.next().then(
      (step) => this.#answered(step),
      (error: unknown) => this.#failed(error),
    );
  }

  #answered({ done, value }: IteratorResult<T, unknown>): void {
    this.#isAsking = false;
    if (done === true) this.#isOver = this.hasEnded = true;
    else this.#keep(value);
    this.changed();
  }

  /** A copy, so that what cannot be sent is found here. */
  #keep(value: unknown): void {
    try {
      // What an iterator yields when it is not done is a T, and so is its copy.
      this.#next = { type: "value", value: isolate(value) as T };
    } catch (error) {
      this.destroy();
      this.readFailure = codeOf(error);
    }
  }

  #failed(error: unknown): void {
    this.#isAsking = false;
    this.#isOver = true;
    this.readFailure = codeOf(error);
    this.changed();
  }
}
