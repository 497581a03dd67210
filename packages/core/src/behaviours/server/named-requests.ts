// Requests by name: what the everyday forms of the behaviours share. A handler `add: (self, by: number) => …` becomes a method
// `add(by: number)` of the client, and `["add", by]` is what travels; without arguments the name alone, as an atom would.

import type { CallOptions, Request } from "../../kernel/call.ts";
import { call as callServer } from "../../kernel/call.ts";
import type { Operation } from "../../kernel/operation.ts";
import type { Name } from "../../kernel/send.ts";
import type { Pid } from "../../values/pid.ts";
import { isolateParts } from "../../mechanisms/isolate.ts";
import { castIsolated } from "./cast.ts";
import { sendRequest } from "./send-request.ts";

declare const replies: unique symbol;

/** What a call handler returns when the reply comes later, or never. */
export interface NoReply<R> {
  readonly [replies]: R;
}

/** The one value of all {@link NoReply}. */
export const NO_REPLY: NoReply<never> = Object.freeze({}) as NoReply<never>; // compared by identity, never read

/** A generator handler may wait for operations, or return one; its process takes no other message meanwhile. */
export type Waiting<T> = Generator<unknown, T, void>;

/** The parameters of a handler after `self`. */
export type ArgumentsOf<H> = H extends (self: never, ...args: infer A) => unknown ? A : never;

/** What the client of a call handler gets. */
export type ReplyOf<H> = H extends (...args: never[]) => infer R
  ? Unwrapped<R extends Waiting<infer T> ? T : R extends Operation<infer T> ? T : R>
  : never;
type Unwrapped<R> = R extends NoReply<infer Later> ? Later : R;

/** What travels for the handlers in `H`. */
export type RequestsOf<H> = { [N in keyof H & string]: RequestOf<N, ArgumentsOf<H[N]>> }[keyof H & string];
type RequestOf<N, A extends readonly unknown[]> = readonly [N, ...A] | ([] extends A ? N : never);

/** The name and the arguments in a request by name. */
export function partsOf(request: unknown): readonly unknown[] {
  return Array.isArray(request) ? request : [request];
}

type Perform<P, O> = (server: P, request: unknown, options: O) => unknown;

interface Client<P, O> {
  readonly server: P;
  readonly options: O;
}

/** A class with one method for each name, so that a client costs one small object and no closure. */
export function clientClass<P, O>(
  names: Iterable<string>,
  perform: Perform<P, O>,
): new (server: P, options: O) => Client<P, O> {
  class NamedClient implements Client<P, O> {
    readonly server: P;
    readonly options: O;

    constructor(server: P, options: O) {
      this.server = server;
      this.options = options;
    }
  }
  for (const name of names) {
    Object.defineProperty(NamedClient.prototype, name, {
      value(this: Client<P, O>, ...args: readonly unknown[]): unknown {
        return perform(this.server, args.length === 0 ? name : [name, ...args], this.options);
      },
    });
  }
  return NamedClient;
}

/** Performs the methods of a call client. */
export const callWith: Perform<Pid<never> | Name, CallOptions | undefined> = (server, request, options) =>
  callServer(server as Pid<Request<unknown, unknown>>, request, options); // typed by the client

/** Performs the methods of a client of requests. */
export const requestWith: Perform<Pid<never> | Name, undefined> = (server, request) =>
  sendRequest(server as Pid<Request<unknown, unknown>>, request); // typed by the client

/** Performs the methods of a cast client. The array is the client's own, so only what stands in it is copied. */
export const castWith: Perform<Pid<never> | Name, undefined> = (server, request) => {
  castIsolated(server, Array.isArray(request) ? isolateParts(request) : request);
};
