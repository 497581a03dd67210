import { call, ExitException, KrarupError, type Suspension } from "@krarup/core";
import type { Answer, SqlResult, SqlValue } from "./backend.ts";
import type { Connection } from "./connection.ts";
import { isPgError, type PgError, pgError } from "./pg-error.ts";

type Steps<T> = Generator<Suspension, T, void>;

/** A borrowed connection, for as long as it is borrowed. */
export class Session {
  readonly #connection: Connection;
  #state: Answer["session"] | "over" = "idle";
  #firstError: PgError | null = null;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Whether the connection can be lent to somebody else as it is. */
  get isClean(): boolean {
    return this.#state === "idle";
  }

  /** What went wrong first. */
  get firstError(): PgError | null {
    return this.#firstError;
  }

  /**
   * Runs one statement.
   *
   * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` when the loan is over, or `text` is no text; `ERR_NOT_SENDABLE` for a value that is none
   */
  *query(text: string, values: readonly SqlValue[] = []): Steps<SqlResult | PgError> {
    if (typeof text !== "string") throw misuse("it must be a text", text);
    if (this.#state === "over") throw misuse("its connection has been given back", text);
    const { outcome, session } = yield* this.#ask(text, values);
    this.#state = session;
    if (isPgError(outcome)) this.#firstError ??= outcome;
    return outcome;
  }

  /** Nothing can be asked any more. */
  end(): void {
    this.#state = "over";
  }

  /** The pool ends a loan that lasts too long, so the call needs no limit of its own. */
  *#ask(text: string, values: readonly SqlValue[]): Steps<Answer> {
    try {
      return yield* call(this.#connection, { text, values }, { timeoutMs: "infinity" });
    } catch (thrown) {
      if (thrown instanceof ExitException) return { outcome: lost(thrown), session: "lost" };
      throw thrown;
    }
  }
}

/** The connection has ended: with an error that says why, or in some other way. */
function lost({ reason }: ExitException): PgError {
  const [why] = Array.isArray(reason) ? reason : [reason];
  const detail: unknown = Array.isArray(why) ? why[1] : why;
  return isPgError(detail) ? detail : pgError("connection_lost", "The connection has ended");
}

function misuse(rule: string, text: unknown): KrarupError {
  return new KrarupError(
    "ERR_BAD_ARGUMENT",
    `Cannot run a statement as ${rule}: current value is ${String(text)}`,
    text,
  );
}
