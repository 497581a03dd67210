// The process that holds an HTTP server: it starts a process for each request that comes, under the supervisor of requests.
//
// Told to stop, it takes no more connections, and waits for the requests that are under way before it ends.

import {
  type AnyPid,
  exit,
  type Exit,
  monotonicTime,
  type Operation,
  type Pid,
  reply,
  type Request,
  type Self,
  TIMEOUT,
} from "@krarup/core";
import { currentNode, startProcess } from "@krarup/core/internal";
import { DynamicSupervisor, type DynamicSupervisorPid } from "@krarup/supervisor";
import { type Address, showAddress } from "../net/address.ts";
import type { Exchange, HttpServerSettings, HttpServing } from "../outside/http.ts";
import { outside } from "../outside/outside.ts";
import { ask, type CommandOf } from "../port/ask.ts";
import { openHeld } from "../port/open-port.ts";
import type { PortError } from "../port/port-error.ts";
import type { DriverChanged } from "../port/port-protocol.ts";
import type { Steps } from "../port/sequence.ts";
import { handleRequest, type HandlerSettings, type HttpHandler } from "./handle-request.ts";

interface InfoCommand {
  readonly do: "info";
}

/** What the listener of an HTTP server can be asked. */
export type HttpListenerRequest = CommandOf<InfoCommand>;

/** The process that holds an HTTP server. */
export type HttpListener = Pid<Request<HttpListenerRequest, unknown>>;

/** How a server is doing. */
export interface HttpServerInfo {
  /** Where it listens, with the port that the system chose for port 0. */
  readonly address: Address;
  /** Connections that are open. */
  readonly connections: number;
  /** Requests that are being handled. */
  readonly running: number;
  /** Requests that were handed to a process since the server has started. */
  readonly handled: number;
  /** Requests that were answered with 503 because too many were being handled. */
  readonly refused: number;
}

/** How a listener treats requests. */
export interface ListenerSettings<M> extends HttpServerSettings, Omit<HandlerSettings, "failureStatus"> {
  readonly handler: HttpHandler<M>;
  readonly drainMs: number;
}

/** Milliseconds between two looks for idle connections while the server stops. */
const IDLE_CHECK_MS = 50;

/** Milliseconds in which clients must have taken the news that the server has stopped. */
export const FAREWELL_MS = 500;

type Input = Request<HttpListenerRequest, unknown> | DriverChanged | Exit;

/** Listens on `address`, and handles requests by processes under `requests`. The listener belongs to the running process. */
export function openHttpListener<M>(
  address: Address,
  requests: DynamicSupervisorPid,
  settings: ListenerSettings<M>,
): Operation<HttpListener | PortError> {
  return openHeld<HttpServing, Input>(
    { kind: "http_listener", action: `listen on ${showAddress(address)}`, timeoutMs: "infinity" },
    () => outside("http").serve(address, settings),
    (self, owner, driver) => new ServedHttp(self, owner, driver, requests, settings).serve(),
  );
}

/** How a listener is doing. @returns the error `"closed"` when it has ended */
export function httpListenerInfo(listener: HttpListener): Operation<HttpServerInfo | PortError> {
  return ask(listener, "inspect an http server", { do: "info" });
}

class ServedHttp<M> {
  readonly #self: Self<Input>;
  readonly #owner: AnyPid;
  readonly #driver: HttpServing;
  readonly #requests: DynamicSupervisorPid;
  readonly #settings: ListenerSettings<M>;
  readonly #handling: HandlerSettings;
  #handled = 0;

  constructor(
    self: Self<Input>,
    owner: AnyPid,
    driver: HttpServing,
    requests: DynamicSupervisorPid,
    settings: ListenerSettings<M>,
  ) {
    this.#self = self;
    this.#owner = owner;
    this.#driver = driver;
    this.#requests = requests;
    this.#settings = settings;
    const { handlerTimeoutMs, endsWithClient } = settings;
    this.#handling = { handlerTimeoutMs, endsWithClient, failureStatus: () => (driver.isDraining ? 503 : 500) };
  }

  *serve(): Steps<void> {
    for (;;) {
      yield* this.#startArrived();
      const message = yield* this.#self.receive();
      const stop = this.#take(message);
      if (stop === null) continue;
      this.#driver.drain();
      yield* this.#drained(this.#settings.drainMs);
      this.#driver.abandonAll(503);
      yield* this.#drained(FAREWELL_MS);
      exit(stop.reason);
    }
  }

  /** Takes one message. @returns the exit signal that ends the server */
  #take(message: Input): Exit | null {
    if (message.type === "$gen_call") reply(message.from, this.#info);
    if (message.type !== "EXIT") return null;
    if (message.pid === this.#owner) return message;
    return message.reason === "normal" ? null : exit(message.reason);
  }

  /** Waits until the last connection has ended, for up to `timeoutMs`. */
  *#drained(timeoutMs: number): Steps<void> {
    const endsAt = monotonicTime() + timeoutMs;
    while (!this.#driver.isDrained) {
      yield* this.#startArrived();
      const leftMs = endsAt - monotonicTime();
      if (leftMs <= 0) return;
      const message = yield* this.#self.receive().after(Math.min(leftMs, IDLE_CHECK_MS));
      // A response that is out leaves its connection open for the next request, which must not come.
      if (message === TIMEOUT) this.#driver.closeIdle();
      else this.#take(message);
    }
  }

  *#startArrived(): Steps<void> {
    for (const exchange of this.#driver.take()) {
      this.#handled++;
      const started = yield* DynamicSupervisor.startChild(this.#requests, {
        start: () => this.#start(exchange),
        restart: "temporary",
      });
      if (started.type !== "ok") exchange.abandon(503);
    }
  }

  #start(exchange: Exchange): Pid<M> {
    const { handler } = this.#settings;
    return startProcess(currentNode(), handleRequest, [exchange, handler, this.#handling], {
      link: true,
      entry: handler,
    });
  }

  get #info(): HttpServerInfo {
    const { address, connections, running, refused } = this.#driver;
    return { address, connections, running, handled: this.#handled, refused };
  }
}
