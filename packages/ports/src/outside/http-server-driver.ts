// Node's HTTP server, held by a process. Requests wait here until that process takes them, as connections do in a listener.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { CHECK_INTERVAL_MS } from "../http/limits.ts";
import { type Address, showAddress } from "../net/address.ts";
import type { DriverState } from "../port/driver.ts";
import { codeOf } from "../port/port-error.ts";
import { HttpExchange } from "./http-exchange.ts";
import type { HttpServerSettings, HttpServing } from "./http.ts";
import { addressFrom } from "./listener-driver.ts";

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
  isDrained = false;
  readonly #server: Server;
  readonly #settings: HttpServerSettings;
  readonly #connections = new Map<Socket, Underway>();
  #arrived: HttpExchange[] = [];
  #changed: () => void = () => undefined;

  constructor(address: Address, settings: HttpServerSettings) {
    this.label = `http on ${showAddress(address)}`;
    this.address = address;
    this.#settings = settings;
    this.#server = createServer(
      {
        maxHeaderSize: settings.headerBytesMax,
        headersTimeout: settings.headersTimeoutMs,
        requestTimeout: settings.requestTimeoutMs,
        keepAliveTimeout: settings.keepAliveTimeoutMs,
        connectionsCheckingInterval: CHECK_INTERVAL_MS,
      },
      (request, response) => this.#arrive(request, response, false),
    );
    this.#configure(this.#server);
    this.#server.listen({ ...address });
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
    for (const exchange of this.#underway()) exchange.isLast();
    this.#server.close(() => {
      this.isDrained = true;
      this.#changed();
    });
    this.closeIdle();
  }

  closeIdle(): void {
    this.#server.closeIdleConnections();
  }

  abandonAll(status: number): void {
    for (const exchange of this.#underway()) exchange.abandon(status);
  }

  destroy(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    // An upgraded connection is no connection of the server any more.
    for (const socket of this.#connections.keys()) socket.destroy();
  }

  #underway(): HttpExchange[] {
    return [...this.#connections.values()].flatMap((underway) => [...underway]);
  }

  #configure(server: Server): void {
    server.unref();
    server.maxConnections = this.#settings.connectionsMax;
    // The bytes are limited, and Node drops headers beyond a number without a word.
    server.maxHeadersCount = 0;
    server.timeout = this.#settings.stallTimeoutMs;
    server.on("listening", () => this.#settle({ type: "open" }));
    // After the start this reports a failed accept, for want of descriptors: the connection stays with the system.
    server.on("error", (error) => this.#settle({ type: "failed", code: codeOf(error) }));
    server.on("connection", (socket) => this.#connected(socket));
    server.on("checkContinue", (request, response) => this.#arrive(request, response, true));
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
      for (const exchange of underway) exchange.connectionClosed();
    });
  }

  #arrive(request: IncomingMessage, response: ServerResponse, mustContinue: boolean): void {
    const underway = this.#connections.get(request.socket);
    // It has closed between the parser's last byte and this.
    if (underway === undefined) return;
    const { bodyBytesMax, requestsMax } = this.#settings;
    const exchange = new HttpExchange(request, response, bodyBytesMax, () => {
      this.running--;
      underway.delete(exchange);
    });
    underway.add(exchange);
    this.running++;
    if (this.isDraining) exchange.isLast();
    if (mustContinue) exchange.waitToContinue();
    if (exchange.announcesTooMuch) return exchange.abandon(413);
    if (this.running > requestsMax) {
      this.refused++;
      return exchange.abandon(503);
    }
    this.#arrived.push(exchange);
    this.#changed();
  }

  /** A client whose request is being handled waits for us, not we for it. */
  #stalled(socket: Socket): void {
    const underway = this.#connections.get(socket) ?? [];
    for (const exchange of underway) if (!exchange.isClientsTurn) return;
    socket.destroy();
  }
}
