// The process that holds an HTTP server, and is the parent of the processes that handle its requests: it starts them, is linked to them, and
// does not end before them.
//
// A DynamicSupervisor for the requests was tried first. Each start was a call to it, with a spec to check, and a request took 20.6 µs of
// processor time instead of 15.0 (`node:http` alone: 9.2). What it would do for children that are never restarted is the little below.
//
// Told to stop, it takes no more connections and waits for what is under way; answers the rest with 503; and ends its handlers.

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
import { type Address, showAddress } from "../net/address.ts";
import type { HttpServerSettings, HttpServing } from "../outside/http.ts";
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

/** Milliseconds in which clients must have taken the news that the server has stopped, and handlers must have ended. */
export const FAREWELL_MS = 500;

type Input = Request<HttpListenerRequest, unknown> | DriverChanged | Exit;

/** Listens on `address`. The listener belongs to the running process. */
export function openHttpListener<M>(
  address: Address,
  settings: ListenerSettings<M>,
): Operation<HttpListener | PortError> {
  return openHeld<HttpServing, Input>(
    { kind: "http_listener", action: `listen on ${showAddress(address)}`, timeoutMs: "infinity" },
    () => outside("http").serve(address, settings),
    (self, owner, driver) => new ServedHttp(self, owner, driver, settings).serve(),
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
  readonly #handlers = new Set<AnyPid>();
  readonly #settings: ListenerSettings<M>;
  readonly #handling: HandlerSettings;
  #handled = 0;

  constructor(self: Self<Input>, owner: AnyPid, driver: HttpServing, settings: ListenerSettings<M>) {
    this.#self = self;
    this.#owner = owner;
    this.#driver = driver;
    this.#settings = settings;
    const { handlerTimeoutMs, endsWithClient } = settings;
    this.#handling = { handlerTimeoutMs, endsWithClient, failureStatus: () => (driver.isDraining ? 503 : 500) };
  }

  *serve(): Steps<void> {
    for (;;) {
      this.#startArrived();
      const message = yield* this.#self.receive();
      const stop = this.#take(message);
      if (stop === null) continue;
      yield* this.#stop();
      exit(stop.reason);
    }
  }

  /** Takes one message. @returns the exit signal that ends the server */
  #take(message: Input): Exit | null {
    if (message.type === "$gen_call") reply(message.from, this.#info);
    if (message.type !== "EXIT") return null;
    const { pid, reason } = message;
    if (pid === this.#owner) return message;
    if (!this.#handlers.delete(pid) && reason !== "normal") exit(reason);
    return null;
  }

  *#stop(): Steps<void> {
    this.#driver.drain();
    yield* this.#until(() => this.#driver.isQuiet, this.#settings.drainMs);
    this.#driver.abandonAll(503);
    for (const handler of this.#handlers) exit(handler, "shutdown");
    yield* this.#until(() => this.#driver.connections === 0 && this.#handlers.size === 0, FAREWELL_MS);
    for (const handler of this.#handlers) exit(handler, "kill");
  }

  /** Goes on with what it has until `isDone`, for up to `timeoutMs`. */
  *#until(isDone: () => boolean, timeoutMs: number): Steps<void> {
    const endsAt = monotonicTime() + timeoutMs;
    while (!isDone()) {
      this.#startArrived();
      const leftMs = endsAt - monotonicTime();
      if (leftMs <= 0) return;
      const message = yield* this.#self.receive().after(Math.min(leftMs, IDLE_CHECK_MS));
      // A response that is out leaves its connection open for the next request, which must not come.
      if (message === TIMEOUT) this.#driver.closeIdle();
      else this.#take(message);
    }
  }

  #startArrived(): void {
    const { handler } = this.#settings;
    for (const exchange of this.#driver.take()) {
      this.#handled++;
      const args = [exchange, handler, this.#handling];
      this.#handlers.add(startProcess(currentNode(), handleRequest, args, { link: true, entry: handler }));
    }
  }

  get #info(): HttpServerInfo {
    const { address, connections, running, refused } = this.#driver;
    return { address, connections, running, handled: this.#handled, refused };
  }
}
