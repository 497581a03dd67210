// From bytes to commands, RESP2 as clients send it:
//
//   *2\r\n $4\r\nECHO\r\n $5\r\nhello\r\n      an array of bulk strings
//   ECHO hello\r\n                             or a line, for people (without Redis's quotes)
//
// Bytes come in any pieces. What is whole is taken, argument by argument; what is not waits, and nothing is looked at twice: while bytes
// of a long argument are missing, chunks are only counted.
//
// A text here has one character for each byte (Latin-1), so that any bytes can be keys and values: they compare and hash as texts do, and
// go from process to process without a copy.

import { ARGUMENT_BYTES_MAX, ARGUMENTS_MAX, COMMAND_BYTES_MAX, LINE_BYTES_MAX } from "./limits.ts";

/** Name and arguments, one character for each byte. */
export type Command = readonly string[];

const CR = 13;
const LF = 10;
const STAR = 42;
const DOLLAR = 36;
const MINUS = 45;
const ZERO = 48;

/** What a number turned out to be that is none. */
const UNFINISHED = -2;
const NO_NUMBER = -3;
/** Digits of a length; more are none. */
const DIGITS_MAX = 10;

const EMPTY: Buffer = Buffer.alloc(0);

/** The bytes of one client, as commands. */
export class RequestParser {
  /** Why no more can be taken, in Redis's words; null while all is well. */
  garbage: string | null = null;
  #bytes: Buffer = EMPTY;
  #at = 0;
  /** What has come since `#bytes` was put together, and how much it must be to be worth putting together. */
  #chunks: Uint8Array[] = [];
  #chunksLength = 0;
  #missing = 0;
  /** The command under way: what is there, how many arguments are missing, and the length of the next if it is known. */
  #command: string[] = [];
  #commandBytes = 0;
  #argumentsLeft = 0;
  #argumentLength = -1;

  /** Appends what has come; `chunk` must not change afterwards. */
  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#chunksLength += chunk.length;
  }

  /** Whether a command has begun and is not whole. */
  get isWaiting(): boolean {
    return this.#argumentsLeft > 0 || this.#at < this.#bytes.length || this.#chunksLength > 0;
  }

  /** Takes the next command; null when it is not whole yet, or when what has come is `garbage`. */
  next(): Command | null {
    if (this.garbage !== null || !this.#gather()) return null;
    while (this.#argumentsLeft === 0) {
      if (this.#at === this.#bytes.length) return this.#wait(1);
      if (this.#bytes[this.#at] !== STAR) {
        const line = this.#takeLine();
        if (line === null || line.length > 0) return line;
      } else if (!this.#beginCommand()) return null;
    }
    return this.#takeArguments();
  }

  /** Puts together what has come, once it is enough. @returns whether it is */
  #gather(): boolean {
    if (this.#chunksLength < this.#missing) return false;
    if (this.#chunksLength > 0) {
      const [first] = this.#chunks;
      const isAlone = this.#at === this.#bytes.length && this.#chunks.length === 1 && first !== undefined;
      this.#bytes = isAlone ? asBuffer(first) : Buffer.concat([this.#bytes.subarray(this.#at), ...this.#chunks]);
      this.#at = 0;
      this.#chunks = [];
      this.#chunksLength = 0;
    }
    this.#missing = 0;
    return true;
  }

  /** Waits for at least `missing` more bytes. */
  #wait(missing: number): null {
    if (this.#at === this.#bytes.length) {
      this.#bytes = EMPTY;
      this.#at = 0;
    }
    this.#missing = missing;
    return null;
  }

  #fail(why: string): null {
    this.garbage = `ERR Protocol error: ${why}`;
    this.#bytes = EMPTY;
    this.#chunks = [];
    this.#command = [];
    return null;
  }

  /** A command typed as a line; empty for an empty line. */
  #takeLine(): Command | null {
    const end = this.#bytes.indexOf(LF, this.#at);
    const length = (end < 0 ? this.#bytes.length : end) - this.#at;
    if (length > LINE_BYTES_MAX) return this.#fail("too big inline request");
    if (end < 0) return this.#wait(1);
    const line = this.#bytes.toString("latin1", this.#at, end).trim();
    this.#at = end + 1;
    return line === "" ? [] : line.split(/\s+/);
  }

  /** Takes `*count`. @returns whether it was there; a count of 0 or -1 is no command, and the next follows */
  #beginCommand(): boolean {
    const count = this.#takeNumber();
    if (count === UNFINISHED) return this.#wait(1) !== null;
    if (count === NO_NUMBER || count > ARGUMENTS_MAX) return this.#fail("invalid multibulk length") !== null;
    this.#argumentsLeft = Math.max(0, count);
    this.#command = [];
    this.#commandBytes = 0;
    return true;
  }

  #takeArguments(): Command | null {
    while (this.#argumentsLeft > 0) {
      if (this.#argumentLength < 0 && !this.#beginArgument()) return null;
      const start = this.#at;
      const end = start + this.#argumentLength;
      if (end + 2 > this.#bytes.length) return this.#wait(end + 2 - this.#bytes.length);
      this.#command.push(this.#bytes.toString("latin1", start, end));
      this.#at = end + 2;
      this.#argumentLength = -1;
      this.#argumentsLeft--;
    }
    return this.#command;
  }

  /** Takes `$length`. @returns whether it was there */
  #beginArgument(): boolean {
    if (this.#at === this.#bytes.length) return this.#wait(1) !== null;
    const marker = this.#bytes[this.#at] ?? 0;
    if (marker !== DOLLAR) return this.#fail(`expected '$', got '${String.fromCharCode(marker)}'`) !== null;
    const length = this.#takeNumber();
    if (length === UNFINISHED) return this.#wait(1) !== null;
    this.#commandBytes += length;
    if (length < 0 || length > ARGUMENT_BYTES_MAX || this.#commandBytes > COMMAND_BYTES_MAX)
      return this.#fail("invalid bulk length") !== null;
    this.#argumentLength = length;
    return true;
  }

  /** Takes a marker and the number behind it. */
  #takeNumber(): number {
    const bytes = this.#bytes;
    const isNegative = bytes[this.#at + 1] === MINUS;
    const first = this.#at + (isNegative ? 2 : 1);
    let at = first;
    let number = 0;
    for (; at < bytes.length; at++) {
      const digit = (bytes[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
      number = number * 10 + digit;
    }
    if (at - first > DIGITS_MAX) return NO_NUMBER;
    if (at === bytes.length) return UNFINISHED;
    if (at === first || bytes[at] !== CR) return NO_NUMBER;
    if (at + 1 === bytes.length) return UNFINISHED;
    if (bytes[at + 1] !== LF) return NO_NUMBER;
    this.#at = at + 2;
    return isNegative ? -1 : number;
  }
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
