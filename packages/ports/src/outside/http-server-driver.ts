// Node's HTTP server, held by a process. Requests wait here until that process takes them, as connections do in a listener.

import { createServer, type IncomingMessage, type Server, ServerResponse } from "node:http";
import { createServer as createSecureServer, type Server as SecureServer } from "node:https";
import type { Socket } from "node:net";
import { CHECK_INTERVAL_MS, PIPELINE_MAX } from "../http/limits.ts";
import { LISTEN_BACKLOG } from "../port/limits.ts";
import { type Address, showAddress } from "../net/address.ts";
import type { DriverState } from "../port/driver.ts";
import { codeOf } from "../port/port-error.ts";
import { HttpExchange } from "./http-exchange.ts";
import type { HttpServerSettings, HttpServing } from "./http.ts";
import { addressFrom } from "./listener-driver.ts";
import { serverSecurity } from "./tls-security.ts";

/** The exchanges that are under way on one connection; with pipelining there may be several. */
type Underway = Set<HttpExchange>;

/** A server of HTTP/1.1. */
export class HttpServerDriver implements HttpServing {
  readonly label: string;
  state: DriverState = { type: "opening" };
  address: Address;
  refused = 0;
  running = 0;
  isDraining = false;
  readonly #server: Server | SecureServer;
  readonly #settings: HttpServerSettings;
  readonly #looking: NodeJS.Timeout;
  readonly #connections = new Map<Socket, Underway>();
  /** Those that are read no further, as they have too many requests under way. */
  readonly #held = new Set<Socket>();
  /** Those that have become WebSockets. */
  readonly #upgraded = new Set<Socket>();
  /** Under TLS, what the connections go over; some have not got that far. */
  readonly #carriers = new Set<Socket>();
  #arrived: HttpExchange[] = [];
  #changed: () => void = () => undefined;

  constructor(address: Address, settings: HttpServerSettings) {
    this.label = `http on ${showAddress(address)}`;
    this.address = address;
    this.#settings = settings;
    this.#server = this.#created();
    this.#configure(this.#server);
    const { handlerTimeoutMs } = settings;
    const intervalMs =
      handlerTimeoutMs === "infinity" ? CHECK_INTERVAL_MS : Math.min(CHECK_INTERVAL_MS, handlerTimeoutMs);
    this.#looking = setInterval(() => this.#look(), intervalMs).unref();
    this.#server.listen({ ...address, backlog: LISTEN_BACKLOG });
  }

  get isQuiet(): boolean {
    return this.#connections.size === this.#upgraded.size;
  }

  get connections(): number {
    return this.#connections.size;
  }

  take(): readonly HttpExchange[] {
    const arrived = this.#arrived;
    this.#arrived = [];
    return arrived;
  }

  listen(changed: () => void): void {
    this.#changed = changed;
  }

  drain(): void {
    this.isDraining = true;
    // Of several on one connection only the last may say that it ends.
    for (const underway of this.#connections.values()) [...underway].at(-1)?.isLast();
    this.#server.close();
    this.closeIdle();
  }

  closeIdle(): void {
    this.#server.closeIdleConnections();
    // Before version 24 Node does not count a connection on which nothing has been said yet.
    for (const socket of this.#connections.keys()) if (socket.bytesRead === 0) socket.destroy();
  }

  abandonAll(status: number): void {
    for (const exchange of this.#underway()) exchange.abandon(status);
  }

  destroy(): void {
    clearInterval(this.#looking);
    this.#server.close();
    this.#server.closeAllConnections();
    // One that was upgraded, or whose handshake is not over, is no connection of HTTP.
    for (const socket of [...this.#connections.keys(), ...this.#carriers]) socket.destroy();
  }

  #look(): void {
    const now = performance.now();
    for (const exchange of this.#underway()) exchange.expireAt(now);
  }

  #underway(): HttpExchange[] {
    return [...this.#connections.values()].flatMap((underway) => [...underway]);
  }

  #created(): Server | SecureServer {
    const { headerBytesMax, headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, tls } = this.#settings;
    const options = {
      maxHeaderSize: headerBytesMax,
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: keepAliveTimeoutMs,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
    };
    const arrive = (request: IncomingMessage, response: ServerResponse): void => this.#arrive(request, response);
    if (tls === null) return createServer(options, arrive);
    return createSecureServer({ ...options, ...serverSecurity(tls) }, arrive);
  }

  #configure(server: Server | SecureServer): void {
    server.unref();
    server.maxConnections = this.#settings.connectionsMax;
    // The bytes are limited, and Node drops headers beyond a number without a word.
    server.maxHeadersCount = 0;
    server.timeout = this.#settings.stallTimeoutMs;
    server.on("listening", () => this.#settle({ type: "open" }));
    // After the start this reports a failed accept, for want of descriptors: the connection stays with the system.
    server.on("error", (error) => this.#settle({ type: "failed", code: codeOf(error) }));
    const isSecure = this.#settings.tls !== null;
    server.on(isSecure ? "secureConnection" : "connection", (socket: Socket) => this.#connected(socket));
    if (isSecure) server.on("connection", (socket: Socket) => this.#carried(socket));
    server.on("checkContinue", (request, response) => this.#arrive(request, response, (each) => each.waitToContinue()));
    server.on("upgrade", (request, _socket, head) => this.#upgrade(request, head));
    server.on("timeout", (socket) => this.#stalled(socket));
  }

  #settle(state: DriverState): void {
    if (this.state.type !== "opening") return;
    this.state = state;
    if (state.type === "open") this.address = addressFrom(this.#server.address(), this.address);
    this.#changed();
  }

  #connected(socket: Socket): void {
    socket.unref();
    const underway: Underway = new Set();
    this.#connections.set(socket, underway);
    socket.on("close", () => {
      this.#connections.delete(socket);
      this.#upgraded.delete(socket);
      this.#held.delete(socket);
      if (this.isDraining) this.#changed();
      for (const exchange of underway) exchange.connectionClosed();
    });
  }

  /** Node starts reading again at the end of each request, so this comes after what the parser has in hand. */
  #holdUp(socket: Socket): void {
    this.#held.add(socket);
    queueMicrotask(() => {
      if (this.#held.has(socket)) socket.pause();
    });
  }

  #carried(socket: Socket): void {
    socket.unref();
    this.#carriers.add(socket);
    socket.on("close", () => this.#carriers.delete(socket));
  }

  #upgrade(request: IncomingMessage, head: Buffer): void {
    // Node has taken its own listener off.
    request.socket.on("error", () => undefined);
    this.#arrive(request, new ServerResponse(request), (exchange) => exchange.mayUpgrade(head));
  }

  #arrive(request: IncomingMessage, response: ServerResponse, prepare?: (exchange: HttpExchange) => void): void {
    const { socket } = request;
    const underway = this.#connections.get(socket);
    // It has closed between the parser's last byte and this.
    if (underway === undefined) return;
    const { bodyBytesMax, requestsMax } = this.#settings;
    const exchange = new HttpExchange(request, response, bodyBytesMax, () => {
      this.running--;
      underway.delete(exchange);
      if (exchange.isUpgraded) this.#upgraded.add(socket);
      if (underway.size < PIPELINE_MAX / 2 && this.#held.delete(socket)) socket.resume();
    });
    underway.add(exchange);
    if (underway.size === PIPELINE_MAX) this.#holdUp(socket);
    this.running++;
    if (this.isDraining) exchange.isLast();
    prepare?.(exchange);
    if (exchange.announcesTooMuch) return exchange.abandon(413);
    if (this.running > requestsMax) {
      this.refused++;
      return exchange.abandon(503);
    }
    // Whoever takes the first takes all.
    if (this.#arrived.push(exchange) === 1) this.#changed();
  }

  /** A client whose request is being handled waits for us, not we for it. */
  #stalled(socket: Socket): void {
    const underway = this.#connections.get(socket) ?? [];
    for (const exchange of underway) if (!exchange.isClientsTurn) return;
    socket.destroy();
  }
}
