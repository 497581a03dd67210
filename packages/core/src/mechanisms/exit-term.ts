// Exit reasons: what was thrown, in a form that may be told to everybody.
//
// A reason is shared by all who hear of an end, so it is immutable all the way down. And it must never fail: it is made while a
// process ends, from whatever that process has thrown. So where `isolate` refuses, this replaces the part by its description, and
// where a part fights back (a getter that throws, a revoked proxy) it says so.
//
// A Map, a Set, a Date and a typed array cannot be made immutable. A reason that holds one is copied for each who hears of it.

import { KrarupError, show } from "../values/errors.ts";
import { MESSAGE_DEPTH_MAX } from "../values/limits.ts";
import { Identity } from "../values/identity.ts";
import { copyError } from "./copy-error.ts";
import { isImmutable, markImmutable } from "./immutable.ts";
import { isolate } from "./isolate.ts";
import { describe } from "./plain-data.ts";

/** Objects that a reason keeps when a part of it cannot be sent and it is copied part by part. */
const LENIENT_NODES_MAX = 10_000;

/** Errors that such a reason keeps of a chain of causes. */
const CAUSES_MAX = 16;

/** The form in which `reason` can be an exit reason. Never refuses and never throws; runs getters, in whoever calls it. */
export function toExitReason(reason: unknown): unknown {
  if (typeof reason !== "object" || reason === null) return reasonOfPrimitive(reason);
  const copy = copyOf(reason);
  if (freeze(copy)) markImmutable(copy);
  return copy;
}

/** `reason`, which {@link toExitReason} made, for one more process: itself, unless it holds what can change. */
export function reasonForOneMore(reason: unknown): unknown {
  return typeof reason !== "object" || reason === null || isImmutable(reason) ? reason : toExitReason(reason);
}

/** As `value instanceof Class`, and false for what cannot be asked. */
export function isInstance<T>(value: unknown, Class: abstract new (...args: never) => T): value is T {
  try {
    return value instanceof Class;
  } catch {
    return false;
  }
}

function reasonOfPrimitive(reason: unknown): unknown {
  return typeof reason === "function" || typeof reason === "symbol" ? show(reason) : reason;
}

function copyOf(reason: object): unknown {
  try {
    return isolate(reason);
  } catch {
    return new LenientCopy().part(reason, CAUSES_MAX, MESSAGE_DEPTH_MAX);
  }
}

class LenientCopy {
  readonly #ancestors = new Set<object>();
  #nodesLeft = LENIENT_NODES_MAX;

  part(value: unknown, causesLeft: number, depthLeft: number): unknown {
    if (typeof value !== "object" || value === null) return reasonOfPrimitive(value);
    if (this.#ancestors.has(value) || depthLeft === 0 || --this.#nodesLeft < 0) return describeSafely(value);
    this.#ancestors.add(value);
    try {
      return this.#object(value, causesLeft, depthLeft - 1);
    } catch {
      return isInstance(value, Error)
        ? new Error(`${describeSafely(value)} that cannot be read`)
        : describeSafely(value);
    } finally {
      this.#ancestors.delete(value);
    }
  }

  #object(value: object, causesLeft: number, depthLeft: number): unknown {
    if (value instanceof Error)
      return causesLeft === 0
        ? String(value.message)
        : copyError(value, (part) => this.part(part, causesLeft - 1, depthLeft));
    if (Array.isArray(value)) return value.map((part) => this.part(part, causesLeft, depthLeft));
    if (!isRecord(value)) return isolate(value);
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, this.part(part, causesLeft, depthLeft)]),
    );
  }
}

function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describeSafely(value: object): string {
  try {
    return describe(value);
  } catch {
    return "an object that cannot be looked at";
  }
}

/** Freezes a copy that nobody else has, as far as JavaScript can. @returns whether nothing in it can change now */
function freeze(value: unknown): boolean {
  if (typeof value !== "object" || value === null || value instanceof Identity || isImmutable(value)) return true;
  if (!isRecord(value) && !Array.isArray(value) && !(value instanceof Error)) return false;
  let isFrozen = true;
  for (const property of Object.values(Object.getOwnPropertyDescriptors(value)))
    isFrozen = freeze(property.value) && isFrozen;
  Object.freeze(value);
  return isFrozen;
}

/** The reason of a process that threw `thrown`, which is no exit. */
export function reasonOfThrown(thrown: unknown): unknown {
  return toExitReason(
    isInstance(thrown, Error)
      ? thrown
      : new KrarupError("ERR_NOCATCH", `Nobody caught the thrown value ${show(thrown)}`, thrown),
  );
}
