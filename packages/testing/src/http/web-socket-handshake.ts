// How a connection that speaks HTTP becomes a WebSocket, RFC 6455, section 4.

import { createHash } from "node:crypto";
import {
  type AcceptSettings,
  type ConnectSettings,
  type Driver,
  HEADER_BYTES_MAX,
  type RequestHead,
  type Streams,
} from "@krarup/ports/internal";
import type { WebSocketMessage } from "@krarup/ports";
import type { Chance } from "../chance.ts";
import type { Agenda } from "../time/agenda.ts";
import { headText, MessageReader } from "./message-reader.ts";
import { addressOf } from "./simulated-http-client.ts";
import { SimulatedWebSocket, type SocketSide } from "./simulated-web-socket.ts";

const ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Answers the request for a WebSocket that came over `socket`; one that breaks the rules is answered with 400, and closed. */
export function acceptSimulated(
  { method, headers, peer }: RequestHead,
  socket: Driver,
  rest: Uint8Array,
  { protocol, ...settings }: AcceptSettings & Omit<SocketSide, "mask">,
): Driver<WebSocketMessage> {
  const accepted = new SimulatedWebSocket(`websocket of ${peer}`, { ...settings, mask: null });
  const { "sec-websocket-key": key = "", "sec-websocket-version": version } = headers;
  if (method !== "GET" || version !== "13" || !/^[A-Za-z0-9+/]{22}==$/.test(key)) {
    socket.write(Buffer.from(headText("HTTP/1.1 400 Bad Request", [["Connection", "close"]])));
    socket.close();
    accepted.failed("closed");
    return accepted;
  }
  const lines = [
    ["Upgrade", "websocket"],
    ["Connection", "Upgrade"],
    ["Sec-WebSocket-Accept", answerTo(key)],
    ...(protocol === null ? [] : [["Sec-WebSocket-Protocol", protocol] as const]),
  ] as const;
  socket.write(Buffer.from(headText("HTTP/1.1 101 Switching Protocols", lines)));
  accepted.opened(socket, rest);
  return accepted;
}

/** Asks for a WebSocket. */
export function connectSimulated(
  streams: Streams,
  agenda: Agenda,
  chance: Chance,
  { url, headers, protocols, tls, ...settings }: ConnectSettings,
): Driver<WebSocketMessage> {
  const secured = url.protocol === "wss:" ? { tls: tls ?? {} } : {};
  const socket = streams.connect(addressOf(url), { noDelay: true, ...secured });
  const mask = (): Uint8Array => randomBytes(chance, 4);
  const side = { ...settings, agenda, mask, ended: () => undefined };
  const driver = new ConnectingWebSocket(`websocket ${url.origin}${url.pathname}`, side, socket);
  const key = Buffer.from(randomBytes(chance, 16)).toString("base64");
  const request = headText(`GET ${url.pathname}${url.search} HTTP/1.1`, [
    ["Sec-WebSocket-Version", "13"],
    ["Sec-WebSocket-Key", key],
    ["Connection", "Upgrade"],
    ["Upgrade", "websocket"],
    ...Object.entries(headers),
    ...(protocols.length === 0 ? [] : [["Sec-WebSocket-Protocol", protocols.join(",")] as const]),
    ["Host", url.host],
  ]);
  driver.shake(request, answerTo(key));
  return driver;
}

/** A WebSocket whose handshake is not over. */
class ConnectingWebSocket extends SimulatedWebSocket {
  readonly #raw: Driver;
  #isSent = false;

  constructor(label: string, side: SocketSide, raw: Driver) {
    super(label, side);
    this.#raw = raw;
  }

  shake(request: string, expected: string): void {
    const reader = new MessageReader(this.#raw, {
      firstLine: /^HTTP\/1\.1 (\d{3})(?: .*)?$/,
      headerBytesMax: HEADER_BYTES_MAX,
      otherwise: () => 0,
      isBodiless: () => true,
    });
    this.#raw.listen(() => this.#step(reader, request, expected));
  }

  override destroy(): void {
    super.destroy();
    this.#raw.destroy();
  }

  #step(reader: MessageReader, request: string, expected: string): void {
    const { state } = this.#raw;
    if (state.type === "failed") return this.failed(state.code);
    if (state.type === "opening") return;
    if (!this.#isSent) this.#raw.write(Buffer.from(request, "latin1"));
    this.#isSent = true;
    const part = reader.next();
    if (part.type === "wait") return;
    const code = part.type === "head" ? refusalIn(part.head, expected) : (this.#raw.readFailure ?? "econnreset");
    if (code === null) return this.opened(this.#raw, reader.rest());
    this.#raw.destroy();
    this.failed(code);
  }
}

/** Why a head does not open a WebSocket; null when it does. */
function refusalIn(
  {
    first: [status],
    headers,
  }: { readonly first: readonly string[]; readonly headers: Readonly<Record<string, string>> },
  expected: string,
): string | null {
  if (status !== "101") return `http_${status}`;
  return headers["sec-websocket-accept"] === expected ? null : "ebadmsg";
}

function answerTo(key: string): string {
  return createHash("sha1").update(`${key}${ACCEPT_SUFFIX}`).digest("base64");
}

function randomBytes(chance: Chance, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, () => Math.floor(chance() * 256));
}
