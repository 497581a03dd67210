import { StartError } from "@krarup/core";

/** What is wrong with a tree or an application, for programs. Every code is explained in `docs/errors.md`. */
export type SupervisorErrorCode = "ERR_INVALID_CHILD_SPEC" | "ERR_INVALID_ENV" | "ERR_INVALID_SUPERVISOR_SPEC";

/** Every code of this package, sorted. */
export const SUPERVISOR_ERROR_CODES: readonly SupervisorErrorCode[] = [
  "ERR_INVALID_CHILD_SPEC",
  "ERR_INVALID_ENV",
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

/**
 * Thrown where the environment of an application is not what its `envSchema` wants: by `loadApplication`, by `setEnv`, and by whatever
 * starts an application that is not loaded yet.
 *
 * @remarks
 * Its `reason` is `["invalid_env", name, issues]`. Uncaught, it ends the caller with that.
 */
export class EnvError extends StartError {
  override readonly name: string = "EnvError";
  /** Stable name of the mistake. */
  readonly code: SupervisorErrorCode = "ERR_INVALID_ENV";

  /** @param issues - one sentence for each thing that is wrong */
  constructor(application: string, issues: readonly string[]) {
    super(["invalid_env", application, issues]);
    this.message = `Cannot configure application ${application} as its envSchema refuses its environment: ${issues.join("; ")}`;
  }
}
