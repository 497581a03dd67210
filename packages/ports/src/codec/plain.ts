// What of a value may come in or go out: plain data, and how much of it. Both walks use no recursion, so that depth cannot hurt.

import { REFUSED, type Refused, TOO_LARGE } from "../port/value-framing.ts";
import type { Bounds } from "./bounds.ts";

/** What has been parsed, which is plain by its making. @returns why it is not taken; null when it is */
export function judge(parsed: unknown, { depthMax, valuesMax }: Bounds): Refused | null {
  let count = 1;
  let level: unknown[] = [parsed];
  for (let depth = 0; level.length > 0; depth++) {
    const inside: unknown[] = [];
    for (const value of level) {
      if (typeof value !== "object" || value === null) continue;
      // As an own property it does no harm by itself, but whoever copies it by assignment sets a prototype.
      if (Object.hasOwn(value, "__proto__")) return REFUSED;
      const parts: unknown[] = Array.isArray(value) ? value : Object.values(value);
      count += parts.length;
      if (count > valuesMax || depth >= depthMax) return TOO_LARGE;
      for (const part of parts) inside.push(part);
    }
    level = inside;
  }
  return null;
}

/** Whether a format can give `value` back as it was: `"json"`, or `"msgpack"`, which knows bytes and whole numbers of 64 bits as well. */
export function isPlain(value: unknown, format: "json" | "msgpack"): boolean {
  let level: unknown[] = [value];
  while (level.length > 0) {
    const inside: unknown[] = [];
    for (const each of level) {
      const parts = partsOf(each, format);
      if (parts === null) return false;
      for (const part of parts) inside.push(part);
    }
    level = inside;
  }
  return true;
}

const NONE: readonly unknown[] = [];

/** What is inside `value`; null when it cannot be expressed. */
function partsOf(value: unknown, format: "json" | "msgpack"): readonly unknown[] | null {
  switch (typeof value) {
    case "string":
    case "boolean":
      return NONE;
    case "number":
      return format === "msgpack" || Number.isFinite(value) ? NONE : null;
    case "bigint":
      return format === "msgpack" && fitsInto64Bits(value) ? NONE : null;
    case "object":
      return value === null ? NONE : partsOfObject(value, format);
    case "undefined":
    case "function":
    case "symbol":
      return null;
  }
}

function partsOfObject(value: object, format: "json" | "msgpack"): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (value instanceof Uint8Array) return format === "msgpack" ? NONE : null;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isObject = prototype === Object.prototype || prototype === null;
  return isObject && !Object.hasOwn(value, "__proto__") ? Object.values(value) : null;
}

function fitsInto64Bits(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value || BigInt.asUintN(64, value) === value;
}
