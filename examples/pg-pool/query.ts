// What a program does with the pool.

import { ExitException, KrarupError, self, type Suspension } from "@krarup/core";
import type { SqlResult, SqlValue } from "./backend.ts";
import type { Loan } from "./ledger.ts";
import { isPgError, type PgError, pgError } from "./pg-error.ts";
import { Pool, POOL, type Terms } from "./pool.ts";
import { Session } from "./session.ts";

type Steps<T> = Generator<Suspension, T, void>;

/** How long things may take. */
export interface TimeLimits {
  /** Milliseconds until a connection is free; default 5,000. */
  readonly queueMs?: number;
  /** Milliseconds from then until everything is done; default 15,000. */
  readonly loanMs?: number;
}

/**
 * Runs one statement on any connection.
 *
 * @remarks
 * What a statement leaves in its session stays there for whoever gets the connection next: `SET` and the like belong into a transaction,
 * as `SET LOCAL`.
 *
 * @returns the result, or why there is none; after `"connection_lost"` and `"loan_timeout"` nobody knows whether the statement was done
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT`, `ERR_NOT_SENDABLE` for what is no statement
 */
export function query(text: string, values?: readonly SqlValue[], limits?: TimeLimits): Steps<SqlResult | PgError> {
  return withSession((session) => session.query(text, values), limits);
}

/**
 * Runs `body` within a transaction. It is committed when the body returns, unless it returns a {@link PgError}; it is rolled back when the
 * body throws. If the process ends in the middle, however it ends, the server rolls back.
 *
 * @returns what the body returned; or why nothing came of it: the first error of a statement in it, even if the body took no notice. After
 * `"connection_lost"` and `"loan_timeout"` at the commit nobody knows whether it was done.
 */
export function transaction<T>(body: (session: Session) => Steps<T>, limits?: TimeLimits): Steps<T | PgError> {
  return withSession(function* (session) {
    const begun = yield* session.query("BEGIN");
    if (isPgError(begun)) return begun;
    const value = yield* bodyOrRollBack(session, body);
    if (isPgError(value)) yield* rollBack(session);
    if (isPgError(value)) return value;
    const end = yield* session.query("COMMIT");
    if (isPgError(end)) return end;
    // COMMIT of a transaction in which something failed rolls it back, and that is no error for the server.
    return end.command === "ROLLBACK" ? (session.firstError ?? pgError("25P02", "Rolled back")) : value;
  }, limits);
}

function* bodyOrRollBack<T>(session: Session, body: (session: Session) => Steps<T>): Steps<T> {
  try {
    return yield* body(session);
  } catch (thrown) {
    yield* rollBack(session);
    throw thrown;
  }
}

function* rollBack(session: Session): Steps<void> {
  yield* session.query("ROLLBACK");
}

/** Borrows a connection for as long as `use` takes. A process that is killed gives nothing back: the pool notices by itself. */
function* withSession<T>(use: (session: Session) => Steps<T>, limits: TimeLimits = {}): Steps<T | PgError> {
  const loan = yield* checkout(termsOf(limits));
  if (isPgError(loan)) return loan;
  const session = new Session(loan.connection);
  try {
    return yield* use(session);
  } finally {
    Pool.cast(POOL).checkin(loan.loan, session.isClean);
    session.end();
  }
}

/** What is wrong is found here: it would end the pool. */
function termsOf({ queueMs = 5_000, loanMs = 15_000 }: TimeLimits): Terms {
  for (const ms of [queueMs, loanMs]) {
    if (Number.isFinite(ms) && ms >= 0) continue;
    const why = `Cannot borrow a connection as a limit must be milliseconds >= 0: current value is ${String(ms)}`;
    throw new KrarupError("ERR_BAD_ARGUMENT", why, ms);
  }
  return { queueMs, loanMs };
}

/** The pool answers in time by itself. */
function* checkout(terms: Terms): Steps<Loan | PgError> {
  try {
    return yield* Pool.call(POOL, { timeoutMs: "infinity" }).checkout(self(), terms);
  } catch (thrown) {
    if (thrown instanceof ExitException) return pgError("pool_down", "There is no pool");
    throw thrown;
  }
}
