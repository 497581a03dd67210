// A response as a handler returns it, and what is sent for it.

import { brief, KrarupError, type Operation } from "@krarup/core";
import type { Exchange, ResponseHead } from "../outside/http.ts";
import type { PortError } from "../port/port-error.ts";
import type { Steps } from "../port/sequence.ts";

/** Headers to send. A list makes one line for each of its members. */
export type HttpHeaders = Readonly<Record<string, string | readonly string[]>>;

/** Sends one part of a body. Waits until the client takes more. @returns `"ok"`, or the error `"closed"` when it has gone */
export type WriteBody = (part: Uint8Array | string) => Operation<"ok" | PortError>;

/** A body that is sent in parts, by the process that handles the request. */
export type BodyWriter = (write: WriteBody) => Steps<unknown>;

/** What is answered. Length, date and connection are seen to. */
export interface HttpResponse {
  /** From 200 to 599; default 200. */
  readonly status?: number;
  /** A body that is a text is `text/plain` in UTF-8, unless there is a `content-type`. */
  readonly headers?: HttpHeaders;
  /** A generator method `*body(write)` sends it in parts; default none. */
  readonly body?: Uint8Array | string | BodyWriter;
  /** What `acceptWebSocket` makes: it answers by itself. Then there is nothing else. */
  readonly upgrade?: (exchange: Exchange) => Steps<void>;
}

/** A response in a form that can be sent. */
export interface CheckedResponse extends ResponseHead {
  readonly body: Uint8Array | string | BodyWriter;
}

/**
 * A response whose body is `value` as JSON.
 *
 * @param rest - status and headers
 * @throws `TypeError` for what JSON cannot express: a cycle, a bigint
 */
export function json(
  value: unknown,
  { status = 200, headers = {} }: Pick<HttpResponse, "status" | "headers"> = {},
): HttpResponse {
  const body = JSON.stringify(value);
  if (typeof body !== "string") throw refused("the value of json must be something that JSON can express", value);
  return { status, headers: { "content-type": "application/json", ...headers }, body };
}

/** The response with every default. @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for what is none */
export function checkedResponse(response: HttpResponse): CheckedResponse {
  if (typeof response !== "object" || response === null)
    throw refused("a handler must return { status, headers, body }", response);
  const { status = 200, headers = {}, body = "" } = response;
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw refused("status must be an integer from 200 to 599", status);
  if (typeof body !== "string" && typeof body !== "function" && !(body instanceof Uint8Array))
    throw refused("body must be a text, bytes or a function", body);
  return { status, headers: completed(status, headers, body), body };
}

/** The length of a body that is there as a whole is known better here; what there is of it wins over a header. */
function completed(status: number, headers: HttpHeaders, body: CheckedResponse["body"]): HttpHeaders {
  const all: Record<string, string | readonly string[]> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) all[name.toLowerCase()] = value;
  }
  if (typeof body === "string" && body !== "") all["content-type"] ??= "text/plain; charset=utf-8";
  if (typeof body !== "function" && status !== 204 && status !== 304)
    all["content-length"] = String(typeof body === "string" ? Buffer.byteLength(body) : body.length);
  return all;
}

function refused(rule: string, value: unknown): KrarupError {
  return new KrarupError(
    "ERR_BAD_ARGUMENT",
    `Cannot answer a request as ${rule}: current value is ${brief(value)}`,
    value,
  );
}

/** @throws {@link KrarupError} `ERR_BAD_ARGUMENT` when `part` cannot be a part of a body */
export function checkPart(part: unknown): void {
  if (typeof part !== "string" && !(part instanceof Uint8Array))
    throw refused("a part of the body must be a text or bytes", part);
}
