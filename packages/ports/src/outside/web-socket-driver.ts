// The driver of WebSockets, by way of `ws`. Like all drivers it does not push: after a message it reads no more from the socket until that is
// taken. What came in the same piece, 64 KiB at most, waits here.

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import type { HttpHeaders } from "../http/http-response.ts";
import type { ClientTls } from "../net/tls.ts";
import type { Driver, DriverState, Settled } from "../port/driver.ts";
import { FLUSH_MS } from "../port/limits.ts";
import { codeOf } from "../port/port-error.ts";
import { SEND_BYTES_MAX } from "../websocket/limits.ts";
import type { CloseFrame, WebSocketMessage, WebSocketSettings } from "../websocket/web-socket.ts";
import { headersForNode } from "./http-exchange.ts";
import { clientSecurity } from "./tls-security.ts";

/** How a WebSocket is accepted. */
export interface AcceptSettings extends WebSocketSettings {
  readonly protocol: string | null;
}

/** Where a WebSocket leads. */
export interface ConnectSettings extends WebSocketSettings {
  readonly url: URL;
  readonly protocols: readonly string[];
  readonly headers: HttpHeaders;
  readonly tls: ClientTls | null;
}

/** Compression is off: it costs 300 KB for each connection, and a small message can become a giant one. */
const ALWAYS = { perMessageDeflate: false } as const;

/** Codes with which an orderly peer closes; the last stands for none. */
const ORDERLY: readonly number[] = [1_000, 1_001, 1_005];
const BROKEN = 1_006;

/** One WebSocket. */
export class WebSocketDriver implements Driver<WebSocketMessage> {
  readonly label: string;
  readonly isFull = false;
  readonly exitStatus = null;
  state: DriverState = { type: "opening" };
  readFailure: string | null = null;
  writeFailure: string | null = null;
  hasEnded = false;
  #socket: WebSocket | null = null;
  readonly #arrived: WebSocketMessage[] = [];
  #settled: Settled[] = [];
  #pinging: NodeJS.Timeout | null = null;
  #isAnswering = true;
  #isClosing = false;
  #changed: () => void = () => undefined;

  /** Accepts what `request` asks for, over its `socket`. */
  static accept(request: IncomingMessage, socket: Duplex, head: Buffer, settings: AcceptSettings): WebSocketDriver {
    const driver = new WebSocketDriver(`websocket of ${request.socket.remoteAddress ?? "a unix socket"}`);
    const { messageBytesMax, protocol } = settings;
    const handleProtocols = (): string | false => protocol ?? false;
    const options = { ...ALWAYS, noServer: true, clientTracking: false, maxPayload: messageBytesMax, handleProtocols };
    // A handshake that `ws` refuses has answered, and is over.
    socket.on("close", () => driver.#socket ?? driver.#ended(BROKEN));
    new WebSocketServer(options).handleUpgrade(request, socket, head, (accepted) => {
      driver.#use(accepted, settings);
      driver.#opened();
    });
    return driver;
  }

  static connect(settings: ConnectSettings): WebSocketDriver {
    const { url, protocols, headers, tls, messageBytesMax } = settings;
    const driver = new WebSocketDriver(`websocket ${url.origin}${url.pathname}`);
    const security = tls === null ? {} : clientSecurity(tls, { host: url.hostname, port: Number(url.port) });
    const options = { ...ALWAYS, ...security, maxPayload: messageBytesMax, headers: headersForNode(headers) };
    const socket = new WebSocket(url, [...protocols], options);
    driver.#use(socket, settings);
    socket.on("upgrade", (response) => response.socket.unref());
    socket.on("open", () => driver.#opened());
    socket.on("unexpected-response", (request, response) => {
      driver.#failed(`http_${response.statusCode}`);
      request.destroy();
    });
    return driver;
  }

  private constructor(label: string) {
    this.label = label;
  }

  read(): WebSocketMessage | null {
    const message = this.#arrived.shift();
    if (message === undefined) return null;
    if (this.#arrived.length === 0) this.#socket?.resume();
    return message;
  }

  /** A write is settled at once while there is room, and otherwise when it is out. */
  write(message: WebSocketMessage | CloseFrame): void {
    const socket = this.#socket;
    if (socket === null || socket.readyState !== WebSocket.OPEN) return this.#settle(message, "closed");
    if (typeof message !== "string" && !(message instanceof Uint8Array)) return this.#closeWith(socket, message);
    let isSettled = false;
    const settle = (error?: Error | null): void => {
      if (!isSettled) this.#settle(message, error === undefined || error === null ? null : codeOf(error));
      isSettled = true;
    };
    socket.send(message, settle);
    if (socket.bufferedAmount < SEND_BYTES_MAX) settle();
  }

  takeSettled(): readonly Settled[] {
    const settled = this.#settled;
    this.#settled = [];
    return settled;
  }

  closeWrite(): void {
    // A WebSocket has no half that could be closed.
  }

  close(): void {
    const socket = this.#socket;
    if (socket === null) return;
    this.#isClosing = true;
    clearInterval(this.#pinging ?? undefined);
    socket.close(1_000);
    // Nobody takes what comes before the peer's own close, which must be seen.
    this.#arrived.length = 0;
    socket.resume();
    const timer = setTimeout(() => socket.terminate(), FLUSH_MS);
    socket.once("close", () => clearTimeout(timer));
  }

  destroy(): void {
    if (!this.#isClosing) this.#socket?.terminate();
  }

  listen(changed: () => void): void {
    this.#changed = changed;
  }

  #use(socket: WebSocket, { pingIntervalMs }: WebSocketSettings): void {
    this.#socket = socket;
    socket.on("message", (data: Buffer, isBinary) => this.#arrive(socket, data, isBinary));
    socket.on("error", (error) => this.#failed(failureOf(error)));
    socket.on("close", (code) => this.#ended(code));
    socket.on("pong", () => {
      this.#isAnswering = true;
    });
    if (pingIntervalMs !== "infinity") this.#pinging = setInterval(() => this.#ping(socket), pingIntervalMs).unref();
  }

  #opened(): void {
    if (this.state.type !== "opening") return;
    this.state = { type: "open" };
    this.#changed();
  }

  #arrive(socket: WebSocket, data: Buffer, isBinary: boolean): void {
    if (this.#isClosing) return;
    socket.pause();
    this.#arrived.push(isBinary ? new Uint8Array(data.buffer, data.byteOffset, data.length) : data.toString());
    this.#changed();
  }

  #ping(socket: WebSocket): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    // While nobody reads, an answer would not be seen.
    if (!this.#isAnswering && !socket.isPaused) {
      this.#failed("timeout");
      return socket.terminate();
    }
    this.#isAnswering = false;
    socket.ping();
  }

  #closeWith(socket: WebSocket, frame: unknown): void {
    if (!isCloseFrame(frame)) return this.#settle(frame, "einval");
    socket.close(frame.code, frame.reason);
    this.#settle(frame, null);
  }

  #settle(packet: unknown, code: string | null): void {
    this.#settled.push({ packet, code });
    this.#changed();
  }

  #failed(code: string): void {
    if (this.state.type === "opening") this.state = { type: "failed", code };
    else this.readFailure ??= code;
    this.#changed();
  }

  #ended(closeCode: number): void {
    clearInterval(this.#pinging ?? undefined);
    if (this.hasEnded) return;
    this.hasEnded = true;
    if (this.state.type === "opening") this.#failed("closed");
    if (!ORDERLY.includes(closeCode)) this.readFailure ??= closeCode === BROKEN ? "econnreset" : `close_${closeCode}`;
    this.writeFailure ??= "closed";
    this.#changed();
  }
}

function isCloseFrame(frame: unknown): frame is CloseFrame {
  return typeof frame === "object" && frame !== null && "type" in frame && frame.type === "close";
}

/** What `ws` says of a peer that breaks the rules, in our words. */
function failureOf(error: Error): string {
  const code = codeOf(error);
  if (code.endsWith("_message_length") || code.endsWith("_data_payload_length")) return "emsgsize";
  return code.startsWith("ws_err_") ? "ebadmsg" : code;
}
