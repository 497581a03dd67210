// What plain data is: the vocabulary of isolation.

import { show } from "../values/errors.ts";
import { Identity } from "../values/identity.ts";
import { Ref } from "../values/ref.ts";

/** An object with nothing but its own properties. */
export type PlainObject = Record<string, unknown>;

/** Thrown by the copying loop at what must not travel, and turned into an error with a path before anybody sees it. */
export const REFUSED: unique symbol = Symbol("refused");

/** What plain objects inherit from. */
export const objectPrototype: object = Object.prototype;

/** Whether `value` is a process record. */
export function isPidLike(value: object): boolean {
  return value instanceof Identity && !(value instanceof Ref);
}

/** Whether `prototype` is the Object.prototype of another realm. */
export function isForeignPlain(prototype: unknown): boolean {
  return (
    typeof prototype === "object" &&
    prototype !== null &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, "hasOwnProperty") &&
    Object.hasOwn(prototype, "isPrototypeOf")
  );
}

/** Whether the bytes of `value` have been moved away. */
export function isDetached(value: object): boolean {
  const buffer = ArrayBuffer.isView(value) ? value.buffer : value;
  return buffer instanceof ArrayBuffer && buffer.detached;
}

/** What `value` is, for an error message. */
export function describe(value: object): string {
  if (isDetached(value)) return "a buffer that has been transferred already";
  const prototype: unknown = Object.getPrototypeOf(value);
  const name =
    typeof prototype === "object" &&
    prototype !== null &&
    "constructor" in prototype &&
    typeof prototype.constructor === "function"
      ? prototype.constructor.name
      : "";
  return name === "" ? "an object of an unknown class" : `an instance of ${name}`;
}

/** Why a value that is no object cannot travel, or null when it can. */
export function refusalOfPrimitive(value: unknown, path: string): string | null {
  return typeof value === "function" || typeof value === "symbol" ? `${path} is ${show(value)}` : null;
}

/** The path of a part, for an error message. */
export function pathTo(path: string, key: string, indexed: boolean): string {
  if (indexed) return `${path}[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

/** Adds an own property whatever its key is; assigning to `__proto__` would replace the prototype. */
export function defineOwn(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, configurable: true, enumerable: true });
}
