// Values to frames and back. The only file that imports msgpackr, and of its builds the one that compiles no code and loads no native
// add-on. That one is CommonJS without types of its own; it loads in 3 ms, the usual one in 17.
//
//   ┌────────────┬───────────────────────────┐
//   │ length, 4  │ MessagePack, length bytes │    big-endian; plain data only, see plain-scan.ts
//   └────────────┴───────────────────────────┘

import { createRequire } from "node:module";
import type { Unpackr } from "msgpackr";
import { InspectionError } from "../errors.ts";
import { FRAME_BYTES_MAX } from "../limits.ts";
import { whyNotPlain } from "./plain-scan.ts";

// The builds differ in how they are made, not in what they export.
const msgpackr = createRequire(import.meta.url)("msgpackr/index-no-eval") as typeof import("msgpackr");

/** Bytes of the length before each frame. */
export const HEADER_BYTES = 4;

const OPTIONS = { useRecords: false, mapsAsObjects: true, encodeUndefinedAsNil: true } as const;
const packr = new msgpackr.Packr(OPTIONS);

/**
 * One frame, length included.
 *
 * @throws {@link InspectionError} `ERR_FRAME` when it would be longer than {@link FRAME_BYTES_MAX}
 */
export function encodeFrame(value: unknown): Buffer {
  const body = packr.pack(value);
  if (body.length > FRAME_BYTES_MAX)
    throw new InspectionError(
      "ERR_FRAME",
      `Cannot send a frame as it may have ${FRAME_BYTES_MAX} bytes: current value is ${body.length}`,
    );
  const frame = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  frame.writeUInt32BE(body.length);
  frame.set(body, HEADER_BYTES);
  return frame;
}

/** Decodes the frames of one connection. After an error it decodes no more: what a decoder may have kept of it is not to be trusted. */
export class FrameDecoder {
  #unpackr: Unpackr | null = new msgpackr.Unpackr(OPTIONS);

  /**
   * The value in `body`, a frame without its length.
   *
   * @throws {@link InspectionError} `ERR_FRAME` when the bytes are not exactly one value of plain data, and ever after
   */
  decode(body: Uint8Array): unknown {
    const unpackr = this.#unpackr;
    this.#unpackr = null;
    if (unpackr === null)
      throw new InspectionError("ERR_FRAME", "Cannot decode a frame as an earlier one of the connection was bad");
    const refusal = whyNotPlain(body);
    if (refusal !== undefined)
      throw new InspectionError("ERR_FRAME", `Cannot decode a frame as it must be plain data: ${refusal}`);
    const value = decodePlain(unpackr, body);
    this.#unpackr = unpackr;
    return value;
  }
}

function decodePlain(unpackr: Unpackr, body: Uint8Array): unknown {
  try {
    return unpackr.unpack(body);
  } catch (cause) {
    throw new InspectionError("ERR_FRAME", "Cannot decode a frame as its bytes are no MessagePack", { cause });
  }
}
