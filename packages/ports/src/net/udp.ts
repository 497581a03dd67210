// UDP: a port whose packets are datagrams.

import { brief, KrarupError, type Operation } from "@krarup/core";
import { outside } from "../outside/outside.ts";
import { ask } from "../port/ask.ts";
import { misuse } from "../port/check-options.ts";
import { DATAGRAM_QUEUE_MAX } from "../port/limits.ts";
import { openPacketPort, type PacketOptions } from "../port/open-port.ts";
import type { PortError } from "../port/port-error.ts";
import type { Port } from "../port/port-protocol.ts";
import { type TimeLimit, write } from "../port/port.ts";
import { checkAddress } from "./address.ts";

/** A datagram: that was read, with its sender; or to be written, with who is to have it. */
export interface Datagram {
  /** An address when it was read; an address or a name when it is written. */
  readonly host: string;
  readonly port: number;
  readonly data: Uint8Array;
}

/** A socket for datagrams: a port, and so with owner, active modes and all else that ports have. */
export type UdpSocket = Port<Datagram>;

/** A group whose datagrams a socket gets. */
export interface Membership {
  /** The group's address: `"239.1.2.3"`. */
  readonly group: string;
  /** The address of the interface over which it is joined; default the system's choice. */
  readonly interface?: string;
}

/** How a socket for datagrams is opened. */
export interface UdpOptions extends PacketOptions {
  /** Default 0: the system chooses, see {@link udpInfo}. */
  readonly port?: number;
  /** The address to receive on; default every address of the machine. */
  readonly host?: string;
  /** Default `"inet6"` for a `host` with a colon, otherwise `"inet"`. */
  readonly family?: "inet" | "inet6";
  /** Whether others may open the same address, as is needed for groups. Default false. */
  readonly reuseAddress?: boolean;
  /** Whether datagrams may go to broadcast addresses. Default false. */
  readonly broadcast?: boolean;
  /** Groups that are joined. Default none. */
  readonly memberships?: readonly Membership[];
  /** Whether what is sent to a group comes back to this machine. Default true. */
  readonly multicastLoopback?: boolean;
  /** Routers that what is sent to a group may pass, from 0 to 255. Default 1. */
  readonly multicastTtl?: number;
  /** Datagrams that may wait to be read; one more is dropped and counted. Default 1,024. */
  readonly queueLengthMax?: number;
}

/** How a socket for datagrams is doing. */
export interface UdpInfo {
  /** Where it receives, with the port that the system chose for port 0. */
  readonly address: { readonly host: string; readonly port: number };
  readonly received: number;
  /** Datagrams that nobody has got because too many waited. The kernel drops as well, and tells nobody. */
  readonly dropped: number;
  /** Datagrams that wait to be read. */
  readonly waiting: number;
}

/**
 * Opens a socket for datagrams. It is a port whose packets are {@link Datagram}s: `read` takes the next, `write` sends one, `setActive` has
 * them sent to the owner, whose `data` messages then carry datagrams.
 *
 * @remarks
 * Datagrams may be lost, doubled and out of order; that is what UDP is. A sender cannot be held up: what comes while `queueLengthMax` wait
 * is dropped.
 *
 * **Waiting.** This process, until the socket is open. `write` waits until the system has the datagram, or has refused it: `"emsgsize"`,
 * `"enotfound"`, `"enetunreach"`, `"eacces"` for a broadcast that is not allowed, `"einval"` for what is no datagram. The next may succeed.
 *
 * @returns the port, which belongs to this process; or an error: `"eaddrinuse"`, `"eaddrnotavail"`, `"eacces"` …
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` at once, for an option that makes no sense
 *
 * @example
 * ```ts no-run
 * import { isPortError, openUdp, orExit, read, write } from "@krarup/ports";
 *
 * export function* echo() {
 *   const socket = yield* orExit(openUdp({ port: 7 }));
 *   for (;;) {
 *     const datagram = yield* read(socket);
 *     if (isPortError(datagram)) return;
 *     yield* write(socket, datagram); // back to whoever sent it
 *   }
 * }
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/gen_udp.html#open/2 | gen_udp:open/2}
 */
export function openUdp(options: UdpOptions = {}): Operation<UdpSocket | PortError> {
  const { host, port = 0, family = host?.includes(":") === true ? "inet6" : "inet" } = options;
  const { memberships = [], multicastTtl = 1, queueLengthMax = DATAGRAM_QUEUE_MAX } = options;
  checkAddress({ port });
  if (family !== "inet" && family !== "inet6") throw misuse('family must be "inet" or "inet6"', family);
  if (!Number.isInteger(queueLengthMax) || queueLengthMax < 1)
    throw misuse("queueLengthMax must be an integer >= 1", queueLengthMax);
  if (!Number.isInteger(multicastTtl) || multicastTtl < 0 || multicastTtl > 255)
    throw misuse("multicastTtl must be an integer from 0 to 255", multicastTtl);
  const { reuseAddress = false, broadcast = false, multicastLoopback = true } = options;
  const flags = { reuseAddress, broadcast, multicastLoopback };
  const settings = { family, host: host ?? null, port, memberships, multicastTtl, queueLengthMax, ...flags };
  return openPacketPort(
    { kind: "udp_socket", action: `open udp ${host ?? "*"}:${port}`, timeoutMs: "infinity" },
    options,
    () => outside("datagrams").open(settings),
    bytesIn,
  );
}

/** What is no datagram has none; the driver refuses it. */
function bytesIn(datagram: unknown): number {
  const data = typeof datagram === "object" && datagram !== null && "data" in datagram ? datagram.data : null;
  return data instanceof Uint8Array ? data.length : 0;
}

/**
 * Sends `data` as one datagram: {@link write} for those who have no {@link Datagram} at hand.
 *
 * @param to - an address or a name, which is looked up each time
 * @param data - a text is encoded as UTF-8
 * @returns `"ok"` when the system has it, which is not to say that anybody gets it; or an error, as of `write`
 * @see {@link https://www.erlang.org/doc/apps/kernel/gen_udp.html#send/4 | gen_udp:send/4}
 */
export function sendTo(
  socket: UdpSocket,
  to: { readonly host: string; readonly port: number },
  data: Uint8Array | string,
  limit: TimeLimit = {},
): Operation<"ok" | PortError> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  if (!(bytes instanceof Uint8Array))
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot send as data must be bytes or a text: current value is ${brief(data)}`,
      data,
    );
  return write(socket, { host: to.host, port: to.port, data: bytes }, limit);
}

/** Address and counters of a socket for datagrams. @returns the error `"closed"` when it has ended */
export function udpInfo(socket: UdpSocket): Operation<UdpInfo | PortError> {
  return ask(socket, "inspect a socket", { do: "details", of: "udp" });
}
