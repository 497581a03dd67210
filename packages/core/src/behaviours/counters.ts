import { currentNode } from "../kernel/current.ts";
import { KrarupError, show } from "../values/errors.ts";
import { Ref } from "../values/ref.ts";

/**
 * An array of numbers that many processes count in.
 *
 * @remarks
 * It is a ref: it travels in messages as it is, and whoever has it may read and write. It lives as long as somebody has it; no process
 * owns it. For 64-bit words, and to compare and exchange, see {@link AtomicArray}.
 *
 * **Cost.** O(1), without a copy or a message; 8 bytes for each counter.
 *
 * @example
 * ```ts
 * import { Counters } from "@krarup/core";
 *
 * const traffic = Counters.create(2);
 * traffic.add(0, 10);
 * traffic.sub(1, 1);
 * [traffic.get(0), traffic.get(1)]; // => [10, -1]
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/erts/counters.html | counters}. Differs from OTP: the first counter has index 0; and counters are
 * integers within 2^53, beyond which they refuse to go, instead of 64-bit integers that wrap: so they are plain numbers.
 */
export class Counters extends Ref {
  // The integers within 2^53 are exactly those that a float64 can count through.
  readonly #counts: Float64Array;

  private constructor(size: number) {
    super(currentNode().nextRefId());
    this.#counts = new Float64Array(size);
  }

  /** Makes `size` counters that stand at 0. @see {@link https://www.erlang.org/doc/apps/erts/counters.html#new/2 | counters:new/2} */
  static create(size: number): Counters {
    if (!Number.isSafeInteger(size) || size < 1)
      throw new KrarupError(
        "ERR_BAD_ARGUMENT",
        `Cannot create counters as their number must be an integer >= 1: current value is ${show(size)}`,
        size,
      );
    return new Counters(size);
  }

  /** How many there are. */
  get size(): number {
    return this.#counts.length;
  }

  /** Reads a counter. @see {@link https://www.erlang.org/doc/apps/erts/counters.html#get/2 | counters:get/2} */
  get(index: number): number {
    const count = this.#counts[index];
    if (count === undefined) throw this.#noSuchCounter(index);
    return count;
  }

  /** Sets a counter. @see {@link https://www.erlang.org/doc/apps/erts/counters.html#put/3 | counters:put/3} */
  put(index: number, value: number): void {
    if (!Number.isSafeInteger(value))
      throw new KrarupError(
        "ERR_BAD_ARGUMENT",
        `Cannot set a counter as it must be an integer within 2^53: current value is ${show(value)}`,
        value,
      );
    if (!(index in this.#counts)) throw this.#noSuchCounter(index);
    this.#counts[index] = value;
  }

  /**
   * Adds to a counter.
   *
   * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` when there is no such counter, or when it would not be an integer within 2^53; then it stays as
   * it is
   * @see {@link https://www.erlang.org/doc/apps/erts/counters.html#add/3 | counters:add/3}
   */
  add(index: number, increment: number): void {
    this.put(index, this.get(index) + increment);
  }

  /** Subtracts from a counter, as {@link Counters.add} adds. @see {@link https://www.erlang.org/doc/apps/erts/counters.html#sub/3 | counters:sub/3} */
  sub(index: number, decrement: number): void {
    this.add(index, -decrement);
  }

  #noSuchCounter(index: unknown): KrarupError {
    return new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot use a counter as the index must be from 0 to ${this.size - 1}: current value is ${show(index)}`,
      index,
    );
  }
}
