// Files. What is done with a file as a whole needs no port: it is one wait. Reading one piece by piece is a port like a socket.

import type { Operation } from "@krarup/core";
import { attempt } from "../port/attempt.ts";
import { misuse } from "../port/check-options.ts";
import { READ_BYTES_MAX } from "../port/limits.ts";
import { openPort, type PortOptions } from "../port/open-port.ts";
import type { PortError } from "../port/port-error.ts";
import type { Port } from "../port/port-protocol.ts";
import type { Framing } from "../port/framing.ts";
import { checkPath } from "./paths.ts";
import { outside } from "../outside/outside.ts";

/** How a whole file is read. */
export interface ReadFileOptions {
  /** Bytes that the file may have; a larger one is `"efbig"`. Default 67,108,864, which one message can carry. */
  readonly bytesMax?: number;
}

/**
 * Reads a whole file.
 *
 * **Waiting.** This process, until it is read.
 *
 * @returns the bytes, or an error: `"enoent"`, `"eacces"`, `"eisdir"`, `"efbig"` …
 * @see {@link https://www.erlang.org/doc/apps/kernel/file.html#read_file/1 | file:read_file/1}
 */
export function readFile(
  path: string,
  { bytesMax = READ_BYTES_MAX }: ReadFileOptions = {},
): Operation<Uint8Array | PortError> {
  return attempt(`read ${path}`, (signal) => outside("files").read(path, bytesMax, signal));
}

/**
 * Writes a whole file, which is made if it is not there. If the process ends on the way, or the machine, a part of it may be written: see
 * {@link replaceFile}.
 *
 * @param data - a text is encoded as UTF-8
 * @returns `"ok"`, or an error: `"enoent"` for a folder that is not there, `"eacces"`, `"enospc"` …
 * @see {@link https://www.erlang.org/doc/apps/kernel/file.html#write_file/2 | file:write_file/2}
 */
export function writeFile(path: string, data: Uint8Array | string): Operation<"ok" | PortError> {
  return attempt(`write ${path}`, (signal) => outside("files").write(path, data, signal).then(ok));
}

/** As {@link writeFile}, but adds to the end of the file. */
export function appendFile(path: string, data: Uint8Array | string): Operation<"ok" | PortError> {
  return attempt(`append to ${path}`, (signal) => outside("files").append(path, data, signal).then(ok));
}

/**
 * Replaces a whole file: whoever reads it finds the old content or the new, never a part, also after a failure of the machine.
 *
 * @remarks
 * The content goes to a new file beside it, onto the disk, and then takes the name over. The new file has the permissions of any new file.
 *
 * **Cost.** Two waits for the disk itself.
 *
 * @returns `"ok"`, and then it is on the disk; or an error, and then the file is as it was
 */
export function replaceFile(path: string, data: Uint8Array | string): Operation<"ok" | PortError> {
  return attempt(`replace ${path}`, (signal) => outside("files").replace(path, data, signal).then(ok));
}

/**
 * Opens a file for reading piece by piece, or line by line. The port ends when somebody has been told of the end of the file.
 *
 * @returns the port, which belongs to this process; or an error: `"enoent"`, `"eacces"` …
 */
export function openFile<P = Uint8Array>(path: string, options: PortOptions<P> = {}): Operation<Port<P> | PortError> {
  if (typeof path !== "string" || path === "") throw misuse("the path of a file must be a text", path);
  return openPort({ kind: "file", action: `open ${path}`, timeoutMs: "infinity" }, options, () =>
    outside("files").open(path),
  );
}

/** How a file is written piece by piece. */
export interface CreateFileOptions<P = Uint8Array> {
  /** `"replace"`, the default: what was there is gone. `"append"`: at its end. `"exclusive"`: it must not be there. */
  readonly mode?: "replace" | "append" | "exclusive";
  /** Default `"raw"`. */
  readonly framing?: Framing<P>;
}

/**
 * Opens a file for writing piece by piece.
 *
 * @remarks
 * **Waiting.** `write` waits until the system has the data, or has refused it. On the disk it is later: see {@link replaceFile}, and
 * `sync` of a file that `openDiskFile` has opened.
 *
 * @returns the port, which belongs to this process; or an error: `"enoent"`, `"eacces"`, `"eexist"` …; `write` has `"enospc"`, `"eio"` …
 */
export function createFile<P = Uint8Array>(
  path: string,
  { mode = "replace", ...options }: CreateFileOptions<P> = {},
): Operation<Port<P> | PortError> {
  checkPath(path);
  if (!["replace", "append", "exclusive"].includes(mode))
    throw misuse('mode must be "replace", "append" or "exclusive"', mode);
  return openPort({ kind: "file", action: `open ${path}`, timeoutMs: "infinity" }, options, () =>
    outside("handles").create(path, mode),
  );
}

function ok(): "ok" {
  return "ok";
}
