// One request that came in over Node's HTTP server, with the response to it. It knows nothing of processes.
//
// Nothing is pushed. The body stays in the request, and then with the client, until somebody takes a part; what is sent waits in the
// response, and `isFull` says when it is enough.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { LINGER_MS } from "../http/limits.ts";
import { type AcceptSettings, WebSocketDriver } from "./web-socket-driver.ts";
import type { BodyPart, Exchange, ExchangeListener, RequestHead, ResponseHead } from "./http.ts";

/** One request and its response. */
export class HttpExchange implements Exchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #bodyBytesMax: number;
  readonly #over: () => void;
  readonly #connection: Socket;
  #listener: ExchangeListener | null = null;
  #expiresAt = Number.POSITIVE_INFINITY;
  #wake: (() => void) | null = null;
  #received = 0;
  #bodyFailure: "closed" | "emsgsize" | null = null;
  #isListening = false;
  #isDiscarding = false;
  #mustContinue = false;
  #upgradeHead: Buffer | null = null;
  isOver = false;
  /** Whether the response was a WebSocket. */
  isUpgraded = false;

  /** @param over - called when there is nothing more to send */
  constructor(request: IncomingMessage, response: ServerResponse, bodyBytesMax: number, over: () => void) {
    this.#request = request;
    this.#response = response;
    this.#connection = request.socket;
    this.#bodyBytesMax = bodyBytesMax;
    this.#over = over;
  }

  get head(): RequestHead {
    // Node sets both for every request that a server gets.
    const { method = "GET", url: target = "/" } = this.#request;
    const { httpVersion: version, socket } = this.#request;
    return { method, target, headers: plainHeaders(this.#request), version, peer: socket.remoteAddress ?? "" };
  }

  get hasBody(): boolean {
    const { headers } = this.#request;
    return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
  }

  /** Whether the request says that its body is longer than it may be. */
  get announcesTooMuch(): boolean {
    return Number(this.#request.headers["content-length"] ?? 0) > this.#bodyBytesMax;
  }

  /** The client asks for a WebSocket; `head` is what it has sent beyond that. Whatever the answer, the connection is no longer the parser's. */
  mayUpgrade(head: Buffer): void {
    this.#upgradeHead = head;
    this.isLast();
    this.#response.assignSocket(this.#connection);
    this.#response.on("finish", () => this.#connection.end());
  }

  /** The client waits to be told that its body is wanted. */
  waitToContinue(): void {
    this.#mustContinue = true;
  }

  /** The connection ends with the response. */
  isLast(): void {
    this.#response.shouldKeepAlive = false;
  }

  listen(listener: ExchangeListener, timeoutMs: number | "infinity"): void {
    this.#listener = listener;
    if (timeoutMs !== "infinity") this.#expiresAt = performance.now() + timeoutMs;
  }

  take(): BodyPart {
    if (this.#bodyFailure !== null) return this.#bodyFailure;
    this.#letContinue();
    const request = this.#request;
    // Its type says any; without an encoding it is bytes, or null.
    const chunk = request.read() as Uint8Array | null;
    if (chunk === null) return request.complete ? "end" : "wait";
    this.#received += chunk.length;
    if (this.#received <= this.#bodyBytesMax) return chunk;
    this.refuseBody();
    return "emsgsize";
  }

  refuseBody(): void {
    this.#bodyFailure ??= "emsgsize";
  }

  change(): Promise<void> {
    if (!this.#isListening) {
      this.#isListening = true;
      this.#request.on("readable", () => this.#readable());
      this.#request.on("end", () => this.#changed());
      this.#response.on("drain", () => this.#changed());
    }
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  respond({ status, headers }: ResponseHead, body: Uint8Array | string): void {
    this.#response.writeHead(status, headersForNode(headers));
    this.#response.end(body);
    this.#finish();
  }

  begin({ status, headers }: ResponseHead): void {
    this.#expiresAt = Number.POSITIVE_INFINITY;
    this.#response.strictContentLength = true;
    this.#response.writeHead(status, headersForNode(headers));
    this.#response.flushHeaders();
  }

  write(chunk: Uint8Array | string): void {
    if (!this.isOver) this.#response.write(chunk);
  }

  get isFull(): boolean {
    return this.#response.writableNeedDrain;
  }

  end(): void {
    if (this.isOver) return;
    this.#response.end();
    this.#finish();
  }

  /** Whether it is the client's turn: its body is waited for, or that it takes what there is. */
  get isClientsTurn(): boolean {
    return this.#wake !== null;
  }

  upgrade(settings: AcceptSettings): WebSocketDriver | null {
    if (this.isOver || this.#upgradeHead === null) return null;
    this.#response.detachSocket(this.#connection);
    this.isUpgraded = true;
    this.#finish();
    return WebSocketDriver.accept(this.#request, this.#connection, this.#upgradeHead, settings);
  }

  sendsNoBody(status: number): boolean {
    return this.#request.method === "HEAD" || status === 204 || status === 304;
  }

  abandon(status: number): void {
    if (this.isOver) return;
    if (this.#response.headersSent) {
      this.#connection.destroy();
      this.#finish();
      return;
    }
    const actual = this.#bodyFailure === "emsgsize" ? 413 : status;
    const text = WORDS[actual] ?? "";
    // Headers that could not be sent have left their status behind.
    this.#response.statusMessage = "";
    const headers = { "content-type": "text/plain; charset=utf-8", "content-length": String(text.length) };
    this.respond({ status: actual, headers }, text);
  }

  /** Call now and then. A timer for each request would take 0.5 µs, to note the time takes 0.05. */
  expireAt(now: number): void {
    if (now < this.#expiresAt) return;
    this.abandon(503);
    this.#listener?.expired();
  }

  /** Call when the connection has ended. */
  connectionClosed(): void {
    if (this.isOver) return;
    this.#bodyFailure ??= "closed";
    this.#isDiscarding = true;
    this.#finish();
    this.#listener?.clientGone();
  }

  #finish(): void {
    this.isOver = true;
    this.#expiresAt = Number.POSITIVE_INFINITY;
    this.#over();
    this.#changed();
    if (this.hasBody && !this.#request.complete && !this.#request.destroyed) this.#discardRest();
  }

  /** A client that still sends would be reset by a close, and might never see the answer. */
  #discardRest(): void {
    this.#isDiscarding = true;
    if (this.#isListening) this.#readable();
    else this.#request.resume();
    const request = this.#request;
    setTimeout(() => request.complete || this.#connection.destroy(), LINGER_MS).unref();
  }

  #readable(): void {
    if (!this.#isDiscarding) return this.#changed();
    while (this.#request.read() !== null);
  }

  #letContinue(): void {
    if (!this.#mustContinue) return;
    this.#mustContinue = false;
    this.#response.writeContinue();
  }

  #changed(): void {
    this.#wake?.();
    this.#wake = null;
  }
}

/** The headers of a message without those that come as lists. No name of `Object.prototype` is among them. */
export function plainHeaders({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  // Object.create returns any.
  const plain = Object.create(null) as Record<string, string>;
  for (const name in headers) {
    const value = headers[name];
    if (typeof value === "string") plain[name] = value;
  }
  return plain;
}

const WORDS: Readonly<Record<number, string>> = {
  413: "Content Too Large\n",
  500: "Internal Server Error\n",
  503: "Service Unavailable\n",
};

/** The same headers, in the type that Node wants. */
export function headersForNode(headers: ResponseHead["headers"]): Record<string, string | string[]> {
  // Node's type wants lists that it could change; it changes none.
  return headers as Record<string, string | string[]>;
}
