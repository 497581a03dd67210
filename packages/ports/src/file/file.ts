// Files. What is done with a file as a whole needs no port: it is one wait. Reading one piece by piece is a port like a socket.

import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Operation } from "@krarup/core";
import { misuse } from "../port/check-options.ts";
import { READ_BYTES_MAX } from "../port/limits.ts";
import { openPort, type PortOptions } from "../port/open-port.ts";
import { type PortError, portError, systemCodeOf } from "../port/port-error.ts";
import type { Port } from "../port/port-protocol.ts";
import { sequence } from "../port/sequence.ts";
import { StreamDriver } from "../outside/stream-driver.ts";

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
  return onDisk(`read ${path}`, (signal) =>
    withFile(path, "r", async (file) => {
      const { size } = await file.stat();
      if (size > bytesMax) throw Object.assign(new Error("the file is too large"), { code: "EFBIG" });
      return file.readFile({ signal });
    }),
  );
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
  return onDisk(`write ${path}`, (signal) => withFile(path, "w", (file) => fill(file, data, signal)));
}

/** As {@link writeFile}, but adds to the end of the file. */
export function appendFile(path: string, data: Uint8Array | string): Operation<"ok" | PortError> {
  return onDisk(`append to ${path}`, (signal) => withFile(path, "a", (file) => fill(file, data, signal)));
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
  return onDisk(`replace ${path}`, async (signal) => {
    const draft = `${path}.${randomUUID()}.tmp`;
    try {
      await withFile(draft, "wx", async (file) => {
        await fill(file, data, signal);
        await file.sync();
      });
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    await withFile(dirname(path), "r", (folder) => folder.sync());
    return "ok" as const;
  });
}

/**
 * Opens a file for reading piece by piece, or line by line. The port ends when somebody has been told of the end of the file.
 *
 * @returns the port, which belongs to this process; or an error: `"enoent"`, `"eacces"` …
 */
export function openFile(path: string, options: PortOptions = {}): Operation<Port | PortError> {
  if (typeof path !== "string" || path === "") throw misuse("the path of a file must be a text", path);
  return openPort({ kind: "file", action: `open ${path}`, timeoutMs: "infinity" }, options, () => {
    const source = createReadStream(path);
    const driver = new StreamDriver(`file ${path}`, { source, sink: null }, { type: "opening" });
    source.once("open", () => driver.opened());
    return driver;
  });
}

async function withFile<T>(path: string, flags: string, act: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags);
  try {
    return await act(file);
  } finally {
    await file.close();
  }
}

async function fill(file: FileHandle, data: Uint8Array | string, signal: AbortSignal): Promise<"ok"> {
  await file.writeFile(data, { signal });
  return "ok";
}

/** One wait for the file system: its errors are values, ours and the caller's are thrown. */
function onDisk<T>(action: string, act: (signal: AbortSignal) => Promise<T>): Operation<T | PortError> {
  return sequence(function* (process) {
    try {
      return yield* process.await(act);
    } catch (error) {
      const code = systemCodeOf(error);
      if (code === null) throw error;
      return portError(action, code);
    }
  });
}
