// The process that owns one session. It tells the pool when it is there, and then does what whoever has borrowed it asks for.
//
// It does not retry: if the server is away or the session is lost it ends, and its supervisor starts it again, each time a bit later.

import { exit, KrarupError, type Pid, reply, type Request, type Self, type Suspension } from "@krarup/core";
import { type Answer, Backend, type Server, type SessionLost, type Statement } from "./backend.ts";
import { isPgError, type PgError, pgError } from "./pg-error.ts";
import { Pool, POOL } from "./pool.ts";

type Steps<T> = Generator<Suspension, T, void>;
type StatementRequest = Request<Statement, Answer>;

/** Where statements are sent. */
export type Connection = Pid<StatementRequest>;

/** The body of a connection. */
export function* connection(self: Self<StatementRequest | SessionLost>, server: Server): Steps<void> {
  const backend = yield* Backend.open(self, server);
  if (isPgError(backend)) return end(backend);
  Pool.cast(POOL).arrived(self);
  for (;;) {
    const message = yield* self.receive();
    if (message.type === "session_lost") return end(message.error);
    const answer = yield* backend.run(message.request);
    tell(message, answer);
    if (answer.session === "lost" && isPgError(answer.outcome)) return end(answer.outcome);
  }
}

/** No fault of ours: an end of this kind makes no crash report. */
function end(error: PgError): never {
  return exit(["shutdown", error]);
}

/** A result may be larger than a message. */
function tell({ from }: StatementRequest, answer: Answer): void {
  try {
    reply(from, answer);
  } catch (thrown) {
    if (!(thrown instanceof KrarupError)) throw thrown;
    reply(from, { ...answer, outcome: pgError("result_too_large", thrown.message) });
  }
}
