// Asking HTTP servers, by way of `node:http` and its agents.
//
// `fetch` was not taken: its connections belong to the program and not to a node, cannot be ended, and its limits are those of a browser.

import { Agent, type ClientRequest, type IncomingMessage, request as askPlain } from "node:http";
import { Agent as SecureAgent, request as askSecurely } from "node:https";
import { CLIENT_CONNECTIONS_MAX, HEADER_BYTES_MAX, KEEP_ALIVE_TIMEOUT_MS } from "../http/limits.ts";
import type { ClientTls } from "../net/tls.ts";
import type { Driver, DriverState } from "../port/driver.ts";
import { codeOf } from "../port/port-error.ts";
import { headersForNode, plainHeaders } from "./http-exchange.ts";
import { StreamDriver } from "./stream-driver.ts";
import { clientSecurity } from "./tls-security.ts";

/** What is asked for. */
export interface HttpAsking {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array | string | null;
  readonly tls: ClientTls | null;
}

/** Status and headers of an answer. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly setCookies: readonly string[];
}

/** A request that was sent. It is open once the head of the answer is there; then it is a stream that carries the body. */
export interface HttpAnswering extends Driver {
  readonly head: AnswerHead;
}

/** Asks servers, over connections that it keeps. */
export interface HttpClient {
  ask(asking: HttpAsking): HttpAnswering;
  /** Closes the connections that nobody uses. */
  end(): void;
}

const AGENT_OPTIONS = { keepAlive: true, maxSockets: CLIENT_CONNECTIONS_MAX, timeout: KEEP_ALIVE_TIMEOUT_MS } as const;

/** The client of one node. */
export class NodeHttpClient implements HttpClient {
  readonly #plain = new Agent(AGENT_OPTIONS);
  readonly #secure = new SecureAgent(AGENT_OPTIONS);
  /** Node's agents do not tell certificates apart, so each set of options has one. What it keeps ends with the time limit of idle ones. */
  readonly #bySecurity = new WeakMap<ClientTls, SecureAgent>();

  ask(asking: HttpAsking): HttpAnswering {
    return new AnsweringDriver(asking, () => this.#request(asking));
  }

  end(): void {
    this.#plain.destroy();
    this.#secure.destroy();
  }

  #request({ url, method, headers, tls }: HttpAsking): ClientRequest {
    const options = { method, headers: headersForNode(headers), maxHeaderSize: HEADER_BYTES_MAX };
    if (url.protocol === "http:") return askPlain(url, { ...options, agent: this.#plain });
    if (tls === null) return askSecurely(url, { ...options, agent: this.#secure });
    const security = clientSecurity(tls, { host: url.hostname, port: Number(url.port) });
    return askSecurely(url, { ...options, ...security, agent: this.#agentFor(tls) });
  }

  #agentFor(tls: ClientTls): SecureAgent {
    const agent = this.#bySecurity.get(tls) ?? new SecureAgent(AGENT_OPTIONS);
    this.#bySecurity.set(tls, agent);
    return agent;
  }
}

/** Methods that may be sent again when nobody knows whether the server has got them. */
const REPEATABLE: readonly string[] = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];

const NO_HEAD: AnswerHead = { status: 0, headers: {}, setCookies: [] };

class AnsweringDriver implements HttpAnswering {
  readonly label: string;
  readonly isFull = false;
  readonly exitStatus = null;
  readonly writeFailure = "epipe";
  state: DriverState = { type: "opening" };
  head: AnswerHead = NO_HEAD;
  readonly #asking: HttpAsking;
  readonly #send: () => ClientRequest;
  #request: ClientRequest;
  #body: StreamDriver | null = null;
  #wasRepeated = false;
  #changed: () => void = () => undefined;

  constructor(asking: HttpAsking, send: () => ClientRequest) {
    this.label = `${asking.method} ${asking.url.origin}${asking.url.pathname}`;
    this.#asking = asking;
    this.#send = send;
    this.#request = this.#sent();
  }

  get hasEnded(): boolean {
    return this.#body?.hasEnded ?? false;
  }

  get readFailure(): string | null {
    return this.#body?.readFailure ?? null;
  }

  read(): Uint8Array | null {
    return this.#body?.read() ?? null;
  }

  write(): void {
    // The request has its whole body: `writeFailure` says that no more can be written.
  }

  closeWrite(): void {
    // As above.
  }

  close(): void {
    this.destroy();
  }

  /** A connection whose answer was read to its end is kept; any other is of no use. */
  destroy(): void {
    if (!this.hasEnded) this.#request.destroy();
  }

  listen(changed: () => void): void {
    this.#changed = changed;
    this.#body?.listen(changed);
  }

  #sent(): ClientRequest {
    const request = this.#send();
    request.on("socket", (socket) => socket.unref());
    request.on("error", (error) => this.#failed(codeOf(error)));
    request.on("response", (response) => this.#answered(response));
    request.end(this.#asking.body ?? undefined);
    return request;
  }

  #answered(response: IncomingMessage): void {
    const { statusCode: status = 0, headers } = response;
    this.head = { status, headers: plainHeaders(response), setCookies: headers["set-cookie"] ?? [] };
    this.state = { type: "open" };
    this.#body = new StreamDriver(this.label, { source: response, sink: null }, this.state);
    this.#body.listen(this.#changed);
    this.#changed();
  }

  /** A kept connection may have been closed by the server at the very moment of the request. */
  #failed(code: string): void {
    if (this.state.type !== "opening") return;
    const isStale = this.#request.reusedSocket && (code === "econnreset" || code === "epipe");
    if (isStale && !this.#wasRepeated && REPEATABLE.includes(this.#asking.method)) {
      this.#wasRepeated = true;
      this.#request = this.#sent();
      return;
    }
    this.state = { type: "failed", code };
    this.#changed();
  }
}
