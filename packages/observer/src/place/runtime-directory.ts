// The private directory in which nodes of one user leave their sockets, and where the command looks for them.

import { lstatSync, mkdirSync, type Stats } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { InspectionError } from "../errors.ts";

const OTHERS = 0o077;

/** `$KRARUP_RUNTIME_DIR`, else `$XDG_RUNTIME_DIR/krarup`, else `krarup-<uid>` in the directory for temporary files. */
export function runtimeDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const { KRARUP_RUNTIME_DIR: own, XDG_RUNTIME_DIR: users } = env;
  if (own !== undefined && own !== "") return own;
  if (users !== undefined && users !== "") return join(users, "krarup");
  return join(tmpdir(), `krarup-${userInfo().uid}`);
}

/**
 * Makes the directory if need be, and makes sure that it is ours alone.
 *
 * @throws {@link InspectionError} `ERR_RUNTIME_DIRECTORY`
 */
export function prepareRuntimeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw refused(directory, "it cannot be made", cause);
  }
  requirePrivate(directory);
}

/**
 * Refuses a directory that others could have put there or can look into. The link itself is looked at, not what it points to: in a
 * directory that everybody may write to, anybody can have placed it.
 *
 * @returns false when there is none
 * @throws {@link InspectionError} `ERR_RUNTIME_DIRECTORY`
 */
export function requirePrivate(directory: string): boolean {
  const stats = lstatSync(directory, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  const fault = faultOf(stats);
  if (fault !== undefined) throw refused(directory, fault);
  return true;
}

function faultOf(stats: Stats): string | undefined {
  if (stats.isSymbolicLink()) return "it is a link";
  if (!stats.isDirectory()) return "it is no directory";
  if (stats.uid !== userInfo().uid) return `it belongs to user ${stats.uid}`;
  const mode = stats.mode & 0o777;
  return (mode & OTHERS) === 0 ? undefined : `others may use it (mode ${mode.toString(8)})`;
}

function refused(directory: string, fault: string, cause?: unknown): InspectionError {
  return new InspectionError(
    "ERR_RUNTIME_DIRECTORY",
    `Cannot use the runtime directory ${directory} as it must be a directory of this user alone: ${fault}`,
    {
      hint: "chmod 700 the directory if it is yours, or set KRARUP_RUNTIME_DIR to another",
      value: directory,
      cause,
    },
  );
}
