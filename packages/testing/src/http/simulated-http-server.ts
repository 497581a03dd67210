// An HTTP server on the simulated network.

import {
  ACCEPT_QUEUE_MAX,
  type Address,
  type DriverState,
  type HttpServerSettings,
  type HttpServing,
  type Listening,
  showAddress,
  type Streams,
} from "@krarup/ports/internal";
import type { Agenda } from "../time/agenda.ts";
import { ServerConnection } from "./server-connection.ts";
import type { SimulatedExchange } from "./simulated-exchange.ts";

/** A server of HTTP/1.1. */
export class SimulatedHttpServer implements HttpServing {
  readonly label: string;
  refused = 0;
  isDraining = false;
  readonly #listening: Listening;
  readonly #agenda: Agenda;
  readonly #settings: HttpServerSettings;
  readonly #connections = new Set<ServerConnection>();
  readonly #upgraded = new Set<ServerConnection>();
  readonly #running = new Set<SimulatedExchange>();
  readonly #arrived: SimulatedExchange[] = [];
  #changed: () => void = () => undefined;

  constructor(streams: Streams, agenda: Agenda, address: Address, settings: HttpServerSettings) {
    this.label = `http on ${showAddress(address)}`;
    this.#agenda = agenda;
    this.#settings = settings;
    const { tls } = settings;
    const backlog = 511; // Node's
    const options = { noDelay: true, backlog, acceptQueueMax: ACCEPT_QUEUE_MAX, ...(tls && { tls }) };
    this.#listening = streams.listen(address, options);
    this.#listening.listen(() => this.#accept());
  }

  get state(): DriverState {
    return this.#listening.state;
  }

  get address(): Address {
    return this.#listening.address;
  }

  get connections(): number {
    return this.#connections.size;
  }

  get running(): number {
    return this.#running.size;
  }

  get isQuiet(): boolean {
    return this.#connections.size === this.#upgraded.size;
  }

  take(): readonly SimulatedExchange[] {
    return this.#arrived.splice(0);
  }

  listen(changed: () => void): void {
    this.#changed = changed;
  }

  drain(): void {
    this.isDraining = true;
    this.#listening.destroy();
    for (const { underway } of this.#connections) {
      const last = underway.at(-1);
      if (last !== undefined) last.isLast = true;
    }
    this.closeIdle();
  }

  closeIdle(): void {
    for (const connection of this.#connections) if (connection.isIdle) connection.close();
  }

  abandonAll(status: number): void {
    for (const exchange of this.#running) exchange.abandon(status);
  }

  destroy(): void {
    this.#listening.destroy();
    for (const connection of this.#connections) connection.cutOff();
  }

  #accept(): void {
    for (let socket = this.#listening.take(); socket !== null; socket = this.#listening.take()) {
      if (this.#connections.size >= this.#settings.connectionsMax) {
        socket.destroy();
        continue;
      }
      const connection = new ServerConnection(socket, peerOf(socket), this.#agenda, this.#settings, this.#events);
      this.#connections.add(connection);
      connection.begin();
    }
    this.#changed();
  }

  readonly #events = {
    arrived: (exchange: SimulatedExchange): void => this.#arrive(exchange),
    over: (exchange: SimulatedExchange): void => void this.#running.delete(exchange),
    upgraded: (connection: ServerConnection): void => void this.#upgraded.add(connection),
    closed: (connection: ServerConnection): void => {
      this.#connections.delete(connection);
      this.#upgraded.delete(connection);
      if (this.isDraining) this.#changed();
    },
  };

  #arrive(exchange: SimulatedExchange): void {
    this.#running.add(exchange);
    if (this.isDraining) exchange.isLast = true;
    if (exchange.announcesTooMuch) return exchange.abandon(413);
    if (this.#running.size > this.#settings.requestsMax) {
      this.refused++;
      return exchange.abandon(503);
    }
    this.#arrived.push(exchange);
    this.#changed();
  }
}

/** The address of the other side. */
function peerOf(socket: object): string {
  return "peerIp" in socket && typeof socket.peerIp === "string" ? socket.peerIp : "";
}
