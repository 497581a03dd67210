// Where one packet ends and the next begins: pure verdicts over what has come.

import type { ByteQueue } from "./byte-queue.ts";
import type { ValueFraming } from "./value-framing.ts";

/**
 * How a stream is cut into packets of bytes: `"raw"`, as it comes; `"line"`, after each newline; 1, 2 or 4, by a big-endian length of so
 * many bytes before each packet, which is added to what is written and taken off what is read.
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/inet.html#setopts/2 | inet:setopts/2, packet}
 */
export type ByteFraming = "raw" | "line" | 1 | 2 | 4;

/** How a stream is cut into packets of type `P`: as bytes, or with what makes values of them, as `jsonLines()` and `msgpack()`. */
export type Framing<P = Uint8Array> = ByteFraming | ValueFraming<P>;

/** What a read asks for: the next packet as it is cut, or so many bytes whatever the framing. */
export type Want = ByteFraming | { readonly bytes: number };

/** What can be taken from the queue now. */
export type FrameVerdict =
  | { readonly do: "take"; readonly header: number; readonly length: number }
  | { readonly do: "wait_for_more" }
  | { readonly do: "refuse" };

const MORE: FrameVerdict = { do: "wait_for_more" };
const REFUSE: FrameVerdict = { do: "refuse" };

/** Whether what `want` asks for is in `queue`, cannot be there yet, or would have more than `bytesMax` bytes. */
export function nextFrame(queue: ByteQueue, want: Want, bytesMax: number): FrameVerdict {
  if (typeof want === "object") return queue.length >= want.bytes ? taking(0, want.bytes) : MORE;
  switch (want) {
    case "raw":
      return queue.length > 0 ? taking(0, Math.min(queue.length, bytesMax)) : MORE;
    case "line":
      return nextLine(queue, bytesMax);
    case 1:
    case 2:
    case 4:
      return nextPrefixed(queue, want, bytesMax);
  }
}

function nextLine(queue: ByteQueue, bytesMax: number): FrameVerdict {
  const length = queue.lineLength();
  if (length > bytesMax || (length === 0 && queue.length >= bytesMax)) return REFUSE;
  return length === 0 ? MORE : taking(0, length);
}

function nextPrefixed(queue: ByteQueue, header: number, bytesMax: number): FrameVerdict {
  if (queue.length < header) return MORE;
  const length = queue.peekNumber(header);
  if (length > bytesMax) return REFUSE;
  return queue.length >= header + length ? taking(header, length) : MORE;
}

function taking(header: number, length: number): FrameVerdict {
  return { do: "take", header, length };
}

/** What of an unfinished packet is still worth delivering when no more bytes come: a last line without its newline. */
export function lastFrame(queue: ByteQueue, want: Want): FrameVerdict {
  return (want === "line" || want === "raw") && queue.length > 0 ? taking(0, queue.length) : MORE;
}

/** The bytes to write for the packet `body`; null when its length does not fit the prefix. */
export function framed(body: Uint8Array, framing: ByteFraming): Uint8Array | null {
  if (typeof framing === "string") return body;
  if (body.length >= 256 ** framing) return null;
  const packet = new Uint8Array(framing + body.length);
  let rest = body.length;
  for (let i = framing - 1; i >= 0; i--) {
    packet[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  packet.set(body, framing);
  return packet;
}
