// Stream sockets: TCP, and unix sockets, which differ by their address only. Either may be under TLS.

import { type Operation } from "@krarup/core";
import { type Address, checkAddress, showAddress } from "./address.ts";
import { CONNECT_TIMEOUT_MS } from "../port/limits.ts";
import { openPort, type PortOptions } from "../port/open-port.ts";
import type { PortError } from "../port/port-error.ts";
import type { Port } from "../port/port-protocol.ts";
import { outside } from "../outside/outside.ts";
import { contextOf } from "../outside/tls-security.ts";
import { checkClientTls, type ClientTls } from "./tls.ts";

/** How a stream socket is used. */
export interface SocketOptions<P = Uint8Array> extends PortOptions<P> {
  /**
   * Whether the port ends when the peer has closed its side. With `false` it can still be written to, until somebody closes it.
   * Default true, as OTP's `exit_on_close`.
   */
  readonly exitOnClose?: boolean;
  /** Whether small writes are sent at once instead of being collected. Default false, as OTP's `nodelay`. */
  readonly noDelay?: boolean;
}

/** How a connection is made. */
export interface ConnectOptions<P = Uint8Array> extends SocketOptions<P> {
  /** Milliseconds until the attempt ends with `"timeout"`; default 15,000. */
  readonly timeoutMs?: number | "infinity";
  /** Secures the connection; `true` with every default: the server must prove that it is `host`. Default `false`. */
  readonly tls?: ClientTls | boolean;
}

/**
 * Connects to an address: a host (a name or a number) and port, or the path of a unix socket.
 *
 * @remarks
 * The port that comes back belongs to this process: it is linked to it, and closes when it ends. The attempt ends with it as well.
 *
 * **Waiting.** This process, until the connection is there or has failed.
 * **Exits.** A process that closes or loses a connection is not ended by that: the port ends with `"normal"`.
 *
 * @returns the port, or an error: `"econnrefused"`, `"enotfound"`, `"etimedout"`, `"enoent"`, `"timeout"` …; with TLS also what OpenSSL
 * and Node say of a server that does not prove itself: `"self_signed_cert_in_chain"`, `"cert_has_expired"`, `"err_tls_cert_altname_invalid"`
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` at once, for an address or option that makes no sense
 *
 * @example
 * ```ts no-run
 * import { connect, isPortError, readLine, write } from "@krarup/ports";
 *
 * export function* ask(question: string) {
 *   const socket = yield* connect({ host: "localhost", port: 7000 });
 *   if (isPortError(socket)) return socket.code;
 *   yield* write(socket, `${question}\n`);
 *   return yield* readLine(socket, { timeoutMs: 5_000 });
 * }
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/gen_tcp.html#connect/4 | gen_tcp:connect/4}
 */
export function connect<P = Uint8Array>(options: Address & ConnectOptions<P>): Operation<Port<P> | PortError> {
  checkAddress(options);
  const tls = checkedTls(options.tls);
  const settings = { noDelay: options.noDelay === true, ...(tls && { tls }) };
  const attempt = {
    kind: "tcp_socket",
    action: `connect to ${showAddress(options)}`,
    timeoutMs: options.timeoutMs ?? CONNECT_TIMEOUT_MS,
  };
  return openPort(attempt, options, () => outside("streams").connect(options, settings));
}

/** One object, whose certificates are read once. */
const TLS_DEFAULTS: ClientTls = {};

function checkedTls(given: ClientTls | boolean | undefined): ClientTls | null {
  if (given === undefined || given === false) return null;
  const tls = given === true ? TLS_DEFAULTS : given;
  checkClientTls(tls);
  contextOf(tls);
  return tls;
}
