// Isolation: nothing mutable is ever shared between processes.
//
// What may travel is plain data: primitives, plain objects and arrays, Map, Set, Date, typed arrays and
// ArrayBuffers, Error, pids and refs. A message is copied at the send, in the sender, by the loop below: about 40 ns for a
// small message, where structuredClone takes 1,000 and carries the whole memory pool behind a 3-byte Buffer along.
//
// A deeply frozen plain tree is immutable, so it is shared: it is verified once and remembered. Frozen Maps, Sets, Dates and
// typed arrays are not immutable in JavaScript and are always copied.
//
// The copying loop carries no path. When it meets something that must not travel it stops, and `explain` walks the message a
// second time to name the place. So the good case pays nothing for good errors.
//
// Two things cannot be told from plain data at that price: a getter is read once, in the sender, and its value travels; so is
// a proxy, through its traps (which is what makes an immer draft sendable). See docs/decisions/0004-isolation.md.

import { KrarupError, show } from "../values/errors.ts";
import { MESSAGE_BYTES_MAX, MESSAGE_DEPTH_MAX, MESSAGE_NODES_MAX } from "../values/limits.ts";
import { Ref } from "../values/ref.ts";

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

type PlainObject = Record<string, unknown>;

/** Thrown by the copying loop, never seen outside this file. */
const REFUSED: unique symbol = Symbol("refused");

const { getPrototypeOf, isFrozen } = Object;
const objectPrototype: object = Object.prototype;
/** Prototype of process records; set once, when the kernel loads. */
let pidPrototype: object = Ref.prototype;
const verified = new WeakSet<object>();

let nodesLeft = 0;
let bytesLeft = 0;
let moving: Moving | null = null;

/** A transfer under way. */
interface Moving {
  /** Where the bytes of each buffer are: in itself until it is moved. */
  readonly arrived: Map<ArrayBuffer, ArrayBuffer>;
  /** The place of each view; a view forgets it when its buffer moves. */
  readonly places: Map<ArrayBufferView, Place>;
}

interface Place {
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** Tells the copier what a pid looks like. Called once by the kernel. */
export function declarePidPrototype(prototype: object): void {
  pidPrototype = prototype;
}

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
    throw refusal === REFUSED ? explain(value) : refusal;
  }
}

/**
 * As {@link isolate}, but the ArrayBuffers in `transfer` are moved: the sender's become empty. What is moved counts for no limit.
 *
 * The message is walked twice: the first time nothing is moved yet, so that a refused send leaves the sender's buffers alone.
 */
export function isolateMoving(value: unknown, transfer: readonly ArrayBuffer[]): unknown {
  for (const buffer of transfer) requireMovable(buffer);
  moving = { arrived: new Map(transfer.map((buffer) => [buffer, buffer])), places: new Map() };
  try {
    isolate(value);
    for (const buffer of moving.arrived.keys()) moving.arrived.set(buffer, move(buffer));
    return isolate(value);
  } finally {
    moving = null;
  }
}

function move(buffer: ArrayBuffer): ArrayBuffer {
  try {
    return buffer.transfer();
  } catch (cause) {
    throw new KrarupError("ERR_NOT_SENDABLE", "Cannot transfer as the buffer belongs to the environment, for instance to Node's pool of small Buffers: copy it", buffer, { cause });
  }
}

function requireMovable(buffer: unknown): void {
  if (!(buffer instanceof ArrayBuffer) || buffer.detached)
    throw new KrarupError("ERR_NOT_SENDABLE", `Cannot transfer as only ArrayBuffers that are still there can move: current value is ${show(buffer)}`, buffer);
}

function copy(value: object, depthLeft: number): unknown {
  const prototype: unknown = getPrototypeOf(value);
  if (prototype === pidPrototype) return value;
  if (depthLeft === 0 || --nodesLeft < 0) throw REFUSED;
  if (prototype === objectPrototype) {
    // The cast holds: its prototype is Object.prototype.
    return isFrozen(value) && isShareable(value) ? value : copyObject(value as PlainObject, depthLeft - 1);
  }
  if (Array.isArray(value)) return isFrozen(value) && isShareable(value) ? value : copyArray(value, depthLeft - 1);
  return copyOther(value, prototype, depthLeft - 1);
}

function copyObject(source: PlainObject, depthLeft: number): PlainObject {
  const target: PlainObject = {};
  for (const key in source) {
    const value = source[key];
    // Assigning to "__proto__" would replace the prototype instead of making a property.
    if (key === "__proto__") defineOwn(target, key, copyPart(value, depthLeft));
    else target[key] = typeof value === "object" && value !== null ? copy(value, depthLeft) : copyPart(value, depthLeft);
  }
  return target;
}

function copyArray(source: readonly unknown[], depthLeft: number): unknown[] {
  const { length } = source;
  spendNodes(length);
  const target: unknown[] = [];
  for (let i = 0; i < length; i++) target.push(copyPart(source[i], depthLeft));
  return target;
}

function copyPart(value: unknown, depthLeft: number): unknown {
  if (typeof value === "object") return value === null ? null : copy(value, depthLeft);
  if (typeof value === "function" || typeof value === "symbol") throw REFUSED;
  return value;
}

function copyOther(value: object, prototype: unknown, depthLeft: number): unknown {
  if (value instanceof Ref) return value;
  // The cast holds: it has no prototype, so it has nothing but its own properties.
  if (prototype === null) return copyBare(value as PlainObject, depthLeft);
  if (value instanceof Map) return copyMap(value, depthLeft);
  if (value instanceof Set) return copySet(value, depthLeft);
  if (value instanceof Date) return new Date(value.getTime());
  if (ArrayBuffer.isView(value)) return copyView(value);
  if (value instanceof ArrayBuffer) return copyBuffer(value);
  if (value instanceof Error) return copyError(value, (part) => copyPart(part, depthLeft));
  // Plain data of another realm: its prototype is that realm's Object.prototype.
  if (isForeignPlain(prototype)) return copyObject(value as PlainObject, depthLeft); // the cast holds by the check
  throw REFUSED;
}

function isForeignPlain(prototype: unknown): boolean {
  return (
    typeof prototype === "object" &&
    prototype !== null &&
    getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, "hasOwnProperty") &&
    Object.hasOwn(prototype, "isPrototypeOf")
  );
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

function copyBuffer(source: ArrayBuffer): ArrayBuffer {
  const arrived = moving?.arrived.get(source);
  if (arrived !== undefined) return arrived;
  if (source.detached) throw REFUSED;
  spendBytes(source.byteLength);
  return source.slice(0);
}

/** Copies exactly the bytes of the view, never the buffer behind it. */
function copyView(source: ArrayBufferView): ArrayBufferView {
  const { buffer } = source;
  if (buffer instanceof ArrayBuffer) {
    const arrived = moving?.arrived.get(buffer);
    if (arrived !== undefined) return viewLike(source, arrived, placeOf(source));
    if (buffer.detached) throw REFUSED;
  }
  spendBytes(source.byteLength);
  const bytes = new Uint8Array(source.byteLength);
  bytes.set(new Uint8Array(buffer, source.byteOffset, source.byteLength));
  return viewLike(source, bytes.buffer, { byteOffset: 0, byteLength: source.byteLength });
}

function placeOf(source: ArrayBufferView): Place {
  const known = moving?.places.get(source);
  if (known !== undefined) return known;
  const place = { byteOffset: source.byteOffset, byteLength: source.byteLength };
  moving?.places.set(source, place);
  return place;
}

function spendNodes(count: number): void {
  nodesLeft -= count;
  if (nodesLeft < 0) throw REFUSED;
}

function spendBytes(count: number): void {
  bytesLeft -= count;
  if (bytesLeft < 0) throw REFUSED;
}

interface ViewConstructor {
  new (buffer: ArrayBuffer, byteOffset: number, length: number): ArrayBufferView;
  readonly prototype: object;
  readonly BYTES_PER_ELEMENT?: number;
}

// Newer than the standard library's types; Node 22 has none.
const { Float16Array } = globalThis as { Float16Array?: ViewConstructor };

const VIEWS: readonly ViewConstructor[] = [
  Uint8Array,
  Int8Array,
  Uint8ClampedArray,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
  ...(Float16Array === undefined ? [] : [Float16Array]),
];

function viewLike(source: ArrayBufferView, buffer: ArrayBuffer, { byteOffset, byteLength }: Place): ArrayBufferView {
  for (const View of VIEWS) {
    if (!(source instanceof View)) continue;
    const view = new View(buffer, byteOffset, byteLength / (View.BYTES_PER_ELEMENT ?? 1));
    const prototype: object | null = getPrototypeOf(source);
    // A Buffer stays a Buffer: the copy gets the methods of the original's class, and bytes of its own.
    if (prototype !== View.prototype) Object.setPrototypeOf(view, prototype);
    return view;
  }
  throw REFUSED;
}

const STANDARD_ERRORS: readonly (new (message?: string) => Error)[] = [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];

/**
 * A plain Error with the name, message, stack, cause and own data of `source`, each part copied by `part`.
 * What is derived from a standard error becomes that error, anything else `Error`; the `name` is kept.
 */
export function copyError(source: Error, part: (value: unknown) => unknown): Error {
  const Class = STANDARD_ERRORS.find((Standard) => source instanceof Standard) ?? Error;
  const target = withoutStack(() => new Class(String(source.message)));
  defineHidden(target, "stack", String(source.stack));
  if (source.name !== target.name) defineHidden(target, "name", String(source.name));
  if ("cause" in source) defineHidden(target, "cause", part(source.cause));
  if (source instanceof AggregateError) defineHidden(target, "errors", part(source.errors));
  for (const key of Object.keys(source)) {
    // The key was just enumerated on the object.
    if (key !== "name" && key !== "stack" && key !== "message" && key !== "cause") defineOwn(target, key, part((source as unknown as PlainObject)[key]));
  }
  return target;
}

function withoutStack<T>(make: () => T): T {
  // A property of V8 and JavaScriptCore that the standard library's types do not know.
  const errors = Error as { stackTraceLimit?: number };
  const limit = errors.stackTraceLimit;
  errors.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    if (limit === undefined) delete errors.stackTraceLimit;
    else errors.stackTraceLimit = limit;
  }
}

function defineHidden(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, configurable: true, enumerable: false });
}

function defineOwn(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, configurable: true, enumerable: true });
}

/** Whether `value` is known to be immutable all the way down. */
export function isImmutable(value: object): boolean {
  return verified.has(value);
}

/** Notes that `value` is immutable all the way down, so that it is shared from now on where it is part of what is frozen. */
export function markImmutable(value: unknown): void {
  if (typeof value === "object" && value !== null) verified.add(value);
}

/** Whether `value` is a process record. */
export function isPidLike(value: object): boolean {
  return getPrototypeOf(value) === pidPrototype;
}

/** Whether a frozen plain object or array is frozen all the way down and holds nothing but plain data. */
function isShareable(value: object): boolean {
  if (verified.has(value)) return true;
  if (!isDeeplyFrozen(value, MESSAGE_DEPTH_MAX)) return false;
  verified.add(value);
  return true;
}

function isDeeplyFrozen(value: unknown, depthLeft: number): boolean {
  if (typeof value === "function" || typeof value === "symbol") return false;
  if (typeof value !== "object" || value === null || value instanceof Ref || verified.has(value)) return true;
  const prototype: unknown = getPrototypeOf(value);
  if (prototype === pidPrototype) return true;
  if (depthLeft === 0 || --nodesLeft < 0 || !isFrozen(value)) return false;
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
  const prototype: unknown = getPrototypeOf(value);
  if (value instanceof Ref || prototype === pidPrototype || verified.has(value)) return null;
  if (depthLeft === 0 || --nodesLeft < 0) return `${path} is nested deeper than ${MESSAGE_DEPTH_MAX} levels, contains itself or is too large`;
  if (prototype !== objectPrototype && !Array.isArray(value)) return `${path} is ${describe(value)}, which can change while frozen`;
  for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    const inner = pathTo(path, key, Array.isArray(value));
    const problem = "value" in property ? freezeAll(property.value, inner, depthLeft - 1) : `${inner} is a getter`;
    if (problem !== null) return problem;
  }
  Object.freeze(value);
  return null;
}

function refusalOfPrimitive(value: unknown, path: string): string | null {
  return typeof value === "function" || typeof value === "symbol" ? `${path} is ${show(value)}` : null;
}

/** Why `message` cannot be sent, with the path to the first obstacle. Runs only after a refusal. */
export function explain(message: unknown): KrarupError {
  const search = new RefusalSearch();
  const found = search.visit(message, "message", MESSAGE_DEPTH_MAX);
  if (found !== null && found.limit) return new KrarupError("ERR_MESSAGE_LIMIT", `Cannot send as ${found.text}`, message);
  const text = found?.text ?? "it changed while it was being copied";
  return new KrarupError("ERR_NOT_SENDABLE", `Cannot send as ${text}; only plain data can be sent to another process`, message);
}

interface Refusal {
  readonly text: string;
  readonly limit: boolean;
}

class RefusalSearch {
  readonly #ancestors = new Set<object>();
  #nodesLeft = MESSAGE_NODES_MAX;
  #bytesLeft = MESSAGE_BYTES_MAX;

  visit(value: unknown, path: string, depthLeft: number): Refusal | null {
    if (typeof value !== "object" || value === null) {
      const text = refusalOfPrimitive(value, path);
      return text === null ? null : { text, limit: false };
    }
    const prototype: unknown = getPrototypeOf(value);
    if (value instanceof Ref || prototype === pidPrototype) return null;
    if (this.#ancestors.has(value)) return { text: `${path} contains itself`, limit: false };
    if (depthLeft === 0) return { text: `${cut(path)} is nested deeper than ${MESSAGE_DEPTH_MAX} levels`, limit: true };
    if (!isKnown(value, prototype) || isDetached(value)) return { text: `${path} is ${describe(value)}`, limit: false };
    if (!this.#affords(value)) return { text: `${cut(path)} makes the message larger than ${MESSAGE_NODES_MAX} parts or ${MESSAGE_BYTES_MAX} bytes`, limit: true };
    this.#ancestors.add(value);
    const found = this.#visitParts(value, path, depthLeft - 1);
    this.#ancestors.delete(value);
    return found;
  }

  #affords(value: object): boolean {
    this.#nodesLeft -= 1 + (Array.isArray(value) ? value.length : value instanceof Map || value instanceof Set ? value.size : 0);
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) this.#bytesLeft -= value.byteLength;
    return this.#nodesLeft >= 0 && this.#bytesLeft >= 0;
  }

  #visitParts(value: object, path: string, depthLeft: number): Refusal | null {
    for (const [key, part] of partsOf(value)) {
      const found = this.visit(part, pathTo(path, key, !isKeyed(value)), depthLeft);
      if (found !== null) return found;
    }
    return null;
  }
}

function* partsOf(value: object): Generator<[string, unknown]> {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Date) return;
  if (value instanceof Map) {
    for (const [key, part] of value) {
      yield [show(key), key];
      yield [show(key), part];
    }
  } else if (value instanceof Set) {
    let index = 0;
    for (const part of value) yield [String(index++), part];
  } else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) yield [String(index), value[index]];
  } else {
    if (value instanceof Error) yield ["cause", value.cause];
    yield* Object.entries(value);
  }
}

function isKeyed(value: object): boolean {
  return !Array.isArray(value) && !(value instanceof Map) && !(value instanceof Set);
}

function isKnown(value: object, prototype: unknown): boolean {
  return (
    prototype === objectPrototype ||
    prototype === null ||
    Array.isArray(value) ||
    value instanceof Map ||
    value instanceof Set ||
    value instanceof Date ||
    value instanceof ArrayBuffer ||
    ArrayBuffer.isView(value) ||
    value instanceof Error ||
    isForeignPlain(prototype)
  );
}

function isDetached(value: object): boolean {
  const buffer = ArrayBuffer.isView(value) ? value.buffer : value;
  return buffer instanceof ArrayBuffer && buffer.detached;
}

/** What `value` is, for an error message. */
export function describe(value: object): string {
  if (isDetached(value)) return "a buffer that has been transferred already";
  const prototype: unknown = getPrototypeOf(value);
  const name = typeof prototype === "object" && prototype !== null && "constructor" in prototype && typeof prototype.constructor === "function" ? prototype.constructor.name : "";
  return name === "" ? "an object of an unknown class" : `an instance of ${name}`;
}

function pathTo(path: string, key: string, indexed: boolean): string {
  if (indexed) return `${path}[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

function cut(path: string): string {
  return path.length > 80 ? `${path.slice(0, 77)}...` : path;
}
