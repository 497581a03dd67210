/** Something went wrong that whoever asked can deal with. */
export interface PgError {
  readonly type: "pg_error";
  /**
   * The server's own code of five characters, the SQLSTATE, such as `"23505"`; or one of ours:
   *
   * - `"queue_full"`, `"queue_timeout"`: there was no connection, nothing was sent
   * - `"loan_timeout"`: the connection was taken away, as it was kept for too long
   * - `"connection_lost"`: the connection ended; a statement that was under way may have been done or not
   * - `"pool_down"`: there is no pool
   */
  readonly code: string;
  /** For people. */
  readonly message: string;
  /** Which constraint a row would have violated, if that is what went wrong. */
  readonly constraint?: string;
}

/** Makes one of our own. */
export function pgError(code: string, message: string): PgError {
  return { type: "pg_error", code, message };
}

/** Whether something is an error and not a result. */
export function isPgError(value: unknown): value is PgError {
  return typeof value === "object" && value !== null && "type" in value && value.type === "pg_error";
}
