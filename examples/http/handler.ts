// What each request is answered with. Each runs in a process of its own, so it waits, fails and takes its time as if it were alone.

import type { Self, Suspension } from "@krarup/core";
import {
  type BodyWriter,
  type HttpHandler,
  type HttpRequest,
  type HttpResponse,
  isPortError,
  json,
  readBodyPart,
} from "@krarup/ports";
import type { Tally } from "./tally.ts";

type Steps<T> = Generator<Suspension, T, void>;

/** Milliseconds between two numbers of `/count`. */
const BEAT_MS = 200;

/** The handler of the service. */
export function serviceHandler(tally: Tally): HttpHandler {
  return function* service(request, self) {
    switch (`${request.method} ${request.path}`) {
      case "GET /":
        return greeting(tally);
      case "GET /tally":
        return json(tally.counts);
      case "GET /count":
        return { body: counting(self) };
      case "POST /length":
        return yield* lengthOf(request);
      default:
        return { status: 404, body: "There are GET /, GET /tally, GET /count, POST /length\n" };
    }
  };
}

/** One in a hundred is not written yet. */
function greeting(tally: Tally): HttpResponse {
  if (tally.isNextToFail()) throw new Error("This greeting is not written yet");
  return { body: "Hello\n" };
}

/** Ten numbers, one after the other. A client that leaves ends the process in the middle. */
function counting(self: Self): BodyWriter {
  return function* (write) {
    for (let i = 1; i <= 10; i++) {
      yield* write(`${i}\n`);
      yield* self.sleep(BEAT_MS);
    }
  };
}

/** How many bytes the client has sent; they are not kept. */
function* lengthOf(request: HttpRequest): Steps<HttpResponse> {
  let length = 0;
  for (;;) {
    const part = yield* readBodyPart(request);
    if (part === null) return json({ length });
    if (isPortError(part)) return { status: 413, body: `${part.message}\n` };
    length += part.length;
  }
}
