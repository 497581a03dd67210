/**
 * A typed key of the process dictionary.
 *
 * @remarks
 * Two keys are the same exactly when they are `===`, so a module that keeps its key to itself keeps its entry to itself.
 *
 * @typeParam T - values stored under the key
 */
export interface DictionaryKey<in out T> {
  /** Shown by `processInfo`. */
  readonly name: string;
  /** Exists for the type checker only. */
  readonly holds?: ((value: T) => T) | undefined;
}

/**
 * Makes a key for `self.put`, `self.get` and `self.erase`.
 *
 * @example
 * ```ts
 * import { dictionaryKey, spawn } from "@krarup/core";
 *
 * const requestId = dictionaryKey<number>("request_id");
 * spawn(function* (self) {
 *   self.put(requestId, 17);
 *   self.get(requestId); // => 17
 * });
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#put/2 | erlang:put/2}
 */
export function dictionaryKey<T>(name: string): DictionaryKey<T> {
  return { name };
}
