// A value as one short line of text, without running any code of the value.
//
// What a process keeps in its dictionary need not be plain data. So properties are read by their descriptors, a getter is named and not
// called, a proxy is named and not entered, `toString` and `toJSON` are not looked at, and the methods of collections are ours. Depth,
// width and length are bounded: the work does not depend on how big the value is, except that V8 lists all keys of an object at once.

import { isPid, Ref } from "@krarup/core";
import { types } from "node:util";

/** How much of a value is shown. */
interface Limits {
  readonly depth: number;
  /** Entries of one object or collection. */
  readonly width: number;
  /** Characters of one string inside. */
  readonly text: number;
  /** Characters of the whole. */
  readonly total: number;
}

const LIMITS: Limits = { depth: 4, width: 10, text: 60, total: 200 };

/** `value` on one line of at most 200 characters. */
export function preview(value: unknown): string {
  return cut(render(value, LIMITS.depth), LIMITS.total);
}

/** A name for people: a string as it is, anything else as its preview. */
export function labelText(label: unknown): string | null {
  if (label === undefined) return null;
  return typeof label === "string" ? cut(label, LIMITS.total) : preview(label);
}

/** A name or key, cut to at most 200 characters. */
export function nameText(name: string): string {
  return cut(name, LIMITS.total);
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function render(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(cut(value, LIMITS.text));
    case "bigint":
      // Printing a number of a million digits takes a while.
      return value > -(2n ** 64n) && value < 2n ** 64n ? `${value}n` : "bigint";
    case "function":
      return "function";
    case "symbol":
      return "symbol";
    case "object":
      return value === null ? "null" : renderObject(value, depth);
    case "number":
    case "boolean":
    case "undefined":
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

function renderObject(value: object, depth: number): string {
  // Even `instanceof` enters a proxy that it meets on the way up.
  if (isProxied(value)) return "Proxy";
  if (isPid(value)) return value.toString();
  if (value instanceof Ref && Object.getPrototypeOf(value) === Ref.prototype) return value.toString();
  if (types.isNativeError(value)) return renderError(value);
  if (types.isDate(value)) return renderDate(value);
  if (types.isTypedArray(value)) return `${String(tagOf.call(value))}(${String(lengthOf.call(value))})`;
  if (types.isAnyArrayBuffer(value)) return "ArrayBuffer";
  if (depth === 0) return Array.isArray(value) ? "[…]" : "{…}";
  if (Array.isArray(value)) return renderArray(value, depth);
  if (types.isMap(value)) return renderMap(value, depth);
  if (types.isSet(value)) return renderSet(value, depth);
  return `${classOf(value)}${renderProperties(value, depth)}`;
}

/** Whether `value` or anything it inherits from is a proxy. */
function isProxied(value: object): boolean {
  for (let at: unknown = value; typeof at === "object" && at !== null; at = Object.getPrototypeOf(at))
    if (types.isProxy(at)) return true;
  return false;
}

const typedArray: object = Object.getPrototypeOf(Uint8Array.prototype);
const tagOf = getterOf(typedArray, Symbol.toStringTag);
const lengthOf = getterOf(typedArray, "length");
const mapSize = getterOf(Map.prototype, "size");
const setSize = getterOf(Set.prototype, "size");

function getterOf(prototype: object, key: PropertyKey): () => unknown {
  // These four accessors are the language's own.
  return Object.getOwnPropertyDescriptor(prototype, key)?.get as () => unknown;
}

function renderError(error: Error): string {
  const message = dataOf(error, "message");
  return `${classOf(error).trimEnd() || "Error"}: ${typeof message === "string" ? cut(message, LIMITS.text) : ""}`;
}

function renderDate(date: Date): string {
  const time = Date.prototype.getTime.call(date);
  return Number.isNaN(time) ? "Date(invalid)" : `Date(${new Date(time).toISOString()})`;
}

function renderArray(array: readonly unknown[], depth: number): string {
  const shown: string[] = [];
  for (let i = 0; i < Math.min(array.length, LIMITS.width); i++)
    shown.push(renderProperty(array, String(i), depth - 1));
  return `[${listed(shown, array.length)}]`;
}

function renderMap(map: ReadonlyMap<unknown, unknown>, depth: number): string {
  const shown: string[] = [];
  for (const [key, value] of Map.prototype.entries.call(map)) {
    if (shown.length === LIMITS.width) break;
    shown.push(`${render(key, depth - 1)} => ${render(value, depth - 1)}`);
  }
  return `Map{${listed(shown, Number(mapSize.call(map)))}}`;
}

function renderSet(set: ReadonlySet<unknown>, depth: number): string {
  const shown: string[] = [];
  for (const value of Set.prototype.values.call(set)) {
    if (shown.length === LIMITS.width) break;
    shown.push(render(value, depth - 1));
  }
  return `Set{${listed(shown, Number(setSize.call(set)))}}`;
}

function renderProperties(value: object, depth: number): string {
  const keys = Object.keys(value);
  const shown = keys.slice(0, LIMITS.width).map((key) => `${keyText(key)}: ${renderProperty(value, key, depth - 1)}`);
  return `{${listed(shown, keys.length)}}`;
}

function keyText(key: string): string {
  return /^[\w$]{1,60}$/.test(key) ? key : JSON.stringify(cut(key, LIMITS.text));
}

function renderProperty(value: object, key: string, depth: number): string {
  const property = Object.getOwnPropertyDescriptor(value, key);
  if (property === undefined) return "empty";
  return property.get === undefined && property.set === undefined ? render(property.value, depth) : "getter";
}

function listed(shown: readonly string[], total: number): string {
  return total > shown.length ? [...shown, `… ${total - shown.length} more`].join(", ") : shown.join(", ");
}

/** The name of the class with a space behind it; nothing for plain objects. */
function classOf(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== "object" || prototype === null || prototype === Object.prototype) return "";
  const made = dataOf(prototype, "constructor");
  const name = typeof made === "function" && !types.isProxy(made) ? dataOf(made, "name") : undefined;
  return typeof name === "string" && name !== "" ? `${cut(name, LIMITS.text)} ` : "";
}

function dataOf(value: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}
