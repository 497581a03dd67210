// The room of files. What is done with a file as a whole is one wait, from opening it to closing it, so that the end of whoever waits leaves
// no descriptor behind.

import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Driver } from "../port/driver.ts";
import { StreamDriver } from "./stream-driver.ts";

/**
 * Files as a node reaches them. What is refused rejects with an `Error` whose `code` is the system's: `ENOENT`. A `signal` that aborts stops
 * what has not been done yet.
 */
export interface Files {
  /** Reads a whole file; one of more than `bytesMax` bytes is `EFBIG`. */
  read(path: string, bytesMax: number, signal: AbortSignal): PromiseLike<Uint8Array>;
  /** Writes a whole file, which is made if it is not there. */
  write(path: string, data: Uint8Array | string, signal: AbortSignal): PromiseLike<void>;
  /** Adds to the end of a file, which is made if it is not there. */
  append(path: string, data: Uint8Array | string, signal: AbortSignal): PromiseLike<void>;
  /** Replaces a whole file: it is on the disk with the old content or the new, never with a part. */
  replace(path: string, data: Uint8Array | string, signal: AbortSignal): PromiseLike<void>;
  /** Opens a file for reading piece by piece. */
  open(path: string): Driver;
}

/** The files of the operating system. */
export const nodeFiles: Files = {
  read: (path, bytesMax, signal) =>
    withFile(path, "r", async (file) => {
      const { size } = await file.stat();
      if (size > bytesMax) throw Object.assign(new Error("the file is too large"), { code: "EFBIG" });
      return file.readFile({ signal });
    }),
  write: (path, data, signal) => withFile(path, "w", (file) => file.writeFile(data, { signal })),
  append: (path, data, signal) => withFile(path, "a", (file) => file.writeFile(data, { signal })),
  replace: replaced,
  open(path) {
    const source = createReadStream(path);
    const driver = new StreamDriver(`file ${path}`, { source, sink: null }, { type: "opening" });
    source.once("open", () => driver.opened());
    return driver;
  },
};

async function replaced(path: string, data: Uint8Array | string, signal: AbortSignal): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    await withFile(draft, "wx", async (file) => {
      await file.writeFile(data, { signal });
      await file.sync();
    });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await withFile(dirname(path), "r", (folder) => folder.sync());
}

async function withFile<T>(path: string, flags: string, act: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags);
  try {
    return await act(file);
  } finally {
    await file.close();
  }
}
