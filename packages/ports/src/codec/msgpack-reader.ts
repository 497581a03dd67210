// MessagePack bytes to a value, strictly: plain data and nothing else.
//
// msgpackr reads too, but as a general decoder: whether it was asked to or not, it revives RegExp, Error, Set and typed arrays, compiles
// code for record definitions, follows references that make 400 bytes stand for 2^30 objects, and renames a key `__proto__`. All of that
// is behind tokens that are unknown here, so it cannot happen. Depth and number of values are counted before anything is made of them.

import { isRefused, REFUSED, type Refused, TOO_LARGE } from "../port/value-framing.ts";
import type { Bounds } from "./bounds.ts";

/** What MessagePack can express beside JSON: bytes, and whole numbers beyond 2^53 as bigint. */
export type Packed =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Packed[]
  | { readonly [key: string]: Packed };

/** The one value that `packet` is. */
export function unpack(packet: Uint8Array, bounds: Bounds): { readonly value: Packed } | Refused {
  try {
    const reader = new Reader(packet, bounds);
    const value = reader.next(bounds.depthMax);
    return reader.isAtEnd ? { value } : REFUSED;
  } catch (thrown) {
    if (isRefused(thrown)) return thrown;
    throw thrown;
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Up to this many bytes a loop is faster than the decoder. */
const SHORT_TEXT = 24;

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #valuesLeft: number;

  constructor(bytes: Uint8Array, { valuesMax }: Bounds) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#valuesLeft = valuesMax - 1;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The value that begins here. @throws REFUSED, TOO_LARGE */
  next(depthLeft: number): Packed {
    const token = this.#bytes[this.#skip(1)] ?? 0;
    if (token < 0x80) return token;
    if (token < 0x90) return this.#map(token - 0x80, depthLeft);
    if (token < 0xa0) return this.#array(token - 0x90, depthLeft);
    if (token < 0xc0) return this.#text(token - 0xa0);
    return token < 0xe0 ? this.#byToken(token, depthLeft) : token - 0x100;
  }

  #byToken(token: number, depthLeft: number): Packed {
    switch (token) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#binary(this.#unsigned(2 ** (token - 0xc4)));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#unsigned(2 ** (token - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#unsigned(2 ** (token - 0xdb)), depthLeft);
      case 0xde:
      case 0xdf:
        return this.#map(this.#unsigned(2 ** (token - 0xdd)), depthLeft);
      default:
        return this.#number(token);
    }
  }

  #number(token: number): number | bigint {
    switch (token) {
      case 0xca:
        return this.#view.getFloat32(this.#skip(4));
      case 0xcb:
        return this.#view.getFloat64(this.#skip(8));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#unsigned(2 ** (token - 0xcc));
      case 0xcf:
        return narrow(this.#view.getBigUint64(this.#skip(8)));
      case 0xd0:
        return this.#view.getInt8(this.#skip(1));
      case 0xd1:
        return this.#view.getInt16(this.#skip(2));
      case 0xd2:
        return this.#view.getInt32(this.#skip(4));
      case 0xd3:
        return narrow(this.#view.getBigInt64(this.#skip(8)));
      default:
        // Extensions, and the token that is never used.
        throw REFUSED;
    }
  }

  /** @param size - 1, 2 or 4 */
  #unsigned(size: number): number {
    const at = this.#skip(size);
    if (size === 1) return this.#view.getUint8(at);
    return size === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  #binary(length: number): Uint8Array {
    const at = this.#skip(length);
    // `slice` of a Buffer would be a view of the same bytes.
    return new Uint8Array(this.#bytes.subarray(at, at + length));
  }

  #text(length: number): string {
    const at = this.#skip(length);
    const end = at + length;
    return (length <= SHORT_TEXT ? this.#ascii(at, end) : null) ?? decoded(this.#bytes.subarray(at, end));
  }

  /** Null when there is anything but ASCII. */
  #ascii(at: number, end: number): string | null {
    let text = "";
    for (let i = at; i < end; i++) {
      const byte = this.#bytes[i] ?? 0;
      if (byte >= 0x80) return null;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  #array(length: number, depthLeft: number): Packed[] {
    this.#enter(length, length, depthLeft);
    const array: Packed[] = [];
    for (let i = 0; i < length; i++) array.push(this.next(depthLeft - 1));
    return array;
  }

  #map(length: number, depthLeft: number): Record<string, Packed> {
    this.#enter(length, 2 * length, depthLeft);
    const map: Record<string, Packed> = {};
    for (let i = 0; i < length; i++) {
      const key = this.#key();
      map[key] = this.next(depthLeft - 1);
    }
    return map;
  }

  #key(): string {
    const key = isTextToken(this.#bytes[this.#at] ?? 0) ? this.next(0) : null;
    // As an own property it would do no harm, but whoever copies it by assignment sets a prototype.
    if (typeof key !== "string" || key === "__proto__") throw REFUSED;
    return key;
  }

  /** Every part takes a byte at least, so a length that is too large is found before anything is made. */
  #enter(parts: number, bytesMin: number, depthLeft: number): void {
    if (this.#at + bytesMin > this.#bytes.length) throw REFUSED;
    this.#valuesLeft -= parts;
    if (this.#valuesLeft < 0 || depthLeft === 0) throw TOO_LARGE;
  }

  /** Steps over `count` bytes. @returns where they begin */
  #skip(count: number): number {
    const at = this.#at;
    this.#at = at + count;
    if (this.#at > this.#bytes.length) throw REFUSED;
    return at;
  }
}

function isTextToken(token: number): boolean {
  return (token >= 0xa0 && token < 0xc0) || (token >= 0xd9 && token <= 0xdb);
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function decoded(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw REFUSED;
  }
}
