// A request whose response has not been taken: its identity, and how its response is known.

import { dropTagged } from "../../mechanisms/mailbox.ts";
import { detachMonitor, Monitor, REQUEST } from "../../mechanisms/monitors.ts";
import type { Process } from "../../kernel/process.ts";
import { KrarupError, show } from "../../values/errors.ts";
import type { Ref } from "../../values/ref.ts";

declare const replies: unique symbol;

/**
 * One request that was sent with `sendRequest`: a ref of the process that sent it.
 *
 * @typeParam R - what the server replies
 */
export interface RequestId<out R> extends Ref {
  /** Exists for the type checker only. */
  readonly [replies]?: R;
}

/** Requests under way, each with a label of one's own. */
export type RequestIds<R, L> = Map<RequestId<R>, L>;

/** What became of a request: a reply, or, when the server ended before it replied or does not exist, why. */
export type ResponseResult<R> =
  | { readonly type: "reply"; readonly reply: R }
  | { readonly type: "error"; readonly reason: unknown; readonly server: unknown };

/** {@link ResponseResult} of one request among several. */
export type LabelledResult<R, L> = ResponseResult<R> & { readonly label: L };

/** The record behind a {@link RequestId}. */
export class PendingRequest extends Monitor {
  /** As it was given: a pid or a name. */
  readonly server: unknown;

  constructor(id: number, sender: Process, server: unknown) {
    super(id, sender, REQUEST, null);
    this.server = server;
  }
}

/** The requests that `requests` names: an id, or the keys of a collection. */
export function pendingIn(requests: unknown): PendingRequest[] {
  const ids: unknown[] = requests instanceof Map ? [...requests.keys()] : [requests];
  return ids.map((id) => {
    if (id instanceof PendingRequest) return id;
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot look for a response as the id of a request is needed: current value is ${show(id)}`,
      id,
    );
  });
}

/** The request that `message` responds to; undefined when it is no response. */
export function answeredBy(message: unknown): PendingRequest | undefined {
  if (typeof message !== "object" || message === null || !("type" in message) || !("ref" in message)) return undefined;
  const isResponse = message.type === "response" || message.type === "DOWN";
  return isResponse && message.ref instanceof PendingRequest ? message.ref : undefined;
}

/** What the response `message` says. */
export function resultIn(message: unknown, { server }: PendingRequest): ResponseResult<unknown> {
  // The kernel made the message, with the reply or with the reason.
  const { type, reply, reason } = message as {
    readonly type: string;
    readonly reply?: unknown;
    readonly reason?: unknown;
  };
  return type === "response" ? { type: "reply", reply } : { type: "error", reason, server };
}

/** Ends the wait for a response for good: what there is of it is dropped, and what comes later vanishes. */
export function abandon(request: PendingRequest): void {
  detachMonitor(request);
  request.aliasMode = "none";
  // Watchers are process records: only the kernel makes monitors.
  dropTagged(request.watcher as Process, request);
}
