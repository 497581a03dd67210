// HTTP/1.1 as it is read from a simulated connection, one part after the other. Nothing is read before somebody wants the next part, so a
// body that nobody takes holds its sender up.

import type { Driver } from "@krarup/ports/internal";

/** The beginning of a message. */
export interface MessageHead {
  /** What the first line says, in the order of the pattern's groups. */
  readonly first: readonly string[];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly setCookies: readonly string[];
}

/** How the end of a body is known: by its length, by chunks, or by the end of the connection. */
export type BodyEnd = number | "chunked" | "connection";

/** What comes next. After `"bad"` and `"closed"` nothing does. */
export type Part =
  | { readonly type: "head"; readonly head: MessageHead }
  | { readonly type: "bytes"; readonly bytes: Uint8Array }
  | { readonly type: "end" }
  | { readonly type: "wait" }
  | { readonly type: "closed" }
  | { readonly type: "bad"; readonly code: string };

type Expecting =
  | { readonly type: "head" | "chunk_size" | "chunk_end" | "trailers" | "rest" | "nothing" }
  | { readonly type: "bytes"; left: number; readonly then: "end" | "chunk_end" };

/** Headers of which the first counts. */
const SINGLE: readonly string[] = ["content-length", "content-type", "host", "authorization", "user-agent", "referer"];

const EMPTY: Buffer = Buffer.alloc(0);
const HEAD_END = "\r\n\r\n";

/** How one side reads. */
export interface ReaderSettings {
  /** What a first line looks like. */
  readonly firstLine: RegExp;
  readonly headerBytesMax: number;
  /** How the body after `head` ends when no header says so. */
  readonly otherwise: (head: MessageHead) => BodyEnd;
  /** Whether no body follows, whatever the headers say. */
  readonly isBodiless: (head: MessageHead) => boolean;
}

/** Reads messages from `source`. */
export class MessageReader {
  readonly #source: Driver;
  readonly #settings: ReaderSettings;
  #bytes: Buffer = EMPTY;
  #expecting: Expecting = { type: "head" };

  constructor(source: Driver, settings: ReaderSettings) {
    this.#source = source;
    this.#settings = settings;
  }

  /** Whether a part of a head is there. */
  get hasBegun(): boolean {
    return this.#expecting.type === "head" && this.#bytes.length > 0;
  }

  next(): Part {
    for (;;) {
      const part = this.#part();
      if (part !== null) return part;
      const more = this.#source.read();
      if (more !== null) this.#bytes = Buffer.concat([this.#bytes, more]);
      else if (!this.#source.hasEnded) return { type: "wait" };
      else return this.#ended();
    }
  }

  /** Takes what was read and is no part of a message: the connection goes on with another protocol. */
  rest(): Uint8Array {
    return this.#take(this.#bytes.length);
  }

  #ended(): Part {
    const isWhole = this.#expecting.type === "rest" && this.#source.readFailure === null;
    this.#expecting = { type: "nothing" };
    return { type: isWhole ? "end" : "closed" };
  }

  /** The next part of what is there; null when there is not enough. */
  #part(): Part | null {
    switch (this.#expecting.type) {
      case "head":
        return this.#head();
      case "bytes":
        return this.#body(this.#expecting);
      case "chunk_size":
        return this.#chunkSize();
      case "chunk_end":
        return this.#line() === null ? null : this.#expect({ type: "chunk_size" });
      case "trailers":
        return this.#trailers();
      case "rest":
        return this.#bytes.length === 0 ? null : { type: "bytes", bytes: this.rest() };
      case "nothing":
        return null;
    }
  }

  #expect(expecting: Expecting): Part | null {
    this.#expecting = expecting;
    return this.#part();
  }

  #head(): Part | null {
    const { firstLine, headerBytesMax } = this.#settings;
    const line = this.#bytes.indexOf("\n");
    if (line >= 0 && line < 2) {
      // Empty lines between messages are passed over.
      this.#take(line + 1);
      return this.#head();
    }
    const end = this.#bytes.indexOf(HEAD_END);
    if ((end < 0 ? this.#bytes.length : end) > headerBytesMax) return this.#bad("hpe_header_overflow");
    if (line >= 0 && !firstLine.test(this.#bytes.toString("latin1", 0, line).trimEnd()))
      return this.#bad("hpe_invalid_constant");
    if (end < 0) return null;
    const [first = "", ...lines] = Buffer.from(this.#take(end + HEAD_END.length))
      .toString("latin1")
      .trimEnd()
      .split("\r\n");
    const head = headOf([...(firstLine.exec(first) ?? [])].slice(1), lines);
    return head === null ? this.#bad("hpe_invalid_header_token") : this.#begin(head);
  }

  #begin(head: MessageHead): Part {
    const ending = bodyEndOf(head.headers) ?? this.#settings.otherwise(head);
    if (ending === "bad") return this.#bad("hpe_invalid_content_length");
    if (this.#settings.isBodiless(head)) this.#expecting = { type: "bytes", left: 0, then: "end" };
    else if (ending === "chunked") this.#expecting = { type: "chunk_size" };
    else if (ending === "connection") this.#expecting = { type: "rest" };
    else this.#expecting = { type: "bytes", left: ending, then: "end" };
    return { type: "head", head };
  }

  #body(expecting: Extract<Expecting, { type: "bytes" }>): Part | null {
    if (expecting.left === 0) return expecting.then === "end" ? this.#end() : this.#expect({ type: expecting.then });
    if (this.#bytes.length === 0) return null;
    const bytes = this.#take(Math.min(expecting.left, this.#bytes.length));
    expecting.left -= bytes.length;
    return { type: "bytes", bytes };
  }

  #chunkSize(): Part | null {
    const line = this.#line();
    if (line === null) return null;
    const [, digits] = /^([\da-f]{1,8})\s*(?:;.*)?$/i.exec(line) ?? [];
    if (digits === undefined) return this.#bad("hpe_invalid_chunk_size");
    const left = Number.parseInt(digits, 16);
    return this.#expect(left === 0 ? { type: "trailers" } : { type: "bytes", left, then: "chunk_end" });
  }

  #trailers(): Part | null {
    for (let line = this.#line(); line !== null; line = this.#line()) if (line === "") return this.#end();
    return null;
  }

  #end(): Part {
    this.#expecting = { type: "head" };
    return { type: "end" };
  }

  #bad(code: string): Part {
    this.#expecting = { type: "nothing" };
    this.#bytes = EMPTY;
    return { type: "bad", code };
  }

  #line(): string | null {
    const end = this.#bytes.indexOf("\n");
    return end < 0
      ? null
      : Buffer.from(this.#take(end + 1))
          .toString("latin1")
          .trimEnd();
  }

  #take(count: number): Uint8Array {
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return new Uint8Array(taken);
  }
}

/** How the headers say that the body ends; null when they do not. Two answers are none: whoever believes the other one is fooled. */
function bodyEndOf(headers: MessageHead["headers"]): BodyEnd | "bad" | null {
  const { "content-length": length, "transfer-encoding": encoding } = headers;
  if (encoding !== undefined) return length === undefined && /(^|,\s*)chunked$/i.test(encoding) ? "chunked" : "bad";
  if (length === undefined) return null;
  return /^\d{1,15}$/.test(length) ? Number(length) : "bad";
}

function headOf(first: readonly string[], lines: readonly string[]): MessageHead | null {
  // Object.create returns any. No name of `Object.prototype` is among the headers.
  const headers = Object.create(null) as Record<string, string>;
  const setCookies: string[] = [];
  for (const line of lines) {
    const [, name, value = ""] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([^\0\r\n]*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined) return null;
    const key = name.toLowerCase();
    const known = headers[key];
    if (key === "set-cookie") setCookies.push(value);
    else if (known === undefined) headers[key] = value;
    else if (!SINGLE.includes(key)) headers[key] = `${known}${key === "cookie" ? "; " : ", "}${value}`;
  }
  return { first, headers, setCookies };
}

/** A first line and headers as bytes. */
export function headText(first: string, headers: readonly (readonly [string, string | readonly string[]])[]): string {
  const lines = headers.flatMap(([name, value]) => [value].flat().map((each) => `${name}: ${each}\r\n`));
  return `${first}\r\n${lines.join("")}\r\n`;
}
