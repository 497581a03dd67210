// Requests that are sent now and whose reply is looked for later: gen_server's send_request and what belongs to it.
//
//   sendRequest ──► the server          the id is a monitor of the server, an alias of this process and the tag of the reply, all in one
//   … other work …
//   receiveResponse(id)                 waits; at the time-out it abandons the request: a late reply vanishes
//   waitResponse(id)                    waits; at the time-out the request stays and may be waited for again
//   checkResponse(message, id)          does not wait: is this message, which came in some other way, the response?
//
// A collection of requests is a plain Map from their ids to labels of one's own. OTP hands out a new collection after each response; here the
// id is taken out of the Map.

import { isolate } from "../../mechanisms/isolate.ts";
import { attachMonitor } from "../../mechanisms/monitors.ts";
import { type From, type Request, serverBehind } from "../../kernel/call.ts";
import { requireProcess } from "../../kernel/current.ts";
import { fire } from "../../kernel/exit.ts";
import type { Operation } from "../../kernel/operation.ts";
import { isLiving, markFreshRef } from "../../kernel/process.ts";
import { deliverFromSender, type Name } from "../../kernel/send.ts";
import type { When } from "../../kernel/send-after.ts";
import type { Pid } from "../../values/pid.ts";
import { AwaitResponse, takeResult } from "./await-response.ts";
import {
  answeredBy,
  type LabelledResult,
  PendingRequest,
  pendingIn,
  type RequestId,
  type RequestIds,
  type ResponseResult,
} from "./pending-request.ts";

/**
 * Sends a request to a server and does not wait for the reply.
 *
 * @remarks
 * **Waiting.** Nobody waits, and nothing fails: that the server does not exist is told by the response.
 * **Cost.** O(1), as a call.
 *
 * @returns the id with which to get the response, exactly once
 * @throws {@link KrarupError} `ERR_NOT_SENDABLE` for a request that is no plain data
 *
 * @example
 * ```ts
 * import { genServer, receiveResponse, sendRequest, spawn } from "@krarup/core";
 *
 * const Square = genServer({ init: () => null, call: { of: (_self, n: number) => n * n } });
 *
 * spawn(function* () {
 *   const server = yield* Square.start();
 *   const id = sendRequest<["of", number], number>(server, ["of", 7]);
 *   yield* receiveResponse(id, 1_000); // => { type: "reply", reply: 49 }
 * });
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/gen_server.html#send_request/2 | gen_server:send_request/2}
 */
export function sendRequest<Q, R>(server: Pid<Request<Q, R>> | Name, request: Q): RequestId<R> {
  const sender = requireProcess("send a request");
  const copy = isolate(request);
  const target = serverBehind(sender, server);
  const id = new PendingRequest(sender.node.nextRefId(), sender, server);
  if (sender.queueLength > 0) markFreshRef(sender, id);
  if (target === undefined || !isLiving(target)) fire(id, target ?? sender.node.system, "noproc");
  else {
    if (target !== sender) attachMonitor(id, target);
    // The ref is an alias of the sender while it waits, so it is where a reply goes.
    const from = id as unknown as From<R>;
    deliverFromSender(target, { type: "$gen_call", from, request: copy });
  }
  return id;
}

/**
 * Waits for the response to a request, or to the first of several that is answered; when the time is over, abandons them.
 *
 * @remarks
 * An abandoned request is over: its reply vanishes, if it comes at all. Of several, all are abandoned and the collection becomes empty.
 *
 * **Waiting.** This process; messages that are no responses stay where they are.
 * **Cost.** O(1) for one request; of several, each message that waits is looked at.
 *
 * @param when - milliseconds, or `{ at }` on the clock of `monotonicTime()`; default `"infinity"`
 * @returns the result; with a collection, also the label, or `no_request` when the collection is empty
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for a request of another process
 * @see {@link https://www.erlang.org/doc/apps/stdlib/gen_server.html#receive_response/3 | gen_server:receive_response/3}
 */
export function receiveResponse<R>(
  id: RequestId<R>,
  when?: When | "infinity",
): Operation<ResponseResult<R> | { readonly type: "timeout" }>;
export function receiveResponse<R, L>(
  ids: RequestIds<R, L>,
  when?: When | "infinity",
): Operation<LabelledResult<R, L> | { readonly type: "timeout" | "no_request" }>;
export function receiveResponse(requests: unknown, when: When | "infinity" = "infinity"): Operation<unknown> {
  return new AwaitResponse(requests, when, "abandon");
}

/**
 * As {@link receiveResponse}, but when the time is over the requests stay, and may be waited for again.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/gen_server.html#wait_response/3 | gen_server:wait_response/3}
 */
export function waitResponse<R>(
  id: RequestId<R>,
  when?: When | "infinity",
): Operation<ResponseResult<R> | { readonly type: "timeout" }>;
export function waitResponse<R, L>(
  ids: RequestIds<R, L>,
  when?: When | "infinity",
): Operation<LabelledResult<R, L> | { readonly type: "timeout" | "no_request" }>;
export function waitResponse(requests: unknown, when: When | "infinity" = "infinity"): Operation<unknown> {
  return new AwaitResponse(requests, when, "keep");
}

/**
 * Looks whether a message that this process has received is the response to a request, or to one of several.
 *
 * @remarks
 * For a process that waits for whatever comes, a server above all: what arrives for a request is a {@link ResponseMessage} or a
 * {@link Down}. Of several requests the one that is answered is taken out of the collection.
 *
 * **Waiting.** Nobody waits. **Cost.** O(1) for one request, O(requests) of several.
 *
 * @returns the result; `no_reply` when the message is no response to them; `no_request` when the collection is empty
 *
 * @example
 * ```ts
 * import { checkResponse, type Request, type ResponseMessage, reply, type Self, sendRequest, spawn } from "@krarup/core";
 *
 * const echo = spawn(function* (self: Self<Request<string, string>>) {
 *   const { from, request } = yield* self.receive();
 *   reply(from, request);
 * });
 *
 * spawn(function* (self: Self<ResponseMessage>) {
 *   const pending = new Map([[sendRequest(echo, "hello"), "greeting"]]);
 *   const message = yield* self.receive();
 *   checkResponse(message, pending); // => { type: "reply", reply: "hello", label: "greeting" }
 *   checkResponse(message, pending); // => { type: "no_request" }
 * });
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/gen_server.html#check_response/3 | gen_server:check_response/3}
 */
export function checkResponse<R>(message: unknown, id: RequestId<R>): ResponseResult<R> | { readonly type: "no_reply" };
export function checkResponse<R, L>(
  message: unknown,
  ids: RequestIds<R, L>,
): LabelledResult<R, L> | { readonly type: "no_reply" | "no_request" };
export function checkResponse(message: unknown, requests: unknown): unknown {
  const pending = pendingIn(requests);
  if (pending.length === 0) return { type: "no_request" };
  const request = answeredBy(message);
  return request !== undefined && pending.includes(request) ? takeResult(message, requests) : { type: "no_reply" };
}
