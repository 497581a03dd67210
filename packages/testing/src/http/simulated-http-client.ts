// Asking HTTP servers over the simulated network, by connections that are kept.

import {
  type Address,
  CLIENT_CONNECTIONS_MAX,
  type Driver,
  HEADER_BYTES_MAX,
  type HttpAnswering,
  type HttpAsking,
  type HttpClient,
  KEEP_ALIVE_TIMEOUT_MS,
  type Streams,
} from "@krarup/ports/internal";
import type { Agenda } from "../time/agenda.ts";
import { Deadline } from "./deadline.ts";
import { type MessageHead, MessageReader } from "./message-reader.ts";
import { SimulatedAnswer } from "./simulated-answer.ts";

const STATUS_LINE = /^HTTP\/1\.([01]) (\d{3})(?: .*)?$/;

/** A connection to a server, and what reads from it. */
export interface ClientConnection {
  readonly socket: Driver;
  readonly reader: MessageReader;
  /** The method of the request that is under way. */
  method: string;
  /** Whether it has carried a request before. */
  isReused: boolean;
}

/** The connections to one server under one set of TLS options. */
interface Pool {
  readonly idle: Set<ClientConnection>;
  readonly waiting: ((connection: ClientConnection | null) => void)[];
  open: number;
}

/** Where a client's requests get their connections. */
export interface Connections {
  /**
   * Gives `use` a connection, now or when there is one.
   *
   * @returns a function that gives up waiting
   */
  take(asking: HttpAsking, use: (connection: ClientConnection) => void): () => void;
  /** Takes one back: to be kept, or to be closed. */
  giveBack(asking: HttpAsking, connection: ClientConnection, canBeKept: boolean): void;
}

/** The client of one node. */
export class SimulatedHttpClient implements HttpClient, Connections {
  readonly #streams: Streams;
  readonly #agenda: Agenda;
  /** By the TLS options, and then by the server. */
  readonly #pools = new Map<unknown, Map<string, Pool>>();

  constructor(streams: Streams, agenda: Agenda) {
    this.#streams = streams;
    this.#agenda = agenda;
  }

  ask(asking: HttpAsking): HttpAnswering {
    return new SimulatedAnswer(asking, this);
  }

  end(): void {
    for (const pools of this.#pools.values())
      for (const { idle } of pools.values()) for (const { socket } of idle) socket.destroy();
  }

  take(asking: HttpAsking, use: (connection: ClientConnection) => void): () => void {
    const pool = this.#poolOf(asking);
    const [kept] = pool.idle;
    if (kept !== undefined) {
      pool.idle.delete(kept);
      kept.isReused = true;
      kept.method = asking.method;
      use(kept);
    } else if (pool.open < CLIENT_CONNECTIONS_MAX) use(this.#connect(asking, pool));
    else return this.#wait(asking, pool, use);
    return () => undefined;
  }

  giveBack(asking: HttpAsking, connection: ClientConnection, canBeKept: boolean): void {
    const pool = this.#poolOf(asking);
    const next = pool.waiting.shift();
    if (canBeKept && next !== undefined) return next(connection);
    if (canBeKept) return this.#keep(pool, connection);
    pool.open--;
    connection.socket.destroy();
    next?.(null);
  }

  #wait(asking: HttpAsking, pool: Pool, use: (connection: ClientConnection) => void): () => void {
    const turn = (connection: ClientConnection | null): void => {
      const mine = connection ?? this.#connect(asking, pool);
      mine.isReused = connection !== null;
      mine.method = asking.method;
      use(mine);
    };
    pool.waiting.push(turn);
    return () => {
      const at = pool.waiting.indexOf(turn);
      if (at >= 0) pool.waiting.splice(at, 1);
    };
  }

  #connect({ url, tls, method }: HttpAsking, pool: Pool): ClientConnection {
    const secured = url.protocol === "https:" ? { tls: tls ?? {} } : {};
    const socket = this.#streams.connect(addressOf(url), { noDelay: true, ...secured });
    pool.open++;
    const settings = {
      firstLine: STATUS_LINE,
      headerBytesMax: HEADER_BYTES_MAX,
      otherwise: () => "connection" as const,
      isBodiless: (head: MessageHead) => connection.method === "HEAD" || hasNoBody(Number(head.first[1])),
    };
    const connection: ClientConnection = {
      socket,
      reader: new MessageReader(socket, settings),
      method,
      isReused: false,
    };
    return connection;
  }

  #keep(pool: Pool, connection: ClientConnection): void {
    const { socket } = connection;
    const deadline = new Deadline(this.#agenda);
    const drop = (): void => {
      deadline.clear();
      if (!pool.idle.delete(connection)) return;
      pool.open--;
      socket.destroy();
    };
    deadline.set(KEEP_ALIVE_TIMEOUT_MS, drop);
    pool.idle.add(connection);
    // Whatever comes now was not asked for.
    socket.listen(drop);
  }

  #poolOf({ url, tls }: HttpAsking): Pool {
    const pools = this.#pools.get(tls) ?? new Map<string, Pool>();
    this.#pools.set(tls, pools);
    const pool = pools.get(url.origin) ?? { idle: new Set(), waiting: [], open: 0 };
    pools.set(url.origin, pool);
    return pool;
  }
}

/** Where a URL leads. */
export function addressOf({ hostname, port, protocol }: URL): Address {
  const usual = protocol === "https:" || protocol === "wss:" ? 443 : 80;
  return { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? usual : Number(port) };
}

function hasNoBody(status: number): boolean {
  return status < 200 || status === 204 || status === 304;
}
