// Framings whose packets are values.
//
// A peer chooses what it sends, so a value of its may look like anything, also like a `PortError`. It therefore comes in an envelope, which
// the port makes: what is in it is the peer's, what is outside is ours.

import type { StandardSchemaV1 } from "@krarup/supervisor";

/** A value as it is read from a port. */
export interface Value<T> {
  readonly type: "value";
  readonly value: T;
}

/** Why a packet is not taken: `"ebadmsg"`, it is no such value; `"emsgsize"`, it is over a limit. */
export interface Refused {
  readonly type: "refused";
  readonly code: "ebadmsg" | "emsgsize";
}

/**
 * What makes values of packets and packets of values: `jsonLines()` or `msgpack()`. Both its functions run in the port, on what a peer has
 * sent or another process has written.
 */
export interface ValueFraming<out P> {
  /** How the stream is cut: after each newline, or by a length of so many bytes before each packet. */
  readonly cut: "line" | 1 | 2 | 4;
  /** The value in a packet, which is valid during the call only; a line comes with its newline. After a refusal the port closes. */
  readonly decode: (packet: Uint8Array) => P | Refused;
  /** The packet for a value, with its newline if that is what cuts; null for what the format cannot express, which is `"einval"`. */
  readonly encode: (value: unknown) => Uint8Array | null;
}

/** Limits on a value that is received, and what it must be. */
export interface ValueOptions<T> {
  /** Levels of nesting; a deeper one is `"emsgsize"`. Default 64, at most 500. */
  readonly depthMax?: number;
  /** Values of which it may consist, itself and every part; more are `"emsgsize"`. Default 100,000, at most 400,000. */
  readonly valuesMax?: number;
  /** Checks and types what comes, by a library of your choice; what it refuses is `"ebadmsg"`. It may not return promises. */
  readonly schema?: StandardSchemaV1<unknown, T>;
}

/** What is written to a port whose packets are of type `P`; what can be read from it can be written. */
export type Written<P> = P extends Uint8Array ? Uint8Array | string : P extends Value<infer T> ? T | Plain : P;

/** What JSON can express. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

export const REFUSED: Refused = { type: "refused", code: "ebadmsg" };
export const TOO_LARGE: Refused = { type: "refused", code: "emsgsize" };

/** Whether `decoded` says that a packet is not taken. Only the port and its framing see it, so nobody can forge it. */
export function isRefused(decoded: unknown): decoded is Refused {
  return decoded === REFUSED || decoded === TOO_LARGE;
}
