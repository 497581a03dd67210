// A supervised server: who listens, who accepts, and one process for each connection.
//
//                  supervisor, rest_for_one
//        ┌───────────────┼──────────────────┐
//   connections       listener           acceptor
//   (dynamic)         (a port)           accept, hand over, again
//    │  │  │
//    one process for each connection, never restarted: the peer connects again
//
// The socket is accepted by the acceptor, which starts the connection's process and makes it the owner. A connection that fails takes
// nothing with it. If the acceptor fails it starts anew, and the listener goes on listening; if the listener fails, both start anew.

import {
  demonitor,
  type Down,
  monitor,
  type Operation,
  type Pid,
  type Priority,
  type Ref,
  send,
  type Self,
  spawnOpt,
  StartError,
} from "@krarup/core";
import {
  type DynamicSupervisorPid,
  DynamicSupervisor,
  Supervisor,
  type SupervisorName,
  type SupervisorPid,
} from "@krarup/supervisor";
import type { Address } from "./address.ts";
import { accept, type AnyListener, type Listener, listen, listenerInfo, type ListenOptions } from "./listener.ts";
import { isPortError, orExit, portError, type PortError } from "../port/port-error.ts";
import type { Port } from "../port/port-protocol.ts";
import { close, controllingProcess } from "../port/port.ts";
import { sequence, type Steps } from "../port/sequence.ts";

/** How connections are served. */
export interface TcpServerOptions<M, P = Uint8Array> extends ListenOptions<P> {
  /** The body of the process of one connection, which owns `socket`. When it ends, however it ends, the connection closes. */
  readonly serve: (self: Self<M>, socket: Port<P>) => Steps<unknown>;
  /** Connections at once; one more is closed as soon as it is accepted. Default `"infinity"`. */
  readonly connectionsMax?: number | "infinity";
  /**
   * Scheduling priority of the connections' processes and their sockets; default `"normal"`. With `"high"` they go before whatever else the
   * node computes, so that answers come in time; what takes long should then not be done in them.
   */
  readonly priority?: Priority;
  /** Registers the server's supervisor. */
  readonly name?: SupervisorName;
}

/** How the process of a connection gets its socket. */
interface Handover<P> {
  readonly type: "$socket";
  readonly socket: Port<P>;
}

/**
 * Starts a supervised server on an address: a process for each connection. It is linked to this process; give it to a supervisor.
 *
 * @remarks
 * **Waiting.** Until it listens.
 * **Ordering.** When it ends, it stops accepting first, and then ends the connections, with `"shutdown"`.
 * **Cost.** Each connection costs two processes, one of which is the socket.
 *
 * @returns the server's supervisor
 * @throws {@link StartError} with reason `["shutdown", ["failed_to_start_child", "listener", error]]`, where `error` is a {@link PortError},
 * when it cannot listen
 *
 * @example
 * ```ts no-run
 * import { readLine, startTcpServer, write } from "@krarup/ports";
 * import { Supervisor } from "@krarup/supervisor";
 *
 * const echo = () =>
 *   startTcpServer({
 *     port: 7000,
 *     *serve(_self, socket) {
 *       for (;;) {
 *         const line = yield* readLine(socket);
 *         if (typeof line !== "string") return; // the peer has closed
 *         yield* write(socket, `${line}\n`);
 *       }
 *     },
 *   });
 *
 * export const tree = () => Supervisor.startLink({ children: [{ id: "echo", start: echo, type: "supervisor" }] });
 * ```
 */
export function startTcpServer<M = never, P = Uint8Array>(
  options: Address & TcpServerOptions<M, P>,
): Operation<SupervisorPid> {
  const parts = new ServerParts(options);
  return Supervisor.startLink({
    strategy: "rest_for_one",
    ...(options.name === undefined ? {} : { name: options.name }),
    children: [
      { id: "connections", start: () => parts.startConnections(), type: "supervisor" },
      { id: "listener", start: () => parts.startListener() },
      { id: "acceptor", start: () => parts.startAcceptor(), shutdown: "brutal_kill" },
    ],
  });
}

/** Where a server listens. @returns the error `"closed"` while it does not */
export function serverAddress(server: SupervisorPid): Operation<Address | PortError> {
  return sequence(function* () {
    const children = yield* Supervisor.whichChildren(server);
    const pid = children.find(({ id }) => id === "listener")?.pid;
    if (typeof pid !== "object") return portError("find the address of a server", "closed");
    // The child of that id is what startListener starts.
    const info = yield* listenerInfo(pid as AnyListener);
    return isPortError(info) ? info : info.address;
  });
}

/** The children of one server; each finds those started before it here. */
class ServerParts<M, P> {
  readonly #options: Address & TcpServerOptions<M, P>;
  #connections: DynamicSupervisorPid | null = null;
  #listener: Listener<P> | null = null;

  constructor(options: Address & TcpServerOptions<M, P>) {
    this.#options = options;
  }

  *startConnections(): Steps<DynamicSupervisorPid> {
    const { connectionsMax = "infinity" } = this.#options;
    this.#connections = yield* DynamicSupervisor.startLink({ maxChildren: connectionsMax });
    return this.#connections;
  }

  *startListener(): Steps<Listener<P>> {
    const listener = yield* listen(this.#options);
    if (isPortError(listener)) throw new StartError(listener);
    this.#listener = listener;
    return listener;
  }

  startAcceptor(): Pid {
    const { serve, priority = "normal" } = this.#options;
    // Both were started before this child.
    const listener = this.#listener as Listener<P>;
    const connections = this.#connections as DynamicSupervisorPid; // as above
    const acceptor = function* acceptor(self: Self): Steps<never> {
      for (;;) yield* hand(self, yield* orExit(accept(listener)), connections, { serve, priority });
    };
    // A socket has the priority of the process that accepts it.
    return spawnOpt(acceptor, [], { link: true, priority });
  }
}

/** Starts the process of a connection and makes it the owner of `socket`. */
function* hand<M, P>(
  self: Self,
  socket: Port<P>,
  connections: DynamicSupervisorPid,
  { serve, priority }: Required<Pick<TcpServerOptions<M, P>, "serve" | "priority">>,
): Steps<void> {
  const session = (own: Self<M | Handover<P> | Down>): Steps<void> => connection(own, self, serve);
  const started = yield* DynamicSupervisor.startChild(connections, {
    start: () => spawnOpt(session, [], { link: true, priority }),
    restart: "temporary",
  });
  if (started.type !== "ok") yield* close(socket);
  // The peer may have gone already: then there is nothing to serve.
  else if (isPortError(yield* controllingProcess(socket, started.pid)))
    yield* DynamicSupervisor.terminateChild(connections, started.pid);
  else send<Handover<P>>(started.pid, { type: "$socket", socket });
}

function* connection<M, P>(
  self: Self<M | Handover<P> | Down>,
  acceptor: Pid,
  serve: TcpServerOptions<M, P>["serve"],
): Steps<void> {
  const watching = monitor(acceptor);
  const message = yield* self.receive(
    (each): each is M & (Handover<P> | Down) => isHandover(each) || isDown(each, watching),
  );
  demonitor(watching, { flush: true });
  // An acceptor that has failed hands nothing over. From here on the process receives what its body understands.
  if (isHandover(message)) yield* serve(self as unknown as Self<M>, message.socket);
}

function isDown(message: unknown, ref: Ref): message is Down {
  return typeof message === "object" && message !== null && "ref" in message && message.ref === ref;
}

function isHandover<P>(message: unknown): message is Handover<P> {
  return typeof message === "object" && message !== null && "type" in message && message.type === "$socket";
}
