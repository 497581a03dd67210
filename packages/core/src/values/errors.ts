/** What went wrong, for programs. Every code is explained in `docs/errors.md`; a test holds the two lists equal. */
export type ErrorCode =
  | "ERR_BAD_ARGUMENT"
  | "ERR_BAD_RETURN"
  | "ERR_BUSY_PROCESS"
  | "ERR_FOREIGN_YIELD"
  | "ERR_MESSAGE_LIMIT"
  | "ERR_NAME_TAKEN"
  | "ERR_NOCATCH"
  | "ERR_NODE_STOPPED"
  | "ERR_NOPROC"
  | "ERR_NO_OUTSIDE"
  | "ERR_NOT_IN_PROCESS"
  | "ERR_NOT_REGISTERED"
  | "ERR_NOT_SENDABLE"
  | "ERR_SYSTEM_LIMIT";

/** The word OTP would raise in the same place. */
export type OtpReason = "badarg" | "bad_return_value" | "noproc" | "system_limit" | "nocatch";

const OTP_REASONS: Readonly<Record<ErrorCode, OtpReason>> = {
  ERR_BAD_ARGUMENT: "badarg",
  ERR_BAD_RETURN: "bad_return_value",
  ERR_BUSY_PROCESS: "badarg",
  ERR_FOREIGN_YIELD: "badarg",
  ERR_MESSAGE_LIMIT: "system_limit",
  ERR_NAME_TAKEN: "badarg",
  ERR_NOCATCH: "nocatch",
  ERR_NODE_STOPPED: "badarg",
  ERR_NOPROC: "noproc",
  ERR_NO_OUTSIDE: "badarg",
  ERR_NOT_IN_PROCESS: "badarg",
  ERR_NOT_REGISTERED: "badarg",
  ERR_NOT_SENDABLE: "badarg",
  ERR_SYSTEM_LIMIT: "system_limit",
};

/** Every code there is, sorted. */
// Object.keys widens to string; the record's keys are exactly the codes.
export const ERROR_CODES: readonly ErrorCode[] = Object.keys(OTP_REASONS) as ErrorCode[];

/**
 * A misuse of the runtime, thrown where it happened.
 *
 * @remarks
 * The message names the attempted action, the constraint and the current value. Uncaught inside a process it becomes that
 * process's exit reason, as any thrown `Error` does.
 */
export class KrarupError extends Error {
  override readonly name: string = "KrarupError";
  /** Stable name of the mistake, listed in `docs/errors.md`. */
  readonly code: ErrorCode;
  /** The word OTP would raise here, for instance `"badarg"`. */
  readonly reason: OtpReason;
  /** The value that was refused, where there is one. */
  readonly value: unknown;

  constructor(code: ErrorCode, message: string, value?: unknown, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.reason = OTP_REASONS[code];
    this.value = value;
  }
}

/** Short, safe rendering of a refused value for an error message. Runs none of the value's own code, and never throws. */
export function show(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
    case "function":
      return "a function";
    case "symbol":
      return "a symbol";
    case "object":
      return value === null ? "null" : showObject(value);
    case "bigint":
    case "boolean":
    case "number":
    case "undefined":
      return String(value);
  }
}

function showObject(value: object): string {
  try {
    return Array.isArray(value) ? `an array of ${value.length}` : "an object";
  } catch {
    return "a revoked proxy";
  }
}
