// The process of one request. Whatever its end, the client is told: a response if there is one, 500 if it failed, and the connection is cut
// if it failed in the middle of a response. Nobody has to watch it for that: the exchange is a resource that it holds.

import { exit, type Self } from "@krarup/core";
import { type Process, recordOf } from "@krarup/core/internal";
import type { Exchange } from "../outside/http.ts";
import { type PortError, portError } from "../port/port-error.ts";
import { sequence, type Steps } from "../port/sequence.ts";
import { type HttpRequest, requestOf } from "./http-request.ts";
import {
  type BodyWriter,
  type CheckedResponse,
  checkedResponse,
  checkPart,
  type HttpResponse,
} from "./http-response.ts";

/**
 * What answers a request, in a process of its own.
 *
 * @param self - that process; its mailbox is empty, and nobody knows it yet
 * @returns the response. A handler that fails has answered 500.
 */
export type HttpHandler<M = never> = (request: HttpRequest, self: Self<M>) => Steps<HttpResponse> | HttpResponse;

/** How requests are handled. */
export interface HandlerSettings {
  readonly handlerTimeoutMs: number | "infinity";
  readonly endsWithClient: boolean;
  /** Status of what is cut short now: 503 once the server stops. */
  readonly failureStatus: () => number;
}

/** Handles `exchange` in the running process. */
export function* handleRequest<M>(
  self: Self<M>,
  exchange: Exchange,
  handler: HttpHandler<M>,
  settings: HandlerSettings,
): Steps<void> {
  // The client did not even wait for this.
  if (exchange.isOver) return;
  const process = recordOf(self);
  process.node.resources.hold(process, { holderEnded: () => exchange.abandon(settings.failureStatus()) });
  exchange.listen(
    {
      clientGone() {
        if (settings.endsWithClient) exit(self, ["shutdown", "client_gone"]);
      },
      expired() {
        exit(self, "timeout");
      },
    },
    settings.handlerTimeoutMs,
  );
  const request = requestOf(exchange, process);
  self.setLabel(`${request.method} ${request.path}`);
  const made = handler(request, self);
  const answer = isSteps(made) ? yield* made : made;
  if (typeof answer === "object" && answer?.upgrade !== undefined) return yield* answer.upgrade(exchange);
  const response = checkedResponse(answer);
  if (typeof response.body === "function") yield* sendParts(process, exchange, response, response.body);
  else if (!exchange.isOver) exchange.respond(response, response.body);
}

function* sendParts(process: Process, exchange: Exchange, response: CheckedResponse, body: BodyWriter): Steps<void> {
  if (exchange.isOver) return;
  exchange.begin(response);
  if (!exchange.sendsNoBody(response.status))
    yield* body((part) => {
      checkPart(part);
      return sequence(() => sendPart(process, exchange, part));
    });
  exchange.end();
}

function* sendPart(process: Process, exchange: Exchange, part: Uint8Array | string): Steps<"ok" | PortError> {
  exchange.write(part);
  while (exchange.isFull && !exchange.isOver) yield* process.await(() => exchange.change());
  return exchange.isOver ? portError("write the body of a response", "closed") : "ok";
}

function isSteps(answer: Steps<HttpResponse> | HttpResponse): answer is Steps<HttpResponse> {
  return typeof answer === "object" && answer !== null && Symbol.iterator in answer;
}
