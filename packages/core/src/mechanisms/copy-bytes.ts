// Copies of typed arrays and ArrayBuffers, and transfers.

import { KrarupError, show } from "../values/errors.ts";
import { REFUSED } from "./plain-data.ts";

/** A transfer under way. */
interface Transfer {
  /** Where the bytes of each buffer are: in itself until it is moved. */
  readonly arrived: Map<ArrayBuffer, ArrayBuffer>;
  /** The place of each view; a view forgets it when its buffer moves. */
  readonly places: Map<ArrayBufferView, Place>;
}

interface Place {
  readonly byteOffset: number;
  readonly byteLength: number;
}

let moving: Transfer | null = null;

/** Makes the buffers in `transfer` move instead of being copied while `walk` runs: twice, and between the two they move. */
export function whileMoving(transfer: readonly ArrayBuffer[], walk: () => unknown): unknown {
  for (const buffer of transfer) requireMovable(buffer);
  moving = { arrived: new Map(transfer.map((buffer) => [buffer, buffer])), places: new Map() };
  try {
    walk();
    for (const buffer of moving.arrived.keys()) moving.arrived.set(buffer, move(buffer));
    return walk();
  } finally {
    moving = null;
  }
}

// A global of every platform that the standard library's types do not know.
const { structuredClone } = globalThis as unknown as {
  structuredClone(value: ArrayBuffer, options: { readonly transfer: readonly ArrayBuffer[] }): ArrayBuffer;
};

/** By `structuredClone`: Node 22 lets `transfer` of a buffer take its own pool away. */
function move(buffer: ArrayBuffer): ArrayBuffer {
  try {
    return structuredClone(buffer, { transfer: [buffer] });
  } catch (cause) {
    throw new KrarupError(
      "ERR_NOT_SENDABLE",
      "Cannot transfer as the buffer belongs to the environment, for instance to Node's pool of small Buffers: copy it",
      buffer,
      { cause },
    );
  }
}

function requireMovable(buffer: unknown): void {
  if (!(buffer instanceof ArrayBuffer) || buffer.detached)
    throw new KrarupError(
      "ERR_NOT_SENDABLE",
      `Cannot transfer as only ArrayBuffers that are still there can move: current value is ${show(buffer)}`,
      buffer,
    );
}

/** A copy of `source`, or where it has moved. `spend` is told the bytes that are copied. */
export function copyBuffer(source: ArrayBuffer, spend: (bytes: number) => void): ArrayBuffer {
  const arrived = moving?.arrived.get(source);
  if (arrived !== undefined) return arrived;
  if (source.detached) throw REFUSED;
  spend(source.byteLength);
  return source.slice(0);
}

/** Copies exactly the bytes of the view, never the buffer behind it. */
export function copyView(source: ArrayBufferView, spend: (bytes: number) => void): ArrayBufferView {
  // Nearly all of what is sent, and not moved away as it has a length. A small array has no buffer before somebody asks for it, which
  // costs five times as much as the copy.
  if (source instanceof Uint8Array && source.length > 0 && moving === null) {
    spend(source.length);
    return withClassOf(source, new Uint8Array(source));
  }
  const { buffer } = source;
  if (buffer instanceof ArrayBuffer) {
    const arrived = moving?.arrived.get(buffer);
    if (arrived !== undefined) return viewLike(source, arrived, placeOf(source));
    if (buffer.detached) throw REFUSED;
  }
  spend(source.byteLength);
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
    return withClassOf(source, view);
  }
  throw REFUSED;
}

/** A Buffer stays a Buffer: the copy gets the methods of the original's class, and bytes of its own. */
function withClassOf(source: ArrayBufferView, copy: ArrayBufferView): ArrayBufferView {
  const prototype: object | null = Object.getPrototypeOf(source);
  if (prototype !== Object.getPrototypeOf(copy)) Object.setPrototypeOf(copy, prototype);
  return copy;
}
