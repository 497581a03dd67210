// Immutability: what is frozen all the way down is shared instead of copied.

import { KrarupError } from "../values/errors.ts";
import { MESSAGE_DEPTH_MAX, MESSAGE_NODES_MAX } from "../values/limits.ts";
import { Identity } from "../values/identity.ts";
import { describe, objectPrototype, pathTo, refusalOfPrimitive } from "./plain-data.ts";

/** What has been found immutable all the way down. */
const verified = new WeakSet<object>();

/** Parts that the walk under way may still look at. */
let nodesLeft = 0;

/** Whether `value` is known to be immutable all the way down. */
export function isImmutable(value: object): boolean {
  return verified.has(value);
}

/** Notes that `value` is immutable all the way down, so that it is shared from now on where it is part of what is frozen. */
export function markImmutable(value: unknown): void {
  if (typeof value === "object" && value !== null) verified.add(value);
}

/** Whether a frozen plain object or array is frozen all the way down and holds nothing but plain data. */
export function isShareable(value: object): boolean {
  if (verified.has(value)) return true;
  nodesLeft = MESSAGE_NODES_MAX;
  if (!isDeeplyFrozen(value, MESSAGE_DEPTH_MAX)) return false;
  verified.add(value);
  return true;
}

function isDeeplyFrozen(value: unknown, depthLeft: number): boolean {
  if (typeof value === "function" || typeof value === "symbol") return false;
  if (typeof value !== "object" || value === null || value instanceof Identity || verified.has(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (depthLeft === 0 || --nodesLeft < 0 || !Object.isFrozen(value)) return false;
  if (prototype !== objectPrototype && !Array.isArray(value)) return false;
  return Object.values(Object.getOwnPropertyDescriptors(value)).every(
    (property) => "value" in property && isDeeplyFrozen(property.value, depthLeft - 1),
  );
}

/**
 * Freezes plain data all the way down, in place, so that sending it shares it instead of copying it.
 *
 * @remarks
 * Use it for what is sent often or is large: configuration, lookup tables, cached rows. From then on a send of `value`, or
 * of a message that contains it, costs the same whatever its size.
 *
 * **Cost.** O(size), once.
 *
 * @returns `value` itself
 * @throws {@link KrarupError} `ERR_NOT_SENDABLE` when `value` contains something that JavaScript cannot make immutable (a Map,
 * a Set, a Date, a typed array) or that cannot be sent at all
 *
 * @example
 * ```ts
 * import { immutable } from "@krarup/core";
 *
 * const prices = immutable({ tea: 3, coffee: 4 });
 * Object.isFrozen(prices); // => true
 * ```
 */
export function immutable<const T>(value: T): T {
  nodesLeft = MESSAGE_NODES_MAX;
  const problem = freezeAll(value, "value", MESSAGE_DEPTH_MAX);
  if (problem !== null) throw new KrarupError("ERR_NOT_SENDABLE", `Cannot make immutable as ${problem}`, value);
  if (typeof value === "object" && value !== null) isShareable(value);
  return value;
}

/** Freezes from the leaves up. @returns what stands in the way, or null */
function freezeAll(value: unknown, path: string, depthLeft: number): string | null {
  if (typeof value !== "object" || value === null) return refusalOfPrimitive(value, path);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (value instanceof Identity || verified.has(value)) return null;
  if (depthLeft === 0 || --nodesLeft < 0)
    return `${path} is nested deeper than ${MESSAGE_DEPTH_MAX} levels, contains itself or is too large`;
  if (prototype !== objectPrototype && !Array.isArray(value))
    return `${path} is ${describe(value)}, which can change while frozen`;
  for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    const inner = pathTo(path, key, Array.isArray(value));
    const problem = "value" in property ? freezeAll(property.value, inner, depthLeft - 1) : `${inner} is a getter`;
    if (problem !== null) return problem;
  }
  Object.freeze(value);
  return null;
}
