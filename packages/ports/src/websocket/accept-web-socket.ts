// The server's side: a handler of HTTP that answers by becoming the process of a WebSocket.

import type { HttpResponse } from "../http/http-response.ts";
import type { Exchange } from "../outside/http.ts";
import { openPacketPort } from "../port/open-port.ts";
import { isPortError } from "../port/port-error.ts";
import type { Steps } from "../port/sequence.ts";
import { ACCEPT_TIMEOUT_MS } from "./limits.ts";
import {
  checkedSettings,
  sizeOfMessage,
  type WebSocketOptions,
  type WebSocketPort,
  type WebSocketSettings,
} from "./web-socket.ts";

/** How a WebSocket is accepted. */
export interface AcceptWebSocketOptions extends WebSocketOptions {
  /** The subprotocol to speak, one of those in the request's `sec-websocket-protocol`. Default none. */
  readonly protocol?: string;
}

/**
 * Answers a request by opening a WebSocket: the process that handles the request becomes the process that owns it, and runs `serve`.
 *
 * @remarks
 * Whoever is to be refused, by path, `origin` or cookie, is answered otherwise. Any page of any site can have its visitors' browsers ask for a WebSocket,
 * cookies and all: look at `headers.origin`. A request that asks for none is answered with 426.
 *
 * **Exits.** When `serve` ends, however it ends, the WebSocket closes. `endsWithClient` and `handlerTimeoutMs` of the server count until it is open.
 *
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for options that make no sense
 *
 * @example
 * ```ts no-run
 * import { acceptWebSocket, isPortError, read, startHttpServer, write } from "@krarup/ports";
 *
 * export const echo = () =>
 *   startHttpServer({
 *     port: 8080,
 *     handler: () =>
 *       acceptWebSocket(function* (socket) {
 *         for (;;) {
 *           const message = yield* read(socket);
 *           if (isPortError(message)) return;
 *           yield* write(socket, message);
 *         }
 *       }),
 *   });
 * ```
 *
 * @see {@link https://hexdocs.pm/websock/WebSock.html | WebSock}
 */
export function acceptWebSocket(
  serve: (socket: WebSocketPort) => Steps<unknown>,
  options: AcceptWebSocketOptions = {},
): HttpResponse {
  const settings = { ...checkedSettings(options), protocol: options.protocol ?? null };
  return { upgrade: (exchange) => serveUpgraded(exchange, serve, settings, options) };
}

function* serveUpgraded(
  exchange: Exchange,
  serve: (socket: WebSocketPort) => Steps<unknown>,
  settings: WebSocketSettings & { readonly protocol: string | null },
  options: WebSocketOptions,
): Steps<void> {
  const driver = exchange.upgrade(settings);
  if (driver === null) {
    const headers = { upgrade: "websocket", connection: "upgrade", "content-length": "0" };
    if (!exchange.isOver) exchange.respond({ status: 426, headers }, "");
    return;
  }
  const attempt = { kind: "web_socket", action: "accept a WebSocket", timeoutMs: ACCEPT_TIMEOUT_MS };
  const socket = yield* openPacketPort(attempt, options, () => driver, sizeOfMessage);
  if (!isPortError(socket)) yield* serve(socket);
}
