// A supervised HTTP server: who listens, and one process for each request.
//
//     supervisor
//         │
//      listener, which holds Node's server
//      │  │  │
//      one process for each request, never restarted: the client asks again
//
// If the listener fails, its connections are closed, its handlers end, and it starts anew.

import { type Operation, StartError } from "@krarup/core";
import { Supervisor, type SupervisorName, type SupervisorPid } from "@krarup/supervisor";
import { type Address, checkAddress } from "../net/address.ts";
import { checkServerTls, type ServerTls } from "../net/tls.ts";
import { misuse } from "../port/check-options.ts";
import { isPortError, portError, type PortError } from "../port/port-error.ts";
import { sequence, type Steps } from "../port/sequence.ts";
import type { HttpHandler } from "./handle-request.ts";
import {
  FAREWELL_MS,
  type HttpListener,
  httpListenerInfo,
  type HttpServerInfo,
  type ListenerSettings,
  openHttpListener,
} from "./http-listener.ts";
import {
  CONNECTIONS_MAX,
  DRAIN_MS,
  HANDLER_TIMEOUT_MS,
  HEADER_BYTES_MAX,
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  REQUEST_BODY_BYTES_MAX,
  REQUEST_TIMEOUT_MS,
  REQUESTS_MAX,
  STALL_TIMEOUT_MS,
} from "./limits.ts";

/** How requests are taken and answered. Every limit protects the server from its clients. */
export interface HttpServerOptions<M = never> {
  /** Answers one request; runs in a process of its own. */
  readonly handler: HttpHandler<M>;
  /** Speaks HTTPS. */
  readonly tls?: ServerTls;
  /** Registers the server's supervisor. */
  readonly name?: SupervisorName;
  /** Bytes of a request's first line and headers; more is answered with 431. Default 16 KiB. */
  readonly headerBytesMax?: number;
  /** Bytes of a request's body; more is answered with 413, or is `"emsgsize"` in `readBody`. Default 1 MiB. */
  readonly bodyBytesMax?: number | "infinity";
  /** Connections at once; one more is closed. Default 10,000. */
  readonly connectionsMax?: number;
  /** Requests at once; one more is answered with 503. Default 10,000. */
  readonly requestsMax?: number;
  /** Milliseconds in which the headers must have come; then 408. Default 10,000. Looked at every second. */
  readonly headersTimeoutMs?: number;
  /** Milliseconds in which a request must have come with its body; then 408. Default 60,000. Looked at every second. */
  readonly requestTimeoutMs?: number;
  /** Milliseconds for which a connection without a request is kept. Default 5,000. */
  readonly keepAliveTimeoutMs?: number;
  /** Milliseconds for which a client may neither send what is waited for nor take what is sent; then it is cut off. Default 30,000. */
  readonly stallTimeoutMs?: number;
  /** Milliseconds in which a handler must have begun its response; then 503, and the handler ends with `"timeout"`. Default 60,000. Looked at every second. */
  readonly handlerTimeoutMs?: number | "infinity";
  /**
   * Whether a handler is ended, with `["shutdown", "client_gone"]`, when its client goes away before it has the response. Default true. With
   * false it goes on, and what it answers is dropped.
   */
  readonly endsWithClient?: boolean;
  /** Milliseconds that requests get to end in when the server is told to stop. Default 5,000. */
  readonly drainMs?: number;
}

/**
 * Starts a supervised HTTP server on an address: a process for each request. It is linked to this process; give it to a supervisor.
 *
 * @remarks
 * What a handler returns is the response. A handler that fails, is killed or takes too long costs its client a 500 or 503, and nobody else
 * anything; the failure is reported as of any process. A handler that fails while it sends a body in parts has its connection cut, so that
 * the client does not take a part for the whole. Requests that a client sends without waiting for answers (pipelining) are handled at the
 * same time; the answers go out in the order of the requests.
 *
 * It speaks HTTP/1.1 and 1.0, by way of `node:http`. For routes, cookies and templates use what you like: a request is plain data.
 *
 * **Waiting.** Until it listens.
 * **Ordering.** When it ends, it takes no more connections first; then it waits for requests under way, for `drainMs`; then it ends them, with
 * `"shutdown"`, and they are answered with 503.
 * **Cost.** One process for each request: see docs/http.md for numbers.
 *
 * @returns the server's supervisor
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` at once, for an address or option that makes no sense; {@link StartError} with reason
 * `["shutdown", ["failed_to_start_child", "listener", error]]`, where `error` is a {@link PortError}, when it cannot listen
 *
 * @example
 * ```ts no-run
 * import { type HttpRequest, json, startHttpServer } from "@krarup/ports";
 * import { Supervisor } from "@krarup/supervisor";
 *
 * function* handler({ method, path }: HttpRequest) {
 *   if (method !== "GET") return { status: 405 };
 *   return path === "/" ? json({ hello: "world" }) : { status: 404, body: "There is no such page\n" };
 * }
 *
 * const web = () => startHttpServer({ port: 8080, handler });
 *
 * export const tree = () => Supervisor.startLink({ children: [{ id: "web", start: web, type: "supervisor" }] });
 * ```
 *
 * @see {@link https://hexdocs.pm/bandit/Bandit.html | Bandit}, Elixir's server. Differs from it: a process for each request, not for each
 * connection.
 */
export function startHttpServer<M = never>(options: Address & HttpServerOptions<M>): Operation<SupervisorPid> {
  checkAddress(options);
  const address =
    "path" in options
      ? { path: options.path }
      : { port: options.port, ...(options.host === undefined ? {} : { host: options.host }) };
  const settings = checkedSettings(options);
  return Supervisor.startLink({
    ...(options.name === undefined ? {} : { name: options.name }),
    children: [
      { id: "listener", start: () => startListener(address, settings), shutdown: settings.drainMs + 2 * FAREWELL_MS },
    ],
  });
}

/** How a server is doing, its address among it. @returns the error `"closed"` while it does not listen */
export function httpServerInfo(server: SupervisorPid): Operation<HttpServerInfo | PortError> {
  return sequence(function* () {
    const children = yield* Supervisor.whichChildren(server);
    const pid = children.find(({ id }) => id === "listener")?.pid;
    if (typeof pid !== "object") return portError("inspect an http server", "closed");
    // The child of that id is what startListener starts.
    return yield* httpListenerInfo(pid as HttpListener);
  });
}

function* startListener<M>(address: Address, settings: ListenerSettings<M>): Steps<HttpListener> {
  const listener = yield* openHttpListener(address, settings);
  if (isPortError(listener)) throw new StartError(listener);
  return listener;
}

function checkedSettings<M>(options: HttpServerOptions<M>): ListenerSettings<M> {
  const { handler, tls, bodyBytesMax = REQUEST_BODY_BYTES_MAX, handlerTimeoutMs = HANDLER_TIMEOUT_MS } = options;
  if (tls !== undefined) checkServerTls(tls);
  if (typeof handler !== "function") throw misuse("handler must be a function", handler);
  const numbers = {
    headerBytesMax: options.headerBytesMax ?? HEADER_BYTES_MAX,
    connectionsMax: options.connectionsMax ?? CONNECTIONS_MAX,
    requestsMax: options.requestsMax ?? REQUESTS_MAX,
    headersTimeoutMs: options.headersTimeoutMs ?? HEADERS_TIMEOUT_MS,
    requestTimeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    keepAliveTimeoutMs: options.keepAliveTimeoutMs ?? KEEP_ALIVE_TIMEOUT_MS,
    stallTimeoutMs: options.stallTimeoutMs ?? STALL_TIMEOUT_MS,
  };
  for (const [name, value] of Object.entries(numbers)) checkInteger(name, value, 1);
  if (numbers.headersTimeoutMs > numbers.requestTimeoutMs)
    throw misuse("headersTimeoutMs must be at most requestTimeoutMs", numbers.headersTimeoutMs);
  const drainMs = options.drainMs ?? DRAIN_MS;
  checkInteger("drainMs", drainMs, 0);
  if (bodyBytesMax !== "infinity") checkInteger("bodyBytesMax", bodyBytesMax, 0);
  if (handlerTimeoutMs !== "infinity") checkInteger("handlerTimeoutMs", handlerTimeoutMs, 1);
  return {
    ...numbers,
    handler,
    tls: tls ?? null,
    drainMs,
    handlerTimeoutMs,
    bodyBytesMax: bodyBytesMax === "infinity" ? Number.POSITIVE_INFINITY : bodyBytesMax,
    endsWithClient: options.endsWithClient ?? true,
  };
}

/** The largest number of milliseconds that Node's timers take, 24 days; no other limit needs more. */
const LIMIT_MAX = 2_147_483_647;

function checkInteger(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least || value > LIMIT_MAX)
    throw misuse(`${name} must be an integer from ${least} to ${LIMIT_MAX}`, value);
}
