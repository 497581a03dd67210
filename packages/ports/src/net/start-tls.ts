import type { Operation } from "@krarup/core";
import { contextOf } from "../outside/tls-security.ts";
import { ask } from "../port/ask.ts";
import { checkTimeout, misuse } from "../port/check-options.ts";
import { CONNECT_TIMEOUT_MS } from "../port/limits.ts";
import type { PortError } from "../port/port-error.ts";
import type { Port } from "../port/port-protocol.ts";
import type { TimeLimit } from "../port/port.ts";
import { checkClientTls, checkServerTls, type StartTls } from "./tls.ts";

/**
 * Goes over to TLS in the middle of a connection, when both sides have agreed to: `STARTTLS`. The port stays the same.
 *
 * @remarks
 * It may neither be active nor hold bytes that were not read: what came before the handshake must not be taken for secured.
 *
 * **Waiting.** This process, until the handshake is over. What others ask of the port meanwhile is done after that.
 *
 * @param limit - milliseconds for the handshake; default 15,000
 * @returns `"ok"`; or an error. `"einval"` for a port that is active, has readers or unread bytes, or is no socket without TLS: nothing has
 * changed. Any other, as of `connect`: the port has ended
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` at once, for options that make no sense
 *
 * @example
 * ```ts no-run
 * import { connect, orExit, readLine, startTls, write } from "@krarup/ports";
 *
 * export function* securedMail(host: string) {
 *   const socket = yield* orExit(connect({ host, port: 587 }));
 *   yield* readLine(socket); // "220 …"
 *   yield* write(socket, "STARTTLS\r\n");
 *   yield* readLine(socket); // "220 go ahead"
 *   yield* orExit(startTls(socket, { role: "client", host }));
 *   return socket;
 * }
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/ssl/ssl.html#connect/3 | ssl:connect/3 and ssl:handshake/3 on a socket of gen_tcp}
 */
export function startTls(port: Port, tls: StartTls, limit: TimeLimit = {}): Operation<"ok" | PortError> {
  const { timeoutMs = CONNECT_TIMEOUT_MS } = limit;
  checkTimeout(timeoutMs);
  if (tls.role === "server") checkServerTls(tls);
  else if (tls.role === "client") checkClientTls({ ...tls, serverName: tls.serverName ?? tls.host });
  else throw misuse('role must be "client" or "server"', tls);
  // Both sides read certificates and keys the same way.
  contextOf(tls);
  return ask(port, "start TLS", { do: "start_tls", tls, timeoutMs });
}
