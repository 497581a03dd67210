// A request that was sent over the simulated network, and the answer to it as a stream.

import type { AnswerHead, DriverState, HttpAnswering, HttpAsking } from "@krarup/ports/internal";
import { headText, type MessageHead } from "./message-reader.ts";
import type { ClientConnection, Connections } from "./simulated-http-client.ts";

/** Methods that may be sent again when nobody knows whether the server has got them. */
const REPEATABLE: readonly string[] = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];

/** Methods whose requests say that they have no body. */
const WITH_BODY: readonly string[] = ["POST", "PUT", "PATCH"];

/** One request and its answer. It is open once the head of the answer is there. */
export class SimulatedAnswer implements HttpAnswering {
  readonly label: string;
  readonly isFull = false;
  readonly exitStatus = null;
  readonly writeFailure = "epipe";
  state: DriverState = { type: "opening" };
  head: AnswerHead = { status: 0, headers: {}, setCookies: [] };
  readFailure: string | null = null;
  hasEnded = false;
  readonly #asking: HttpAsking;
  readonly #connections: Connections;
  #connection: ClientConnection | null = null;
  #next: Uint8Array | null = null;
  #canBeKept = false;
  #isSent = false;
  #wasRepeated = false;
  #stopWaiting: () => void = () => undefined;
  #listener: () => void = () => undefined;

  constructor(asking: HttpAsking, connections: Connections) {
    this.label = `${asking.method} ${asking.url.origin}${asking.url.pathname}`;
    this.#asking = asking;
    this.#connections = connections;
    this.#begin();
  }

  read(): Uint8Array | null {
    this.#pull();
    const bytes = this.#next;
    this.#next = null;
    // The end is known before somebody asks for more, as it closes the port.
    this.#pull();
    return bytes;
  }

  write(): void {
    // The request has its whole body: `writeFailure` says that no more can be written.
  }

  closeWrite(): void {
    // As above.
  }

  close(): void {
    this.destroy();
  }

  destroy(): void {
    this.#stopWaiting();
    this.#giveBack(false);
  }

  listen(changed: () => void): void {
    this.#listener = changed;
  }

  #begin(): void {
    this.#isSent = false;
    this.#stopWaiting = this.#connections.take(this.#asking, (connection) => {
      this.#connection = connection;
      connection.socket.listen(() => this.#changed());
      this.#changed();
    });
  }

  #changed(): void {
    const socket = this.#connection?.socket;
    if (socket === undefined) return;
    if (socket.state.type === "failed") return this.#failed(socket.state.code);
    if (socket.state.type === "open" && !this.#isSent) this.#send();
    this.#pull();
    this.#listener();
  }

  #send(): void {
    this.#isSent = true;
    this.#connection?.socket.write(requestBytes(this.#asking));
  }

  /** Reads until there is a part of the body that nobody has taken. */
  #pull(): void {
    while (this.#connection !== null && this.#isSent && this.#next === null && this.#take(this.#connection));
  }

  /** Takes one part of the answer. @returns whether there may be another */
  #take({ reader, socket }: ClientConnection): boolean {
    const part = reader.next();
    switch (part.type) {
      case "head":
        this.#answered(part.head);
        return true;
      case "bytes":
        this.#next = part.bytes;
        return false;
      case "end":
        if (this.state.type === "opening") return true; // of a status like 100, after which another comes
        this.hasEnded = true;
        this.#giveBack(this.#canBeKept && !socket.hasEnded);
        return false;
      case "wait":
        return false;
      case "closed":
        this.#failed(socket.readFailure ?? "econnreset");
        return false;
      case "bad":
        this.#failed(part.code);
        return false;
    }
  }

  #answered({ first: [minor, code], headers, setCookies }: MessageHead): void {
    const status = Number(code);
    if (status < 200) return;
    this.head = { status, headers, setCookies };
    this.state = { type: "open" };
    const connection = (headers["connection"] ?? "").toLowerCase();
    const hasEnd = headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
    const isBodiless = this.#asking.method === "HEAD" || status === 204 || status === 304;
    const isWanted = minor === "1" ? !connection.includes("close") : connection.includes("keep-alive");
    this.#canBeKept = isWanted && (hasEnd || isBodiless);
  }

  /** A kept connection may have been closed by the server at the very moment of the request. */
  #failed(code: string): void {
    const isStale = this.#connection?.isReused === true && (code === "econnreset" || code === "epipe");
    const isOpening = this.state.type === "opening";
    this.#giveBack(false);
    if (isOpening && isStale && !this.#wasRepeated && REPEATABLE.includes(this.#asking.method)) {
      this.#wasRepeated = true;
      return this.#begin();
    }
    if (isOpening) this.state = { type: "failed", code };
    else {
      this.readFailure ??= code;
      this.hasEnded = true;
    }
    this.#listener();
  }

  #giveBack(canBeKept: boolean): void {
    const connection = this.#connection;
    this.#connection = null;
    if (connection !== null) this.#connections.giveBack(this.#asking, connection, canBeKept);
  }
}

function requestBytes({ url, method, headers, body }: HttpAsking): Uint8Array {
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const bytes = body === null ? Buffer.alloc(0) : Buffer.from(body);
  const hasLength = names.has("content-length") || names.has("transfer-encoding");
  const saysLength = !hasLength && (body !== null || WITH_BODY.includes(method));
  const head = headText(`${method} ${url.pathname}${url.search} HTTP/1.1`, [
    ...Object.entries(headers),
    ...(names.has("host") ? [] : [["Host", url.host] as const]),
    ...(names.has("connection") ? [] : [["Connection", "keep-alive"] as const]),
    ...(saysLength ? [["Content-Length", String(bytes.length)] as const] : []),
  ]);
  return Buffer.concat([Buffer.from(head, "latin1"), bytes]);
}
