// A request as a handler sees it: plain data, and a ref by which its body is read.

import { makeRef, type Ref } from "@krarup/core";
import type { Process } from "@krarup/core/internal";
import type { Exchange } from "../outside/http.ts";

/** A request that a server has received. It is plain data and can be sent to other processes. */
export interface HttpRequest {
  /** In capitals, as it came: `"GET"`. */
  readonly method: string;
  /** What was asked for, as it came: `"/books/7?lang=en"`. Nothing in it is decoded. */
  readonly target: string;
  /** The target up to the question mark: `"/books/7"`. */
  readonly path: string;
  /** What follows the question mark, for `URLSearchParams`; empty when there is none. */
  readonly query: string;
  /** Names in lower case. A header that came several times is joined by commas, or counts once where only one makes sense. */
  readonly headers: Readonly<Record<string, string>>;
  /** `"1.1"` or `"1.0"`. */
  readonly version: string;
  /** The address of the client; empty for a unix socket. */
  readonly peer: string;
  /** What `readBody` reads; null when the request has none. */
  readonly body: Ref | null;
}

/** Who may read a body, and where it is. */
export interface OpenBody {
  readonly exchange: Exchange;
  readonly handler: Process;
}

const bodies = new WeakMap<Ref, OpenBody>();

/** The request of `exchange`, which `handler`, the running process, handles. */
export function requestOf(exchange: Exchange, handler: Process): HttpRequest {
  const { head } = exchange;
  const mark = head.target.indexOf("?");
  return {
    ...head,
    path: mark < 0 ? head.target : head.target.slice(0, mark),
    query: mark < 0 ? "" : head.target.slice(mark + 1),
    body: exchange.hasBody ? openBody({ exchange, handler }) : null,
  };
}

/** The body behind `ref`. */
export function bodyBehind(ref: Ref): OpenBody | undefined {
  return bodies.get(ref);
}

function openBody(body: OpenBody): Ref {
  const ref = makeRef();
  bodies.set(ref, body);
  return ref;
}
