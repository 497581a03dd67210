// The frames of a WebSocket, RFC 6455, section 5.

import { ByteQueue } from "@krarup/ports/internal";

/** What a frame is. */
export type Opcode = 0 | 1 | 2 | 8 | 9 | 10;

/** One frame. */
export interface Frame {
  readonly opcode: number;
  readonly isFinal: boolean;
  readonly payload: Uint8Array;
}

/** Bytes of a frame. A client masks what it sends, with `mask`. */
export function frameBytes(opcode: Opcode, payload: Uint8Array, mask: Uint8Array | null): Uint8Array {
  const { length } = payload;
  const extra = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + extra);
  head[0] = 0x80 | opcode;
  head[1] = (mask === null ? 0 : 0x80) | (extra === 0 ? length : extra === 2 ? 126 : 127);
  if (extra === 2) head.writeUInt16BE(length, 2);
  if (extra === 8) head.writeBigUInt64BE(BigInt(length), 2);
  return mask === null ? Buffer.concat([head, payload]) : Buffer.concat([head, mask, masked(payload, mask)]);
}

/** Takes bytes as they come, and gives whole frames. */
export class FrameReader {
  readonly #bytes = new ByteQueue();
  readonly #payloadMax: number;
  readonly #isMasked: boolean;
  #head: { readonly opcode: number; readonly isFinal: boolean; readonly length: number } | null = null;

  /** @param isMasked - whether the other side is a client, which must mask */
  constructor(payloadMax: number, isMasked: boolean) {
    this.#payloadMax = payloadMax;
    this.#isMasked = isMasked;
  }

  push(bytes: Uint8Array): void {
    this.#bytes.push(bytes);
  }

  /** @returns null when there is no whole frame; or what is wrong with it, after which nothing comes */
  next(): Frame | "emsgsize" | "ebadmsg" | null {
    const head = this.#head ?? this.#takeHead();
    if (typeof head !== "object" || head === null) return head;
    this.#head = head;
    const maskBytes = this.#isMasked ? 4 : 0;
    if (this.#bytes.length < maskBytes + head.length) return null;
    this.#head = null;
    const mask = this.#bytes.take(maskBytes).slice();
    const payload = this.#bytes.take(head.length).slice();
    return { ...head, payload: this.#isMasked ? masked(payload, mask) : payload };
  }

  #takeHead(): { opcode: number; isFinal: boolean; length: number } | "emsgsize" | "ebadmsg" | null {
    if (this.#bytes.length < 2) return null;
    const start = this.#bytes.peekNumber(2);
    const [first, short] = [start >>> 8, start & 0x7f];
    const extra = short < 126 ? 0 : short === 126 ? 2 : 8;
    if (this.#bytes.length < 2 + extra) return null;
    const bytes = Buffer.from(this.#bytes.take(2 + extra));
    const length = extra === 0 ? short : extra === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    const opcode = first & 0x0f;
    const isFinal = first >= 0x80;
    const isMasked = (start & 0x80) !== 0;
    const isControl = opcode >= 8;
    if ((first & 0x70) !== 0 || isMasked !== this.#isMasked || ![0, 1, 2, 8, 9, 10].includes(opcode)) return "ebadmsg";
    if (isControl && (!isFinal || length > 125)) return "ebadmsg";
    if (length > this.#payloadMax) return "emsgsize";
    return { opcode, isFinal, length };
  }
}

function masked(bytes: Uint8Array, mask: Uint8Array): Uint8Array {
  return bytes.map((byte, i) => byte ^ (mask[i % 4] ?? 0));
}
