// Bytes that have come and that nobody has taken. They lie in one piece, so that a packet is a view and bytes that come singly cost no more
// than bytes that come together; a chunk that finds the queue empty is taken over as it is.

const EMPTY: Uint8Array = new Uint8Array(0);

/** A first-in, first-out queue of bytes. */
export class ByteQueue {
  #bytes: Uint8Array = EMPTY;
  #start = 0;
  #end = 0;
  /** Bytes from the front that are known to hold no newline. */
  #withoutNewline = 0;
  /** Whether `#bytes` was made here; a chunk taken over is never written to. */
  #isOurs = false;

  /** Bytes in the queue. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Appends `chunk`, which must not change afterwards. */
  push(chunk: Uint8Array): void {
    if (this.length === 0) {
      // Of a Buffer the bytes are taken over and the class is not: it would go with every copy, at ten times the cost.
      this.#bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
      this.#start = 0;
      this.#end = chunk.length;
      this.#withoutNewline = 0;
      this.#isOurs = false;
      return;
    }
    this.#makeRoom(chunk.length);
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Takes `count` bytes from the front. What is returned is valid until the next `push`: whoever keeps it copies it. */
  take(count: number): Uint8Array {
    const taken = this.#bytes.subarray(this.#start, this.#start + count);
    this.#start += count;
    this.#withoutNewline = Math.max(0, this.#withoutNewline - count);
    if (this.length === 0) this.clear();
    return taken;
  }

  /** The big-endian number in the first `size` bytes, which must be there. */
  peekNumber(size: number): number {
    let number = 0;
    for (let i = 0; i < size; i++) number = number * 256 + (this.#bytes[this.#start + i] ?? 0);
    return number;
  }

  /** Bytes up to and with the first newline; 0 when there is none. Each byte is looked at once. */
  lineLength(): number {
    const at = this.#bytes.subarray(0, this.#end).indexOf(10, this.#start + this.#withoutNewline);
    if (at >= 0) return at + 1 - this.#start;
    this.#withoutNewline = this.length;
    return 0;
  }

  clear(): void {
    this.#bytes = EMPTY;
    this.#start = this.#end = this.#withoutNewline = 0;
  }

  #makeRoom(count: number): void {
    const { length } = this;
    if (this.#end + count <= this.#bytes.length && this.#isOurs) return;
    // Twice the need: the cost of moving stays proportional to what comes.
    const larger = new Uint8Array(2 * (length + count));
    larger.set(this.#bytes.subarray(this.#start, this.#end));
    this.#bytes = larger;
    this.#start = 0;
    this.#end = length;
    this.#isOurs = true;
  }
}
