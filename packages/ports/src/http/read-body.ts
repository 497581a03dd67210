// Reading the body of a request, as a whole or part by part. Whoever reads slowly holds up the client.

import type { Operation } from "@krarup/core";
import type { Process } from "@krarup/core/internal";
import { type PortError, portError } from "../port/port-error.ts";
import { sequence, type Steps } from "../port/sequence.ts";
import type { Exchange } from "../outside/http.ts";
import { bodyBehind, type HttpRequest } from "./http-request.ts";
import { misuse } from "../port/check-options.ts";

const ACTION = "read the body of a request";

/** How much of a body is taken. */
export interface ReadBodyOptions {
  /** Bytes; default what the server's `bodyBytesMax` allows. */
  readonly bytesMax?: number;
}

/**
 * Reads the body of a request as a whole. Only the process that handles the request can, and only once.
 *
 * @remarks
 * **Waiting.** Until the client has sent it, which the server's `requestTimeoutMs` and `stallTimeoutMs` bound.
 *
 * @returns the bytes, none when there is no body; or an error: `"emsgsize"` for more than may come, `"closed"` when the client has gone,
 * `"not_owner"` in another process. A handler that ends with `"emsgsize"` by `orExit` answers 413.
 *
 * @example
 * ```ts no-run
 * import { type HttpRequest, isPortError, json, readBody, textOf } from "@krarup/ports";
 *
 * export function* echo(request: HttpRequest) {
 *   const body = yield* readBody(request, { bytesMax: 10_000 });
 *   if (isPortError(body)) return { status: 413 };
 *   return json({ youSaid: textOf(body) });
 * }
 * ```
 *
 * @see {@link https://hexdocs.pm/plug/Plug.Conn.html#read_body/2 | Plug.Conn.read_body/2}
 */
export function readBody(request: HttpRequest, { bytesMax }: ReadBodyOptions = {}): Operation<Uint8Array | PortError> {
  if (bytesMax !== undefined && (!Number.isInteger(bytesMax) || bytesMax < 0))
    throw misuse("bytesMax must be an integer >= 0", bytesMax);
  return sequence(function* (process) {
    const parts: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const part = yield* nextPart(process, request);
      if (part === null) return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
      if (!(part instanceof Uint8Array)) return part;
      length += part.length;
      if (length > (bytesMax ?? length)) return tooMuch(request);
      parts.push(part);
    }
  });
}

/**
 * As {@link readBody}, but takes what has come, for bodies that need not be in memory as a whole.
 *
 * @returns the next bytes; null when there are no more; or an error, as for {@link readBody}
 */
export function readBodyPart(request: HttpRequest): Operation<Uint8Array | PortError | null> {
  return sequence((process) => nextPart(process, request));
}

function* nextPart(process: Process, request: HttpRequest): Steps<Uint8Array | PortError | null> {
  if (request.body === null) return null;
  const body = bodyBehind(request.body);
  if (body === undefined || body.handler !== process) return portError(ACTION, "not_owner");
  return yield* takePart(process, body.exchange);
}

function* takePart(process: Process, exchange: Exchange): Steps<Uint8Array | PortError | null> {
  for (;;) {
    const part = exchange.take();
    if (typeof part !== "string") return part;
    switch (part) {
      case "end":
        return null;
      case "closed":
      case "emsgsize":
        return portError(ACTION, part);
      case "wait":
        yield* process.await(() => exchange.change());
    }
  }
}

function tooMuch(request: HttpRequest): PortError {
  if (request.body !== null) bodyBehind(request.body)?.exchange.refuseBody();
  return portError(ACTION, "emsgsize");
}
