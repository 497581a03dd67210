// One request that came in over a simulated connection, with the response to it. What is sent before the turn of this response waits here.

import { STATUS_CODES } from "node:http";
import type { WebSocketMessage } from "@krarup/ports";
import {
  type AcceptSettings,
  type BodyPart,
  ByteQueue,
  type Driver,
  type Exchange,
  type ExchangeListener,
  type RequestHead,
  type ResponseHead,
} from "@krarup/ports/internal";
import type { Agenda } from "../time/agenda.ts";
import { Deadline } from "./deadline.ts";
import { headText } from "./message-reader.ts";

/** Bytes of a body that are read before somebody takes them, and bytes of a response that wait for its turn: Node's figure. */
const WAITING_BYTES_MAX = 65_536;

const WORDS: Readonly<Record<number, string>> = {
  413: "Content Too Large\n",
  500: "Internal Server Error\n",
  503: "Service Unavailable\n",
};

/** The connection of an exchange, as the exchange sees it. */
export interface Carries {
  readonly agenda: Agenda;
  readonly bodyBytesMax: number;
  readonly keepAliveTimeoutMs: number;
  readonly isFull: boolean;
  write(bytes: Uint8Array): void;
  /** There is room for more of the body. */
  readOn(): void;
  /** There is nothing more to send. */
  over(exchange: SimulatedExchange): void;
  cutOff(): void;
  upgrade(exchange: SimulatedExchange, settings: AcceptSettings): Driver<WebSocketMessage> | null;
}

/** One request and its response. */
export class SimulatedExchange implements Exchange {
  readonly head: RequestHead;
  readonly hasBody: boolean;
  /** Whether all of the request has come. */
  isComplete = false;
  /** Whether the connection ends with the response. */
  isLast: boolean;
  isOver = false;
  readonly #carrier: Carries;
  readonly #deadline: Deadline;
  readonly #body = new ByteQueue();
  readonly #waiting = new ByteQueue();
  #listener: ExchangeListener | null = null;
  #wake: (() => void) | null = null;
  #hasTurn = false;
  #hasBegun = false;
  #isChunked = false;
  #leftToSend = Number.POSITIVE_INFINITY;
  #received = 0;
  #bodyFailure: "closed" | "emsgsize" | null = null;
  #mustContinue: boolean;

  constructor(head: RequestHead, carrier: Carries) {
    const { headers, version } = head;
    this.head = head;
    this.#carrier = carrier;
    this.#deadline = new Deadline(carrier.agenda);
    this.hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
    const connection = (headers["connection"] ?? "").toLowerCase();
    this.isLast = version === "1.0" ? !connection.includes("keep-alive") : connection.includes("close");
    this.#mustContinue = headers["expect"]?.toLowerCase() === "100-continue";
  }

  /** Whether the request says that its body is longer than it may be. */
  get announcesTooMuch(): boolean {
    return Number(this.head.headers["content-length"] ?? 0) > this.#carrier.bodyBytesMax;
  }

  /** Whether more of the body may be read. */
  get wantsBody(): boolean {
    return this.isOver || this.#body.length < WAITING_BYTES_MAX;
  }

  /** Whether the client is waited for. */
  get isClientsTurn(): boolean {
    return this.#wake !== null;
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** More of the body has come. Nobody takes it any more once the response is out. */
  arrive(bytes: Uint8Array): void {
    if (!this.isOver) this.#body.push(bytes);
    this.changed();
  }

  complete(): void {
    this.isComplete = true;
    this.changed();
  }

  /** It is the turn of this response. */
  takeTurn(): void {
    this.#hasTurn = true;
    if (this.#waiting.length > 0) this.#carrier.write(this.#waiting.take(this.#waiting.length).slice());
    this.changed();
  }

  /** Wakes whoever waits for a change. */
  changed(): void {
    this.#wake?.();
    this.#wake = null;
  }

  /** The connection has ended. */
  connectionClosed(): void {
    if (this.isOver) return;
    this.#bodyFailure ??= "closed";
    this.#finish();
    this.#listener?.clientGone();
  }

  listen(listener: ExchangeListener, timeoutMs: number | "infinity"): void {
    this.#listener = listener;
    this.#deadline.set(timeoutMs, () => {
      this.abandon(503);
      listener.expired();
    });
  }

  take(): BodyPart {
    if (this.#bodyFailure !== null) return this.#bodyFailure;
    if (this.#mustContinue) this.#send("HTTP/1.1 100 Continue\r\n\r\n");
    this.#mustContinue = false;
    const { length } = this.#body;
    if (length === 0) return this.isComplete ? "end" : "wait";
    const bytes = this.#body.take(length).slice();
    this.#received += length;
    this.#carrier.readOn();
    if (this.#received <= this.#carrier.bodyBytesMax) return bytes;
    this.refuseBody();
    return "emsgsize";
  }

  refuseBody(): void {
    this.#bodyFailure ??= "emsgsize";
  }

  change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  respond(head: ResponseHead, body: Uint8Array | string): void {
    this.begin(head);
    if (!this.sendsNoBody(head.status)) this.#sendPart(Buffer.from(body));
    this.#finish();
  }

  begin({ status, headers }: ResponseHead): void {
    const text = this.#headOf(status, headers);
    this.#deadline.clear();
    this.#hasBegun = true;
    this.#send(text);
  }

  write(part: Uint8Array | string): void {
    if (this.isOver) return;
    const bytes = Buffer.from(part);
    if (bytes.length > this.#leftToSend) throw wrongLength();
    this.#leftToSend -= bytes.length;
    this.#sendPart(bytes);
  }

  get isFull(): boolean {
    return this.#hasTurn ? this.#carrier.isFull : this.#waiting.length >= WAITING_BYTES_MAX;
  }

  end(): void {
    if (this.isOver) return;
    if (this.#leftToSend > 0 && this.#leftToSend !== Number.POSITIVE_INFINITY) throw wrongLength();
    if (this.#isChunked) this.#send("0\r\n\r\n");
    this.#finish();
  }

  upgrade(settings: AcceptSettings): Driver<WebSocketMessage> | null {
    if (this.isOver) return null;
    const socket = this.#carrier.upgrade(this, settings);
    if (socket !== null) this.#finish();
    return socket;
  }

  sendsNoBody(status: number): boolean {
    return this.head.method === "HEAD" || status === 204 || status === 304;
  }

  abandon(status: number): void {
    if (this.isOver) return;
    if (this.#hasBegun) {
      this.#finish();
      return this.#carrier.cutOff();
    }
    const actual = this.#bodyFailure === "emsgsize" ? 413 : status;
    const text = WORDS[actual] ?? "";
    const headers = { "content-type": "text/plain; charset=utf-8", "content-length": String(text.length) };
    this.respond({ status: actual, headers }, text);
  }

  #headOf(status: number, headers: ResponseHead["headers"]): string {
    const given = Object.entries(headers);
    for (const [name, value] of given) checkHeader(name, value);
    const names = new Map(given.map(([name, value]) => [name.toLowerCase(), String(value)]));
    if (names.get("connection")?.toLowerCase().includes("close") === true) this.isLast = true;
    const length = names.get("content-length");
    const hasNoBody = this.sendsNoBody(status);
    if (length !== undefined && !hasNoBody) this.#leftToSend = Number(length);
    this.#isChunked = length === undefined && !hasNoBody && this.head.version === "1.1";
    if (length === undefined && !hasNoBody && !this.#isChunked) this.isLast = true;
    const keep = `timeout=${Math.floor(this.#carrier.keepAliveTimeoutMs / 1_000)}`;
    return headText(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "unknown"}`, [
      ...given,
      ["Date", new Date(this.#carrier.agenda.nowMs).toUTCString()],
      ...(names.has("connection") ? [] : [["Connection", this.isLast ? "close" : "keep-alive"] as const]),
      ...(this.isLast || names.has("connection") ? [] : [["Keep-Alive", keep] as const]),
      ...(this.#isChunked ? [["Transfer-Encoding", "chunked"] as const] : []),
    ]);
  }

  #sendPart(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (!this.#isChunked) return this.#sendBytes(bytes);
    this.#sendBytes(Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]));
  }

  #send(text: string): void {
    this.#sendBytes(Buffer.from(text, "latin1"));
  }

  #sendBytes(bytes: Uint8Array): void {
    if (this.#hasTurn) this.#carrier.write(bytes);
    else this.#waiting.push(bytes.slice());
  }

  #finish(): void {
    this.isOver = true;
    this.#deadline.clear();
    this.#body.clear();
    this.changed();
    this.#carrier.over(this);
  }
}

/** @throws as Node does for a header that would end in the middle, or begin another one */
function checkHeader(name: string, value: string | readonly string[]): void {
  const isWord = /^[\w!#$%&'*+.^`|~-]+$/.test(name);
  if (isWord && [value].flat().every((line) => /^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(line))) return;
  const code = isWord ? "ERR_INVALID_CHAR" : "ERR_INVALID_HTTP_TOKEN";
  throw Object.assign(new TypeError(`Invalid character in header ${JSON.stringify(name)}`), { code });
}

function wrongLength(): Error {
  const error = new Error("The body of the response does not have the length that its header announces");
  return Object.assign(error, { code: "ERR_HTTP_CONTENT_LENGTH_MISMATCH" });
}
