// Everything that can go wrong, with what to print and how to exit.

import { InspectionError, type InspectionErrorCode } from "@krarup/observer/client";
import { EXIT, type ExitCode } from "./exit-codes.ts";

/** What only the command itself can find wrong. */
export type CommandErrorCode =
  | "ERR_APPLICATION"
  | "ERR_INTERNAL"
  | "ERR_NOT_CONFIRMED"
  | "ERR_STOP_DEADLINE"
  | "ERR_USAGE";

/** Every code a user can meet, with the exit code that goes with it. */
export const EXIT_CODE_OF: Readonly<Record<CommandErrorCode | InspectionErrorCode, ExitCode>> = {
  ERR_APPLICATION: EXIT.failed,
  ERR_BAD_REQUEST: EXIT.usage,
  ERR_CONNECTION: EXIT.noNode,
  ERR_FRAME: EXIT.protocol,
  ERR_INSPECTION_FAILED: EXIT.failed,
  ERR_INSPECT_MODE: EXIT.usage,
  ERR_INTERNAL: EXIT.failed,
  ERR_NOT_CONFIRMED: EXIT.refused,
  ERR_NO_NODE: EXIT.noNode,
  ERR_NO_PROCESS: EXIT.noProcess,
  ERR_PROTOCOL: EXIT.protocol,
  ERR_READ_ONLY: EXIT.refused,
  ERR_RUNTIME_DIRECTORY: EXIT.noNode,
  ERR_SEVERAL_NODES: EXIT.noNode,
  ERR_SOCKET_PATH: EXIT.usage,
  ERR_STOP_DEADLINE: EXIT.killedAtDeadline,
  ERR_TIMEOUT: EXIT.timeout,
  ERR_UNKNOWN_OPERATION: EXIT.protocol,
  ERR_USAGE: EXIT.usage,
};

/** An error that the command itself has found. */
export class CommandError extends Error {
  override readonly name: string = "CommandError";
  readonly code: CommandErrorCode;
  /** What to do next: a command to type, or a sentence. */
  readonly hint: string | undefined;

  constructor(
    code: CommandErrorCode,
    message: string,
    more: { readonly hint?: string; readonly cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.hint = more.hint;
  }
}

/** `error` as one that can be printed. What is not ours is a fault of ours. */
export function asPrintable(error: unknown): CommandError | InspectionError {
  if (error instanceof CommandError || error instanceof InspectionError) return error;
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new CommandError("ERR_INTERNAL", `The command itself failed: ${what}`, {
    hint: "this is a bug of krarup: please report it",
    cause: error,
  });
}
