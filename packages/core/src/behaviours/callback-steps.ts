// What a callback may return instead of its value: something that comes to it.

import { isGenerator } from "../kernel/async-body.ts";
import { KernelOperation } from "../kernel/operation.ts";
import { KrarupError } from "../values/errors.ts";

/** Steps of a callback that waits; their last is its value. */
export type CallbackSteps = Iterator<unknown, unknown, void> & Iterable<unknown, unknown, void>;

/**
 * The steps in what a callback returned: a started generator, or an operation. Null for a value.
 *
 * A promise is refused. What is behind the first `await` of an async callback would run beside the next messages, and what a server promises, one
 * thing at a time, would be gone without a word.
 */
export function stepsIn(returned: unknown): CallbackSteps | null {
  if (typeof returned !== "object" || returned === null) return null;
  if (isGenerator(returned) || returned instanceof KernelOperation) return returned;
  if ("then" in returned && typeof returned.then === "function")
    throw new KrarupError(
      "ERR_BAD_RETURN",
      "Cannot go on as a callback returned a promise: write it as a generator function, and wait by yield* self().await(promise)",
      returned,
    );
  return null;
}
