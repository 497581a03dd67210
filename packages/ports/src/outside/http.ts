// The room of HTTP: serving it, and asking others.

import type { Address } from "../net/address.ts";
import type { ServerTls } from "../net/tls.ts";
import type { Driver, Held } from "../port/driver.ts";
import type { WebSocketMessage } from "../websocket/web-socket.ts";
import { type HttpClient, NodeHttpClient } from "./http-client.ts";
import { HttpServerDriver } from "./http-server-driver.ts";
import { type AcceptSettings, type ConnectSettings, WebSocketDriver } from "./web-socket-driver.ts";

/** Limits of a server, in bytes, milliseconds and numbers. */
export interface HttpServerSettings {
  readonly headerBytesMax: number;
  readonly bodyBytesMax: number;
  readonly connectionsMax: number;
  readonly requestsMax: number;
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly stallTimeoutMs: number;
  readonly handlerTimeoutMs: number | "infinity";
  /** Null for a server without TLS. */
  readonly tls: ServerTls | null;
}

/** Status and headers of a response. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

/** The first line and the headers of a request. */
export interface RequestHead {
  readonly method: string;
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly version: string;
  /** The client's address; empty for a unix socket. */
  readonly peer: string;
}

/** What there is of a body. */
export type BodyPart = Uint8Array | "end" | "wait" | "closed" | "emsgsize";

/** What an exchange tells whoever handles it. */
export interface ExchangeListener {
  /** The client has gone before it had the whole response. */
  clientGone(): void;
  /** The time to answer is over; the client has been told. */
  expired(): void;
}

/** One request and the response to it. Nothing is pushed: body and response wait until it is their turn. */
export interface Exchange {
  readonly head: RequestHead;
  /** Whether the request says that a body follows. */
  readonly hasBody: boolean;
  /** Whether there is nothing more to send: the response is out of our hands, or the client has gone. */
  readonly isOver: boolean;
  /** Whether the client is to take something before there is more. */
  readonly isFull: boolean;
  /** Tells `listener` how it goes, and that it is over after `timeoutMs` without a response. */
  listen(listener: ExchangeListener, timeoutMs: number | "infinity"): void;
  /** Takes what has come of the body. After `"wait"`, wait for a change. */
  take(): BodyPart;
  /** No more of the body is taken: there is more than somebody wants. */
  refuseBody(): void;
  /** Resolves when there may be more of the body, room for more of the response, or nothing to wait for any longer. */
  change(): Promise<void>;
  /** Sends a response as a whole. @throws what Node throws for headers that cannot be sent */
  respond(head: ResponseHead, body: Uint8Array | string): void;
  /** Begins a response that is sent in parts. @throws as `respond` */
  begin(head: ResponseHead): void;
  /** Sends a part. @throws what Node throws for more than the length that was announced */
  write(part: Uint8Array | string): void;
  /** Ends a response in parts. @throws as `write`, for less */
  end(): void;
  /** Answers by opening a WebSocket. @returns null when none was asked for */
  upgrade(settings: AcceptSettings): Driver<WebSocketMessage> | null;
  /** Whether a body would be dropped: after HEAD, and with 204 and 304. */
  sendsNoBody(status: number): boolean;
  /** Nobody handles it any more: the client is told `status`, or, when it has a part of the response already, is cut off. */
  abandon(status: number): void;
}

/** A server that listens, with the requests that nobody has taken yet. */
export interface HttpServing extends Held {
  /** Where; once it is open, with the port that the system chose. */
  readonly address: Address;
  /** Connections that are open. */
  readonly connections: number;
  /** Exchanges whose response is not out yet. */
  readonly running: number;
  /** Requests that were answered with 503 because too many were being handled. */
  readonly refused: number;
  readonly isDraining: boolean;
  /** Whether nothing is left but WebSockets. */
  readonly isQuiet: boolean;
  /** The requests that nobody has taken, in the order in which they came. */
  take(): readonly Exchange[];
  /** Takes no more connections, and ends those it has with the response that is under way. */
  drain(): void;
  /** Closes the connections without a request. */
  closeIdle(): void;
  /** Answers everything that is under way with `status`. */
  abandonAll(status: number): void;
}

/** HTTP as a node reaches it. */
export interface Http {
  serve(address: Address, settings: HttpServerSettings): HttpServing;
  /** Makes a client, which keeps connections until its end. */
  client(): HttpClient;
  connectWebSocket(settings: ConnectSettings): Driver<WebSocketMessage>;
}

/** HTTP by way of `node:http`. */
export const nodeHttp: Http = {
  serve: (address, settings) => new HttpServerDriver(address, settings),
  client: () => new NodeHttpClient(),
  connectWebSocket: (settings) => WebSocketDriver.connect(settings),
};
