import { StartError } from "@krarup/core";

/** What is wrong with a tree, for programs. Every code is explained in `docs/errors.md`. */
export type SupervisorErrorCode = "ERR_INVALID_CHILD_SPEC" | "ERR_INVALID_SUPERVISOR_SPEC";

/** Every code of this package, sorted. */
export const SUPERVISOR_ERROR_CODES: readonly SupervisorErrorCode[] = [
  "ERR_INVALID_CHILD_SPEC",
  "ERR_INVALID_SUPERVISOR_SPEC",
];

/**
 * Thrown when a supervisor is asked to start from a spec that makes no sense, before any process is made.
 *
 * @remarks
 * Its `reason` is the one OTP's `start_link` returns: `["start_spec", ["invalid_shutdown", -1]]`. Uncaught, it ends the caller with that.
 */
export class SpecError extends StartError {
  override readonly name: string = "SpecError";
  /** Stable name of the mistake. */
  readonly code: SupervisorErrorCode;

  constructor(code: SupervisorErrorCode, reason: unknown, complaint: string) {
    super(reason);
    this.code = code;
    this.message = `Cannot start supervisor as ${complaint}`;
  }
}
