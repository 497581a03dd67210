// Errors of the outside world: values for whoever handles them, exit reasons for whoever does not.

import { ExitException, type Operation } from "@krarup/core";
import { sequence } from "./sequence.ts";

/**
 * Something outside went wrong, as a value.
 *
 * @remarks
 * `code` is the system's own word in small letters: `"econnrefused"`, `"eaddrinuse"`, `"epipe"`, `"enoent"`. Beside these there are
 * OTP's: `"closed"` for a port that is closed or has ended, `"timeout"`, `"einval"` for an operation that does not fit the state of the
 * port, `"emsgsize"` for a packet over the limit, `"not_owner"`.
 */
export interface PortError {
  readonly type: "error";
  readonly code: string;
  /** The attempted action and the code, for people. */
  readonly message: string;
}

/** The error `code` of an attempt to `action`. */
export function portError(action: string, code: string): PortError {
  return { type: "error", code, message: `Cannot ${action}: ${code}` };
}

/** Whether an operation returned an error. */
export function isPortError(value: unknown): value is PortError {
  return typeof value === "object" && value !== null && "type" in value && value.type === "error" && "code" in value;
}

/**
 * Does what `operation` does, for a process that has no answer to an error.
 *
 * **Exits.** With the {@link PortError} as reason, where `operation` returns one.
 *
 * @example
 * ```ts no-run
 * import { connect, orExit, readLine, write } from "@krarup/ports";
 *
 * export function* greeting(port: number) {
 *   const socket = yield* orExit(connect({ host: "localhost", port }));
 *   yield* orExit(write(socket, "hello\n"));
 *   return yield* orExit(readLine(socket));
 * }
 * ```
 */
export function orExit<T>(operation: Operation<T>): Operation<Exclude<T, PortError>> {
  return sequence(function* () {
    const value = yield* operation;
    if (isPortError(value)) throw new ExitException(value);
    // What is no error is what remains of T.
    return value as Exclude<T, PortError>;
  });
}

/** The code in something that Node threw or emitted. */
export function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "unknown";
  if ("code" in error && typeof error.code === "string") return error.code.toLowerCase();
  // Several addresses were tried: the first says most.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return "unknown";
}

/** The same, if it is the system that refused; null for a mistake of whoever called. */
export function systemCodeOf(error: unknown): string | null {
  const code = codeOf(error);
  return code === "unknown" || code.startsWith("err_") ? null : code;
}
