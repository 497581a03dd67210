import { currentNode } from "../kernel/current.ts";
import { KrarupError, show } from "../values/errors.ts";
import { Ref } from "../values/ref.ts";

/** How an {@link AtomicArray} is made. */
export interface AtomicOptions {
  /** Whether the words count from -2^63 to 2^63 - 1 (default), or, with false, from 0 to 2^64 - 1. */
  readonly isSigned?: boolean;
}

/**
 * An array of 64-bit integers that many processes read and change: OTP's `atomics`.
 *
 * @remarks
 * It is a ref: it travels in messages as it is, and whoever has it may read and write. It lives as long as somebody has it; no process owns
 * it. Sums beyond 64 bits wrap around. The words are bigints, because a number holds 53 bits only; for plain counting {@link Counters} are
 * quicker.
 *
 * **Ordering.** Processes of a node run one at a time: each operation is atomic, and all see the same order.
 * **Cost.** O(1), without a message; 8 bytes for each word, and a bigint for each answer.
 *
 * @example
 * ```ts
 * import { AtomicArray } from "@krarup/core";
 *
 * const word = AtomicArray.create(1);
 * word.addGet(0, 5n); // => 5n
 * word.compareExchange(0, 5n, 9n); // => "ok"
 * word.compareExchange(0, 5n, 1n); // => 9n
 * word.exchange(0, 0n); // => 9n
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/erts/atomics.html | atomics}. Differs from OTP: the first word has index 0; and the name is not
 * that of JavaScript's own `Atomics`.
 */
export class AtomicArray extends Ref {
  readonly #words: BigInt64Array | BigUint64Array;

  private constructor(arity: number, isSigned: boolean) {
    super(currentNode().nextRefId());
    this.#words = isSigned ? new BigInt64Array(arity) : new BigUint64Array(arity);
  }

  /** Makes `arity` words that are 0. @see {@link https://www.erlang.org/doc/apps/erts/atomics.html#new/2 | atomics:new/2} */
  static create(arity: number, { isSigned = true }: AtomicOptions = {}): AtomicArray {
    if (!Number.isSafeInteger(arity) || arity < 1)
      throw new KrarupError(
        "ERR_BAD_ARGUMENT",
        `Cannot create atomics as their number must be an integer >= 1: current value is ${show(arity)}`,
        arity,
      );
    return new AtomicArray(arity, isSigned);
  }

  /** How many words there are. */
  get size(): number {
    return this.#words.length;
  }

  /** The smallest integer a word can be. */
  get min(): bigint {
    return this.#words instanceof BigInt64Array ? -(2n ** 63n) : 0n;
  }

  /** The largest integer a word can be. */
  get max(): bigint {
    return this.#words instanceof BigInt64Array ? 2n ** 63n - 1n : 2n ** 64n - 1n;
  }

  /** Reads a word. */
  get(index: number): bigint {
    const word = this.#words[index];
    if (word === undefined)
      throw new KrarupError(
        "ERR_BAD_ARGUMENT",
        `Cannot use a word as the index must be from 0 to ${this.size - 1}: current value is ${show(index)}`,
        index,
      );
    return word;
  }

  /** Sets a word. @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for what is not from `min` to `max` */
  put(index: number, value: bigint): void {
    this.exchange(index, value);
  }

  /** Adds to a word. An increment may be negative, whatever the words are. */
  add(index: number, increment: bigint): void {
    this.addGet(index, increment);
  }

  /** Adds to a word. @returns what it is now */
  addGet(index: number, increment: bigint): bigint {
    requireBigint(increment);
    // The array takes the sum modulo 2^64.
    this.#words[index] = this.get(index) + increment;
    return this.get(index);
  }

  /** Subtracts from a word. */
  sub(index: number, decrement: bigint): void {
    this.subGet(index, decrement);
  }

  /** Subtracts from a word. @returns what it is now */
  subGet(index: number, decrement: bigint): bigint {
    requireBigint(decrement);
    return this.addGet(index, -decrement);
  }

  /** Sets a word. @returns what it was */
  exchange(index: number, desired: bigint): bigint {
    requireBigint(desired);
    const before = this.get(index);
    if (desired < this.min || desired > this.max)
      throw new KrarupError(
        "ERR_BAD_ARGUMENT",
        `Cannot set a word as it must be from ${this.min} to ${this.max}: current value is ${desired}`,
        desired,
      );
    this.#words[index] = desired;
    return before;
  }

  /** Sets a word to `desired` if it is `expected`. @returns `"ok"`, or what it is instead */
  compareExchange(index: number, expected: bigint, desired: bigint): "ok" | bigint {
    const actual = this.get(index);
    if (actual !== expected) return actual;
    this.exchange(index, desired);
    return "ok";
  }
}

function requireBigint(value: unknown): void {
  if (typeof value !== "bigint")
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot change a word as a bigint is needed: current value is ${show(value)}`,
      value,
    );
}
