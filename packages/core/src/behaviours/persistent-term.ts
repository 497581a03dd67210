import { immutable } from "../mechanisms/immutable.ts";
import { isolate } from "../mechanisms/isolate.ts";
import { currentNode } from "../kernel/current.ts";
import type { Node } from "../kernel/node.ts";
import { KrarupError, show } from "../values/errors.ts";
import { standInFor } from "./table/table-key.ts";

/** Stands for a default that was not given. */
const NONE: unique symbol = Symbol("none");

const terms = new WeakMap<Node, Map<unknown, unknown>>();

/**
 * Constants of a node: written once, read by everybody without a copy.
 *
 * @remarks
 * For what hardly ever changes: configuration, dispatch tables, handles of {@link Counters}. What changes often belongs into a {@link Table}.
 *
 * @see {@link https://www.erlang.org/doc/apps/erts/persistent_term.html | persistent_term}
 */
export interface PersistentTerm {
  /**
   * Stores `value`, made immutable, under `key`, in place of what was there.
   *
   * **Cost.** O(size of the value); unlike in OTP an update costs no process anything.
   *
   * @throws {@link KrarupError} `ERR_NOT_SENDABLE` for what cannot be made immutable: a Map, a Set, a Date, a typed array, an Error
   */
  put(key: unknown, value: unknown): "ok";
  /**
   * The value under `key`.
   *
   * **Cost.** O(1), whatever its size; a key that is an array or an object costs a walk over it.
   *
   * @typeParam T - the caller's claim, which nothing checks
   * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` when there is none
   */
  get<T>(key: unknown): T;
  /** The value under `key`, or `defaultValue`, as it is. */
  get<T, D>(key: unknown, defaultValue: D): T | D;
  /** Forgets `key`. @returns whether there was a value */
  erase(key: unknown): boolean;
  /** How many there are. */
  info(): { readonly count: number };
}

/**
 * The constants of the running process's node.
 *
 * @example
 * ```ts
 * import { persistentTerm } from "@krarup/core";
 *
 * persistentTerm.put(["shop", "currency"], { code: "DKK", digits: 2 });
 * persistentTerm.get<{ code: string }>(["shop", "currency"]).code; // => "DKK"
 * persistentTerm.erase(["shop", "currency"]); // => true
 * persistentTerm.get(["shop", "currency"], "none"); // => "none"
 * ```
 */
export const persistentTerm: PersistentTerm = {
  put(key, value) {
    const place = standInFor(isolate(key));
    termsOf(currentNode()).set(place, immutable(isolate(value)));
    return "ok";
  },

  get<T>(key: unknown, defaultValue: T | typeof NONE = NONE): T {
    const found = termsOf(currentNode());
    const place = standInFor(isolate(key));
    // The type is the caller's claim.
    if (found.has(place)) return found.get(place) as T;
    if (defaultValue !== NONE) return defaultValue;
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot get the persistent term ${show(key)} as there is none: put it first, or give a default`,
      key,
    );
  },

  erase(key) {
    return termsOf(currentNode()).delete(standInFor(isolate(key)));
  },

  info() {
    return { count: termsOf(currentNode()).size };
  },
};

function termsOf(node: Node): Map<unknown, unknown> {
  const found = terms.get(node) ?? new Map<unknown, unknown>();
  terms.set(node, found);
  return found;
}
