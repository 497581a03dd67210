// The client's side.

import type { Operation } from "@krarup/core";
import type { HttpHeaders } from "../http/http-response.ts";
import { checkClientTls, type ClientTls } from "../net/tls.ts";
import { outside } from "../outside/outside.ts";
import { checkTimeout, misuse } from "../port/check-options.ts";
import { CONNECT_TIMEOUT_MS } from "../port/limits.ts";
import { openPacketPort } from "../port/open-port.ts";
import type { PortError } from "../port/port-error.ts";
import { checkedSettings, sizeOfMessage, type WebSocketOptions, type WebSocketPort } from "./web-socket.ts";

/** Where a WebSocket leads. */
export interface ConnectWebSocketOptions extends WebSocketOptions {
  /** `"ws://…"` or `"wss://…"`. */
  readonly url: string | URL;
  /** Subprotocols that may be spoken, the preferred one first. */
  readonly protocols?: readonly string[];
  readonly headers?: HttpHeaders;
  /** How a connection to a `wss:` URL is secured. */
  readonly tls?: ClientTls;
  /** Milliseconds until the attempt ends with `"timeout"`; default 15,000. */
  readonly timeoutMs?: number | "infinity";
}

/**
 * Connects to a WebSocket, which belongs to this process.
 *
 * @remarks
 * **Waiting.** This process, until it is open or the attempt has failed.
 *
 * @returns the port; or an error: `"econnrefused"`, `"timeout"`, `"http_403"` where the server answers with status 403, and so on
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` at once, for options that make no sense
 *
 * @example
 * ```ts no-run
 * import { connectWebSocket, isPortError, read, write } from "@krarup/ports";
 *
 * export function* ask(question: string) {
 *   const socket = yield* connectWebSocket({ url: "ws://localhost:8080/" });
 *   if (isPortError(socket)) return socket.code;
 *   yield* write(socket, question);
 *   return yield* read(socket, { timeoutMs: 5_000 });
 * }
 * ```
 */
export function connectWebSocket(options: ConnectWebSocketOptions): Operation<WebSocketPort | PortError> {
  const { protocols = [], headers = {}, tls, timeoutMs = CONNECT_TIMEOUT_MS } = options;
  const url = URL.parse(options.url);
  if (url === null || !/^wss?:$/.test(url.protocol))
    throw misuse("url must begin with ws: or wss:", String(options.url));
  if (url.hash !== "") throw misuse("the url of a WebSocket has no fragment", url.href);
  checkTimeout(timeoutMs);
  if (tls !== undefined) checkClientTls(tls);
  const settings = { ...checkedSettings(options), url, protocols, headers, tls: tls ?? null };
  const attempt = { kind: "web_socket", action: `connect to ${url.origin}${url.pathname}`, timeoutMs };
  return openPacketPort(attempt, options, () => outside("http").connectWebSocket(settings), sizeOfMessage);
}
