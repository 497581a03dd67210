// Listening and accepting.
//
// A connection becomes a port in the name of whoever accepts it: the new process links itself to the acceptor and then answers it. An
// acceptor that was killed in between is known by its link, and the connection closes with it.

import {
  type AnyPid,
  exit,
  type Exit,
  type Operation,
  type Pid,
  reply,
  type Request,
  type Self,
  unlink,
} from "@krarup/core";
import { type Address, checkAddress, showAddress } from "./address.ts";
import { ask, type CommandOf } from "../port/ask.ts";
import { checkedOptions, misuse, type StreamOptions } from "../port/check-options.ts";
import { ACCEPT_QUEUE_MAX, LISTEN_BACKLOG } from "../port/limits.ts";
import { outside } from "../outside/outside.ts";
import { serverSecurity } from "../outside/tls-security.ts";
import type { Listening } from "../outside/streams.ts";
import { openHeld, openPortFor } from "../port/open-port.ts";
import type { PortError } from "../port/port-error.ts";
import type { Carries, DriverChanged, Expired, Port } from "../port/port-protocol.ts";
import type { TimeLimit } from "../port/port.ts";
import { sequence, type Steps } from "../port/sequence.ts";
import type { SocketOptions } from "./tcp.ts";
import { checkServerTls, type ServerTls } from "./tls.ts";
import { Waiting } from "../port/waiting.ts";

/** How connections are taken. Options of the socket go to every connection. */
export interface ListenOptions<P = Uint8Array> extends SocketOptions<P> {
  /** Connections that the system may hold back beyond those that wait here; default 4,096. */
  readonly backlog?: number;
  /** Connections that may wait to be accepted, or are in their handshake; one more is closed at once. Default 1,024. */
  readonly acceptQueueMax?: number;
  /** Secures every connection. What is accepted has its handshake behind it; one that fails is closed and never seen. */
  readonly tls?: ServerTls;
}

type ListenerCommand =
  | { readonly do: "accept"; readonly timeoutMs: number | "infinity" }
  | { readonly do: "info" }
  | { readonly do: "close" };

/** What a listener can be asked. */
export type ListenerRequest = CommandOf<ListenerCommand>;

/** Any listener, whatever the packets of its connections are. */
export type AnyListener = Pid<Request<ListenerRequest, unknown>>;

/** A port that accepts connections, whose packets are of type `P`. As any port it belongs to its owner and closes with it. */
export type Listener<P = Uint8Array> = AnyListener & Carries<P>;

type ListenerInput = Request<ListenerRequest, unknown> | DriverChanged | Exit | Expired;

/** How a listener is doing. */
export interface ListenerInfo {
  /** Where it listens, with the port that the system chose for port 0. */
  readonly address: Address;
  /** Connections accepted. */
  readonly accepted: number;
  /** Connections closed because too many waited. */
  readonly refused: number;
  /** Connections that wait to be accepted. */
  readonly waiting: number;
  /** Processes that wait in {@link accept}. */
  readonly acceptors: number;
}

/**
 * Listens on an address: a port, and a host if not on all, or the path of a unix socket. Port 0 lets the system choose: see
 * {@link listenerInfo}.
 *
 * @returns the listener, which belongs to this process; or an error: `"eaddrinuse"`, `"eacces"`, `"eaddrnotavail"` …
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` at once, for an address or option that makes no sense
 * @see {@link https://www.erlang.org/doc/apps/kernel/gen_tcp.html#listen/2 | gen_tcp:listen/2}
 */
export function listen<P = Uint8Array>(options: Address & ListenOptions<P>): Operation<Listener<P> | PortError> {
  checkAddress(options);
  const { backlog = LISTEN_BACKLOG, acceptQueueMax = ACCEPT_QUEUE_MAX, noDelay = false, tls } = options;
  if (!Number.isInteger(acceptQueueMax) || acceptQueueMax < 1)
    throw misuse("acceptQueueMax must be an integer >= 1", acceptQueueMax);
  if (tls !== undefined) checkTlsListener(tls, options);
  const checked = checkedOptions(options);
  const address = addressIn(options);
  const settings = { backlog, acceptQueueMax, noDelay, ...(tls && { tls }) };
  return openHeld<Listening, ListenerInput>(
    { kind: "tcp_listener", action: `listen on ${showAddress(address)}`, timeoutMs: "infinity" },
    () => outside("streams").listen(address, settings),
    (self, owner, driver) => serveListener(self, owner, driver, checked),
  );
}

/**
 * Waits for the next connection. It belongs to this process.
 *
 * @remarks
 * Any number of processes may wait; they are served in the order in which they asked.
 *
 * @returns the port; or an error: `"closed"` when the listener has ended, `"timeout"`
 * @see {@link https://www.erlang.org/doc/apps/kernel/gen_tcp.html#accept/2 | gen_tcp:accept/2}
 */
export function accept<P>(
  listener: Listener<P>,
  { timeoutMs = "infinity" }: TimeLimit = {},
): Operation<Port<P> | PortError> {
  return ask(listener, "accept", { do: "accept", timeoutMs });
}

/** Address and counters of a listener. @returns the error `"closed"` when it has ended */
export function listenerInfo(listener: AnyListener): Operation<ListenerInfo | PortError> {
  return ask(listener, "inspect a listener", { do: "info" });
}

/** Stops listening. Connections that nobody has accepted are closed; those that were accepted live on. */
export function closeListener(listener: AnyListener): Operation<"ok"> {
  return sequence(function* () {
    yield* ask(listener, "close", { do: "close" });
    return "ok" as const;
  });
}

function checkTlsListener(tls: ServerTls, address: Address): void {
  if ("path" in address) throw misuse("a listener with tls must have a port instead of a path", address.path);
  checkServerTls(tls);
  serverSecurity(tls);
}

function addressIn(options: Address): Address {
  if ("path" in options) return { path: options.path };
  return options.host === undefined ? { port: options.port } : { host: options.host, port: options.port };
}

/** The process of one listener. */
function* serveListener(
  self: Self<ListenerInput>,
  owner: AnyPid,
  driver: Listening,
  options: StreamOptions,
): Steps<void> {
  const listener = new ServedListener(self, owner, driver, options);
  let isOpen = true;
  while (isOpen) isOpen = listener.take(yield* self.receive());
}

class ServedListener {
  readonly #owner: AnyPid;
  readonly #driver: Listening;
  readonly #options: StreamOptions;
  readonly #acceptors: Waiting<null>;
  #accepted = 0;

  constructor(self: Pid<ListenerInput>, owner: AnyPid, driver: Listening, options: StreamOptions) {
    this.#owner = owner;
    this.#driver = driver;
    this.#options = options;
    this.#acceptors = new Waiting(self, "accept");
  }

  /** Takes one message. @returns whether it goes on */
  take(message: ListenerInput): boolean {
    let isOpen = true;
    if (message.type === "EXIT") this.#exitSignal(message);
    else if (message.type === "expired") this.#acceptors.expire(message.from);
    else if (message.type === "$gen_call") isOpen = this.#serve(message);
    this.#dispatch();
    return isOpen;
  }

  #exitSignal({ pid, reason }: Exit): void {
    if (pid === this.#owner || reason !== "normal") exit(reason);
  }

  #serve({ from, request: { caller, command } }: Request<ListenerRequest, unknown>): boolean {
    switch (command.do) {
      case "accept":
        this.#acceptors.add(caller, from, null, command.timeoutMs);
        return true;
      case "info":
        reply(from, this.#info);
        return true;
      case "close":
        if (caller === this.#owner) unlink(caller);
        reply(from, "ok");
        return false;
    }
  }

  #dispatch(): void {
    for (let acceptor = this.#acceptors.first(); acceptor !== null; acceptor = this.#acceptors.first()) {
      const driver = this.#driver.take();
      if (driver === null) return;
      const { caller, from } = acceptor;
      this.#acceptors.remove(acceptor);
      this.#accepted++;
      openPortFor(caller, "tcp_socket", this.#options, driver, (port) => reply(from, port));
    }
  }

  get #info(): ListenerInfo {
    const { address, refused, waiting } = this.#driver;
    return { address, accepted: this.#accepted, refused, waiting, acceptors: this.#acceptors.count };
  }
}
