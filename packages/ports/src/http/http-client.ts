// Asking an HTTP server: by way of a port that carries the body, read as a whole or left to the caller.

import { brief, KrarupError, monotonicTime, type Operation } from "@krarup/core";
import { currentNode } from "@krarup/core/internal";
import { checkClientTls, type ClientTls } from "../net/tls.ts";
import type { HttpAnswering, HttpAsking } from "../outside/http-client.ts";
import { checkTimeout } from "../port/check-options.ts";
import { openPort } from "../port/open-port.ts";
import { isPortError, type PortError, portError } from "../port/port-error.ts";
import type { Port } from "../port/port-protocol.ts";
import { close, read } from "../port/port.ts";
import { sequence, type Steps } from "../port/sequence.ts";
import { clientOf } from "./client-of-node.ts";
import type { HttpHeaders } from "./http-response.ts";
import { CLIENT_TIMEOUT_MS, RESPONSE_BODY_BYTES_MAX } from "./limits.ts";

/** What is asked for. */
export interface HttpRequestOptions {
  /** `"http://…"` or `"https://…"`. */
  readonly url: string | URL;
  /** Default `"GET"`. */
  readonly method?: string;
  readonly headers?: HttpHeaders;
  /** Its length is seen to. Default none. */
  readonly body?: Uint8Array | string;
  /** Milliseconds until it ends with `"timeout"`: until the headers are there, and for `request` the body as well. Default 30,000. */
  readonly timeoutMs?: number | "infinity";
  /** Bytes of a body that is taken as a whole; a longer one is `"emsgsize"`. Default 16 MiB. */
  readonly bodyBytesMax?: number;
  /** How a connection to an `https:` URL is secured; default: the server must show a certificate for its name. Use one object for many requests. */
  readonly tls?: ClientTls;
}

/** What a server has answered; its body is of type `B`. Any status is an answer. */
export interface HttpAnswer<B = Uint8Array> {
  readonly status: number;
  /** Names in lower case; headers that came several times are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** The values of `set-cookie`, which cannot be joined. */
  readonly setCookies: readonly string[];
  readonly body: B;
}

/**
 * Asks an HTTP server and takes its answer as a whole.
 *
 * @remarks
 * Redirects are not followed and bodies are not decompressed: the answer is what the server sent. Connections are kept for further requests,
 * up to 256 to one server, and belong to the node. A request that finds a kept connection closed by the server is sent once more if its method
 * allows that: GET, HEAD, PUT, DELETE, OPTIONS.
 *
 * **Waiting.** This process, for up to `timeoutMs`. When it ends, the request is given up.
 *
 * @returns the answer; or an error: `"econnrefused"`, `"enotfound"`, `"econnreset"`, `"timeout"`, `"emsgsize"` for a body over the limit,
 * `"hpe_…"` for what is no HTTP …
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` at once, for options that make no sense
 *
 * @example
 * ```ts no-run
 * import { isPortError, request, textOf } from "@krarup/ports";
 *
 * export function* temperature(city: string) {
 *   const answer = yield* request({ url: `http://weather.test/now?city=${encodeURIComponent(city)}`, timeoutMs: 2_000 });
 *   if (isPortError(answer)) return answer.code;
 *   return answer.status === 200 ? textOf(answer.body) : answer.status;
 * }
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/inets/httpc.html#request/4 | httpc:request/4}. Differs from OTP: it follows no redirects.
 */
export function request(options: HttpRequestOptions): Operation<HttpAnswer | PortError> {
  const asking = checkedAsking(options);
  const { timeoutMs = CLIENT_TIMEOUT_MS, bodyBytesMax = RESPONSE_BODY_BYTES_MAX } = options;
  if (!Number.isInteger(bodyBytesMax) || bodyBytesMax < 0)
    throw badRequest("bodyBytesMax must be an integer >= 0", bodyBytesMax);
  return sequence(function* () {
    const endsAt = timeoutMs === "infinity" ? Number.POSITIVE_INFINITY : monotonicTime() + timeoutMs;
    const answer = yield* answerTo(asking, timeoutMs);
    if (isPortError(answer)) return answer;
    const body = yield* wholeBody(asking, answer.body, bodyBytesMax, endsAt);
    yield* close(answer.body);
    return isPortError(body) ? body : { ...answer, body };
  });
}

/**
 * As {@link request}, but the body is a port, which belongs to this process: `read` it, or have it send messages. It answers `"closed"` at the end
 * of the body, and `"econnreset"` when the server has gone before that.
 *
 * @remarks
 * While nobody reads, the server is held up. Closing the port gives the rest up.
 */
export function requestStream(options: HttpRequestOptions): Operation<HttpAnswer<Port> | PortError> {
  const asking = checkedAsking(options);
  return sequence(() => answerTo(asking, options.timeoutMs ?? CLIENT_TIMEOUT_MS));
}

function* answerTo(asking: HttpAsking, timeoutMs: number | "infinity"): Steps<HttpAnswer<Port> | PortError> {
  let answering: HttpAnswering | null = null;
  const attempt = { kind: "http_request", action: actionOf(asking), timeoutMs };
  const body = yield* openPort<Uint8Array>(attempt, {}, () => {
    answering = clientOf(currentNode()).ask(asking);
    return answering;
  });
  if (isPortError(body)) return body;
  // A port that is open has a driver, and that has the head.
  const { head } = answering as unknown as HttpAnswering;
  return { ...head, body };
}

function* wholeBody(asking: HttpAsking, body: Port, bytesMax: number, endsAt: number): Steps<Uint8Array | PortError> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const leftMs = Math.max(0, endsAt - monotonicTime());
    const part = yield* read(body, { timeoutMs: leftMs === Number.POSITIVE_INFINITY ? "infinity" : leftMs });
    if (isPortError(part))
      return part.code === "closed" ? Buffer.concat(parts) : portError(actionOf(asking), part.code);
    length += part.length;
    if (length > bytesMax) return portError(actionOf(asking), "emsgsize");
    parts.push(part);
  }
}

/** For people: without what may be secret. */
function actionOf({ method, url }: HttpAsking): string {
  return `ask for ${method} ${url.origin}${url.pathname}`;
}

const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
/** What a line of a header may hold. */
const FIELD = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

function checkedAsking(options: HttpRequestOptions): HttpAsking {
  const { method = "GET", headers = {}, body, tls, timeoutMs = CLIENT_TIMEOUT_MS } = options;
  const url = URL.parse(options.url);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw badRequest("url must begin with http: or https:", options.url);
  if (!TOKEN.test(method)) throw badRequest("method must be a word", method);
  for (const [name, value] of Object.entries(headers))
    if (!TOKEN.test(name) || ![value].flat().every((line) => typeof line === "string" && FIELD.test(line)))
      throw badRequest(`the header ${brief(name)} must have lines of text`, value);
  if (body !== undefined && typeof body !== "string" && !(body instanceof Uint8Array))
    throw badRequest("body must be a text or bytes", body);
  checkTimeout(timeoutMs);
  if (tls !== undefined) checkClientTls(tls);
  return { url, method, headers, body: body ?? null, tls: tls ?? null };
}

function badRequest(rule: string, value: unknown): KrarupError {
  const shown = value instanceof URL ? value.href : value;
  return new KrarupError(
    "ERR_BAD_ARGUMENT",
    `Cannot make a request as ${rule}: current value is ${brief(shown)}`,
    shown,
  );
}
