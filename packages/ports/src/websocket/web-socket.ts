// WebSockets as ports whose packets are messages.

import { KrarupError, type Operation } from "@krarup/core";
import { ask } from "../port/ask.ts";
import { misuse } from "../port/check-options.ts";
import type { PacketOptions } from "../port/open-port.ts";
import type { Port } from "../port/port-protocol.ts";
import { close } from "../port/port.ts";
import { sequence } from "../port/sequence.ts";
import { MESSAGE_BYTES_MAX, PING_INTERVAL_MS } from "./limits.ts";

/** One message: a text, or bytes. */
export type WebSocketMessage = string | Uint8Array;

/**
 * A WebSocket, whose packets are whole messages.
 *
 * @remarks
 * `read`, `write`, `setActive` and the others do for it what they do for any port. It answers `"closed"` when the peer has closed it with code 1000
 * or 1001, or without one; `"close_4000"` when the peer has closed it with code 4000, and so on; `"econnreset"` when the connection has broken;
 * `"timeout"` when the peer answers no ping; `"emsgsize"` and `"ebadmsg"` when it was closed here for what the peer has sent.
 */
export type WebSocketPort = Port<WebSocketMessage>;

/** How a WebSocket is used, on either side. */
export interface WebSocketOptions extends PacketOptions {
  /** Bytes of one message that is received, of all its fragments together. A longer one is `"emsgsize"` and closes with 1009. Default 1 MiB. */
  readonly messageBytesMax?: number;
  /** Milliseconds between pings. A peer that has not answered one by the next is gone. Default 30,000. */
  readonly pingIntervalMs?: number | "infinity";
}

/** The same with every default. */
export interface WebSocketSettings {
  readonly messageBytesMax: number;
  readonly pingIntervalMs: number | "infinity";
}

/** Asks a driver to close with a code. */
export interface CloseFrame {
  readonly type: "close";
  readonly code: number;
  readonly reason: string;
}

/**
 * Closes a WebSocket with a code and a reason for the peer. `close` does so with 1000.
 *
 * @param code - 1000, or from 3000 to 4999; those from 4000 are yours
 * @param reason - up to 123 bytes
 * @returns `"ok"`, also when it was closed already
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for another code or a longer reason
 */
export function closeWebSocket(socket: WebSocketPort, code: number, reason = ""): Operation<"ok"> {
  if (code !== 1_000 && !(Number.isInteger(code) && code >= 3_000 && code <= 4_999))
    throw badClose("code must be 1000 or from 3000 to 4999", code);
  if (Buffer.byteLength(reason) > 123) throw badClose("reason must have at most 123 bytes", reason);
  const frame: CloseFrame = { type: "close", code, reason };
  return sequence(function* () {
    yield* ask(socket, "close", { do: "write", data: frame, timeoutMs: 0 });
    return yield* close(socket);
  });
}

/** Bytes of a message, for the counters; 0 for what is none, which the driver refuses. */
export function sizeOfMessage(message: unknown): number {
  if (typeof message === "string") return Buffer.byteLength(message);
  return message instanceof Uint8Array ? message.length : 0;
}

/** @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for what makes no sense */
export function checkedSettings({
  messageBytesMax = MESSAGE_BYTES_MAX,
  pingIntervalMs = PING_INTERVAL_MS,
}: WebSocketOptions): WebSocketSettings {
  if (!Number.isInteger(messageBytesMax) || messageBytesMax < 1)
    throw misuse("messageBytesMax must be an integer >= 1", messageBytesMax);
  if (pingIntervalMs !== "infinity" && !(pingIntervalMs >= 1 && pingIntervalMs < 2 ** 31))
    throw misuse('pingIntervalMs must be milliseconds >= 1 or "infinity"', pingIntervalMs);
  return { messageBytesMax, pingIntervalMs };
}

function badClose(rule: string, value: unknown): KrarupError {
  return new KrarupError(
    "ERR_BAD_ARGUMENT",
    `Cannot close a WebSocket as its ${rule}: current value is ${String(value)}`,
    value,
  );
}
