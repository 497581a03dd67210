import type { Suspension } from "@krarup/core";
import { isPortError, type PortError, readFile, replaceFile } from "@krarup/ports";
import type { Database } from "./database.ts";
import { SNAPSHOT_BYTES_MAX } from "./limits.ts";
import { restore } from "./snapshot-text.ts";

type Steps<T> = Generator<Suspension, T, void>;

/** A snapshot that cannot be used. */
export interface BadSnapshot {
  readonly type: "bad_snapshot";
  readonly path: string;
  readonly why: string;
}

/**
 * Fills `database` with what the file at `path` holds; with nothing if there is no such file.
 *
 * @returns null, or why not: a server that began without data it could not read would write over it
 */
export function* loadSnapshot(database: Database, path: string): Steps<BadSnapshot | PortError | null> {
  const bytes = yield* readFile(path, { bytesMax: SNAPSHOT_BYTES_MAX });
  if (isPortError(bytes)) return bytes.code === "enoent" ? null : bytes;
  const why = restore(database, bytes);
  return why === null ? null : { type: "bad_snapshot", path, why };
}

/** Puts a snapshot in place of the last one. @returns null when it is on the disk, or why not: then the last one is there */
export function* writeSnapshot(path: string, text: string): Steps<string | null> {
  if (text.length > SNAPSHOT_BYTES_MAX) return `the snapshot would have ${text.length} bytes`;
  const outcome = yield* replaceFile(path, Buffer.from(text, "latin1"));
  return isPortError(outcome) ? outcome.message : null;
}
