/** What went wrong between a node and its observer, for programs. `docs/cli.md` explains each; a test holds the lists equal. */
export type InspectionErrorCode =
  | "ERR_BAD_REQUEST"
  | "ERR_CONNECTION"
  | "ERR_FRAME"
  | "ERR_INSPECT_MODE"
  | "ERR_INSPECTION_FAILED"
  | "ERR_NO_NODE"
  | "ERR_NO_PROCESS"
  | "ERR_PROTOCOL"
  | "ERR_READ_ONLY"
  | "ERR_RUNTIME_DIRECTORY"
  | "ERR_SEVERAL_NODES"
  | "ERR_SOCKET_PATH"
  | "ERR_TIMEOUT"
  | "ERR_UNKNOWN_OPERATION";

const CODES: Readonly<Record<InspectionErrorCode, true>> = {
  ERR_BAD_REQUEST: true,
  ERR_CONNECTION: true,
  ERR_FRAME: true,
  ERR_INSPECT_MODE: true,
  ERR_INSPECTION_FAILED: true,
  ERR_NO_NODE: true,
  ERR_NO_PROCESS: true,
  ERR_PROTOCOL: true,
  ERR_READ_ONLY: true,
  ERR_RUNTIME_DIRECTORY: true,
  ERR_SEVERAL_NODES: true,
  ERR_SOCKET_PATH: true,
  ERR_TIMEOUT: true,
  ERR_UNKNOWN_OPERATION: true,
};

/** Every code there is, sorted. */
// Object.keys widens to string; the record's keys are exactly the codes.
export const INSPECTION_ERROR_CODES: readonly InspectionErrorCode[] = (
  Object.keys(CODES) as InspectionErrorCode[]
).toSorted();

/**
 * A look into a node that failed: on the way to it, or because the node refused.
 *
 * @remarks
 * The message names the attempted action, the constraint and the current value; `hint` says what to do next. An error that the node
 * answered with arrives at the client as it was thrown in the node, without its stack.
 */
export class InspectionError extends Error {
  override readonly name: string = "InspectionError";
  readonly code: InspectionErrorCode;
  /** What to do next. */
  readonly hint: string | undefined;
  /** The value that was refused, where there is one. It does not travel. */
  readonly value: unknown;

  constructor(
    code: InspectionErrorCode,
    message: string,
    more: { readonly hint?: string; readonly value?: unknown; readonly cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.hint = more.hint;
    this.value = more.value;
  }
}

/** Whether `code` is one of ours; what comes over a socket need not be. */
export function isInspectionErrorCode(code: unknown): code is InspectionErrorCode {
  return typeof code === "string" && Object.hasOwn(CODES, code);
}
