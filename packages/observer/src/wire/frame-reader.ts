import { InspectionError } from "../errors.ts";
import { FRAME_BYTES_MAX } from "../limits.ts";
import { FrameDecoder, HEADER_BYTES } from "./codec.ts";

/**
 * Puts the chunks of a socket together to frames.
 *
 * @remarks
 * It keeps at most one unfinished frame, whose size is checked when its length is known: a peer cannot make it hold more than
 * {@link FRAME_BYTES_MAX} bytes, however it cuts its chunks. Bytes that come singly cost no more than bytes that come together.
 */
export class FrameReader {
  readonly #decoder = new FrameDecoder();
  readonly #header: Buffer = Buffer.alloc(HEADER_BYTES);
  /** Null until the length is known. */
  #body: Buffer | null = null;
  /** Bytes of the header, then of the body, that are there. */
  #filled = 0;

  /** Whether a frame has begun and is not complete. */
  get isPartial(): boolean {
    return this.#filled > 0 || this.#body !== null;
  }

  /**
   * The values of the frames that `chunk` completes, in order.
   *
   * @throws {@link InspectionError} `ERR_FRAME`; the connection is of no use then
   */
  *read(chunk: Buffer): Generator<unknown, void, void> {
    for (let at = 0; at < chunk.length;) {
      const target = this.#body ?? this.#header;
      const copied = chunk.copy(target, this.#filled, at);
      at += copied;
      this.#filled += copied;
      if (this.#filled < target.length) return;
      this.#filled = 0;
      if (this.#body === null) this.#body = Buffer.allocUnsafe(lengthIn(this.#header));
      else yield this.#take(this.#body);
    }
  }

  #take(body: Buffer): unknown {
    this.#body = null;
    return this.#decoder.decode(body);
  }
}

function lengthIn(header: Buffer): number {
  const length = header.readUInt32BE();
  if (length >= 1 && length <= FRAME_BYTES_MAX) return length;
  throw new InspectionError(
    "ERR_FRAME",
    `Cannot read a frame as it must have 1 to ${FRAME_BYTES_MAX} bytes: current value is ${length}`,
    { value: length },
  );
}
