// Looks over MessagePack bytes before they are decoded, and lets only plain data pass.
//
// The decoder is a general one: whether it was asked to or not, it revives RegExp, Error, Set and typed arrays, compiles code for record
// definitions and follows references that make 400 bytes stand for 2^30 objects. All of that sits behind extension and binary tokens.
// So this pass walks the bytes once, without recursion and without making a value, refuses every token that is not nil, a boolean, a
// number of at most 53 bits, text, an array or a map, and counts depth and values. What is left means the same to every decoder.

import { FRAME_DEPTH_MAX, FRAME_VALUES_MAX } from "../limits.ts";

/** What follows a token: bytes to step over, values inside, and how many bytes tell the count. */
interface Shape {
  /** Payload bytes, or with `lengthBytes` the bytes that hold its length. */
  readonly bytes: number;
  /** Values inside per counted element: 0 for scalars, 1 for arrays, 2 for maps. */
  readonly valuesEach: 0 | 1 | 2;
  /** Elements, where the token itself tells. */
  readonly count: number;
  /** Bytes that hold a length: of text in bytes, of an array or map in elements. */
  readonly lengthBytes: 0 | 1 | 2 | 4;
}

const scalar = (bytes: number): Shape => ({ bytes, valuesEach: 0, count: 0, lengthBytes: 0 });
const sized = (lengthBytes: 1 | 2 | 4, valuesEach: 0 | 1 | 2): Shape => ({
  bytes: 0,
  valuesEach,
  count: 0,
  lengthBytes,
});
const short = (count: number, valuesEach: 1 | 2): Shape => ({
  bytes: 0,
  valuesEach,
  count,
  lengthBytes: 0,
});

/** Tokens from 0xc0 to 0xdf. Missing ones are refused: binary, extensions, 64-bit integers, the one that is never used. */
const SHAPES: ReadonlyMap<number, Shape> = new Map([
  [0xc0, scalar(0)], // nil
  [0xc2, scalar(0)], // false
  [0xc3, scalar(0)], // true
  [0xca, scalar(4)], // float 32
  [0xcb, scalar(8)], // float 64
  [0xcc, scalar(1)], // unsigned
  [0xcd, scalar(2)],
  [0xce, scalar(4)],
  [0xd0, scalar(1)], // signed
  [0xd1, scalar(2)],
  [0xd2, scalar(4)],
  [0xd9, sized(1, 0)], // text
  [0xda, sized(2, 0)],
  [0xdb, sized(4, 0)],
  [0xdc, sized(2, 1)], // array
  [0xdd, sized(4, 1)],
  [0xde, sized(2, 2)], // map
  [0xdf, sized(4, 2)],
]);

function shapeOf(token: number): Shape | undefined {
  if (token < 0x80 || token >= 0xe0) return scalar(0);
  if (token < 0x90) return short(token - 0x80, 2);
  if (token < 0xa0) return short(token - 0x90, 1);
  if (token < 0xc0) return scalar(token - 0xa0);
  return SHAPES.get(token);
}

/**
 * Says why `bytes` are not exactly one value of plain data.
 *
 * **Cost.** O(bytes), at most {@link FRAME_VALUES_MAX} steps; no value is made.
 *
 * @returns undefined when they are
 */
export function whyNotPlain(bytes: Uint8Array): string | undefined {
  // Values still to come on each open level.
  const open: number[] = [1];
  let at = 0;
  for (let values = 0; open.length > 0;) {
    const left = open.pop() ?? 0;
    if (left === 0) continue;
    open.push(left - 1);
    if (++values > FRAME_VALUES_MAX) return `more than ${FRAME_VALUES_MAX} values`;
    const step = stepOver(bytes, at);
    if (typeof step === "string") return step;
    at = step.next;
    if (step.inside > 0) open.push(step.inside);
    if (open.length > FRAME_DEPTH_MAX) return `more than ${FRAME_DEPTH_MAX} levels`;
  }
  return at === bytes.length ? undefined : "bytes after the end of the value";
}

/** Where the value at `at` leads to, or why it may not be there. */
function stepOver(bytes: Uint8Array, at: number): { readonly next: number; readonly inside: number } | string {
  const token = bytes[at];
  if (token === undefined) return "the value is cut off";
  const shape = shapeOf(token);
  if (shape === undefined) return `token 0x${token.toString(16)} is not plain data`;
  const body = at + 1 + shape.lengthBytes;
  const length = shape.lengthBytes === 0 ? shape.count : bigEndian(bytes, at + 1, shape.lengthBytes);
  const skipped = shape.lengthBytes > 0 && shape.valuesEach === 0 ? length : shape.bytes;
  const inside = length * shape.valuesEach;
  // Every value takes a byte at least, so a count that is too large is found before anything is walked.
  return body + skipped + inside > bytes.length ? "the value is cut off" : { next: body + skipped, inside };
}

function bigEndian(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let i = at; i < at + size; i++) value = value * 256 + (bytes[i] ?? 0);
  return value;
}
