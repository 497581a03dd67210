// Isolation: nothing mutable is ever shared between processes.
//
// What may travel is plain data: primitives, plain objects and arrays, Map, Set, Date, typed arrays and
// ArrayBuffers, Error, pids and refs. A message is copied at the send, in the sender, by the loop below: about 40 ns for a
// small message, where structuredClone takes 1,000 and carries the whole memory pool behind a 3-byte Buffer along.
//
// A deeply frozen plain tree is immutable, so it is shared: it is verified once and remembered. Frozen Maps, Sets, Dates and
// typed arrays are not immutable in JavaScript and are always copied.
//
// The copying loop carries no path. When it meets something that must not travel it stops, and `explain` (refusal.ts) walks the
// message a second time to name the place. So the good case pays nothing for good errors.
//
// Two things cannot be told from plain data at that price: a getter is read once, in the sender, and its value travels; so is
// a proxy, through its traps (which is what makes an immer draft sendable). See docs/decisions/0004-isolation.md.

import { MESSAGE_BYTES_MAX, MESSAGE_DEPTH_MAX, MESSAGE_NODES_MAX } from "../values/limits.ts";
import { Identity } from "../values/identity.ts";
import { copyBuffer, copyView, whileMoving } from "./copy-bytes.ts";
import { copyError } from "./copy-error.ts";
import { isShareable } from "./immutable.ts";
import { defineOwn, isForeignPlain, objectPrototype, type PlainObject, REFUSED } from "./plain-data.ts";
import { explain } from "./refusal.ts";

/** How much one message may hold. */
export interface MessageLimits {
  readonly depth: number;
  readonly nodes: number;
  readonly bytes: number;
}

/** The limits in force, in levels, objects and bytes. */
export const MESSAGE_LIMITS: MessageLimits = {
  depth: MESSAGE_DEPTH_MAX,
  nodes: MESSAGE_NODES_MAX,
  bytes: MESSAGE_BYTES_MAX,
};

const { getPrototypeOf, isFrozen } = Object;

let nodesLeft = 0;
let bytesLeft = 0;

/**
 * A value that shares nothing mutable with `value`.
 *
 * @throws {@link KrarupError} `ERR_NOT_SENDABLE` or `ERR_MESSAGE_LIMIT`, naming the path
 */
export function isolate(value: unknown): unknown {
  if (typeof value !== "object") {
    if (typeof value === "function" || typeof value === "symbol") throw explain(value);
    return value;
  }
  if (value === null) return null;
  nodesLeft = MESSAGE_NODES_MAX;
  bytesLeft = MESSAGE_BYTES_MAX;
  try {
    return copy(value, MESSAGE_DEPTH_MAX);
  } catch (refusal) {
    throw refusal === REFUSED ? explain(value) : explain(value, { cause: refusal });
  }
}

/** Isolates each of `parts` in place: for an array that nobody else holds. Each part has the limits of a message. */
export function isolateParts(parts: unknown[]): readonly unknown[] {
  for (let i = 0; i < parts.length; i++) parts[i] = isolate(parts[i]);
  return parts;
}

/**
 * As {@link isolate}, but the ArrayBuffers in `transfer` are moved: the sender's become empty. What is moved counts for no limit.
 *
 * The message is walked twice: the first time nothing is moved yet, so that a refused send leaves the sender's buffers alone.
 */
export function isolateMoving(value: unknown, transfer: readonly ArrayBuffer[]): unknown {
  return whileMoving(transfer, () => isolate(value));
}

function copy(value: object, depthLeft: number): unknown {
  // Before the prototype, which costs 11 ns and says nothing about an array.
  if (Array.isArray(value)) {
    enter(depthLeft);
    return isFrozen(value) && isShareable(value) ? value : copyArray(value, depthLeft - 1);
  }
  if (value instanceof Identity) return value;
  enter(depthLeft);
  const prototype: unknown = getPrototypeOf(value);
  if (prototype === objectPrototype) {
    // The cast holds: its prototype is Object.prototype.
    return isFrozen(value) && isShareable(value) ? value : copyObject(value as PlainObject, depthLeft - 1);
  }
  return copyOther(value, prototype, depthLeft - 1);
}

/** Counts one object more. @throws REFUSED when it is one too many, or too deep */
function enter(depthLeft: number): void {
  if (depthLeft === 0 || --nodesLeft < 0) throw REFUSED;
}

function copyObject(source: PlainObject, depthLeft: number): PlainObject {
  const target: PlainObject = {};
  for (const key in source) {
    const value = source[key];
    // Assigning to "__proto__" would replace the prototype instead of making a property.
    if (key === "__proto__") defineOwn(target, key, copyPart(value, depthLeft));
    else
      target[key] = typeof value === "object" && value !== null ? copy(value, depthLeft) : copyPart(value, depthLeft);
  }
  return target;
}

function copyArray(source: readonly unknown[], depthLeft: number): unknown[] {
  const { length } = source;
  spendNodes(length);
  // Made at its length: one that grows gets room for 17 at once, which doubles what a request of two parts allocates (bench `gen-server`).
  const target = new Array<unknown>(length);
  for (let i = 0; i < length; i++) target[i] = copyPart(source[i], depthLeft);
  return target;
}

function copyPart(value: unknown, depthLeft: number): unknown {
  if (typeof value === "object") return value === null ? null : copy(value, depthLeft);
  if (typeof value === "function" || typeof value === "symbol") throw REFUSED;
  return value;
}

function copyOther(value: object, prototype: unknown, depthLeft: number): unknown {
  // The cast holds: it has no prototype, so it has nothing but its own properties.
  if (prototype === null) return copyBare(value as PlainObject, depthLeft);
  if (value instanceof Map) return copyMap(value, depthLeft);
  if (value instanceof Set) return copySet(value, depthLeft);
  if (value instanceof Date) return new Date(value.getTime());
  if (ArrayBuffer.isView(value)) return copyView(value, spendBytes);
  if (value instanceof ArrayBuffer) return copyBuffer(value, spendBytes);
  if (value instanceof Error) return copyError(value, (part) => copyPart(part, depthLeft));
  // Plain data of another realm: its prototype is that realm's Object.prototype.
  if (isForeignPlain(prototype)) return copyObject(value as PlainObject, depthLeft); // the cast holds by the check
  throw REFUSED;
}

function copyBare(source: PlainObject, depthLeft: number): PlainObject {
  // Object.create returns any; an object without prototype is a record of its own properties.
  const target = Object.create(null) as PlainObject;
  for (const key in source) target[key] = copyPart(source[key], depthLeft);
  return target;
}

function copyMap(source: ReadonlyMap<unknown, unknown>, depthLeft: number): Map<unknown, unknown> {
  const target = new Map<unknown, unknown>();
  spendNodes(source.size);
  for (const [key, value] of source) target.set(copyPart(key, depthLeft), copyPart(value, depthLeft));
  return target;
}

function copySet(source: ReadonlySet<unknown>, depthLeft: number): Set<unknown> {
  const target = new Set<unknown>();
  spendNodes(source.size);
  for (const value of source) target.add(copyPart(value, depthLeft));
  return target;
}

function spendNodes(count: number): void {
  nodesLeft -= count;
  if (nodesLeft < 0) throw REFUSED;
}

function spendBytes(count: number): void {
  bytesLeft -= count;
  if (bytesLeft < 0) throw REFUSED;
}
