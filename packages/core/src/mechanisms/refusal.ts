// Why a message cannot be sent: the walk that names the place.

import { KrarupError, show } from "../values/errors.ts";
import { MESSAGE_BYTES_MAX, MESSAGE_DEPTH_MAX, MESSAGE_NODES_MAX } from "../values/limits.ts";
import { Identity } from "../values/identity.ts";
import {
  describe,
  isDetached,
  isForeignPlain,
  objectPrototype,
  pathTo,
  type PlainObject,
  refusalOfPrimitive,
} from "./plain-data.ts";

/**
 * Why `message` cannot be sent, with the path to the first obstacle. Runs only after a refusal.
 *
 * @param options - the `cause`, where it was an error of the message's own: a getter or a trap that threw
 */
export function explain(message: unknown, options?: ErrorOptions): KrarupError {
  const search = new RefusalSearch();
  const found = search.visit(message, "message", MESSAGE_DEPTH_MAX);
  if (found !== null && found.limit)
    return new KrarupError("ERR_MESSAGE_LIMIT", `Cannot send as ${found.text}`, message, options);
  const text = found?.text ?? "it changed while it was being copied";
  return new KrarupError(
    "ERR_NOT_SENDABLE",
    `Cannot send as ${text}; only plain data can be sent to another process`,
    message,
    options,
  );
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
    try {
      return this.#look(value, path, depthLeft);
    } catch {
      return { text: `${cut(path)} throws when it is read`, limit: false };
    }
  }

  #look(value: unknown, path: string, depthLeft: number): Refusal | null {
    if (typeof value !== "object" || value === null) {
      const text = refusalOfPrimitive(value, path);
      return text === null ? null : { text, limit: false };
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (value instanceof Identity) return null;
    if (this.#ancestors.has(value)) return { text: `${path} contains itself`, limit: false };
    if (depthLeft === 0) return { text: `${cut(path)} is nested deeper than ${MESSAGE_DEPTH_MAX} levels`, limit: true };
    if (!isKnown(value, prototype) || isDetached(value)) return { text: `${path} is ${describe(value)}`, limit: false };
    if (!this.#affords(value))
      return {
        text: `${cut(path)} makes the message larger than ${MESSAGE_NODES_MAX} parts or ${MESSAGE_BYTES_MAX} bytes`,
        limit: true,
      };
    this.#ancestors.add(value);
    const found = this.#visitParts(value, path, depthLeft - 1);
    this.#ancestors.delete(value);
    return found;
  }

  #affords(value: object): boolean {
    this.#nodesLeft -=
      1 + (Array.isArray(value) ? value.length : value instanceof Map || value instanceof Set ? value.size : 0);
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) this.#bytesLeft -= value.byteLength;
    return this.#nodesLeft >= 0 && this.#bytesLeft >= 0;
  }

  #visitParts(value: object, path: string, depthLeft: number): Refusal | null {
    for (const [key, read] of partsOf(value)) {
      const found = this.#visitPart(read, pathTo(path, key, !isKeyed(value)), depthLeft);
      if (found !== null) return found;
    }
    return null;
  }

  #visitPart(read: () => unknown, path: string, depthLeft: number): Refusal | null {
    let part: unknown;
    try {
      part = read();
    } catch {
      return { text: `${cut(path)} throws when it is read`, limit: false };
    }
    return this.visit(part, path, depthLeft);
  }
}

/** The parts of `value` with their keys, each to be read by itself: reading may throw. */
function* partsOf(value: object): Generator<[string, () => unknown]> {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Date) return;
  if (value instanceof Map) {
    for (const [key, part] of value) {
      yield [show(key), () => key];
      yield [show(key), () => part];
    }
  } else if (value instanceof Set) {
    let index = 0;
    for (const part of value) yield [String(index++), () => part];
  } else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) yield [String(index), () => value[index]];
  } else {
    if (value instanceof Error) yield ["cause", () => value.cause];
    // The key was just enumerated on the object.
    for (const key of Object.keys(value)) yield [key, () => (value as PlainObject)[key]];
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

function cut(path: string): string {
  return path.length > 80 ? `${path.slice(0, 77)}...` : path;
}
