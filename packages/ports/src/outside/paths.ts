// The room of paths: what there is in the file system, and where.

import type { Stats } from "node:fs";
import { copyFile, lstat, mkdir, readdir, rename, rm, rmdir, stat, unlink } from "node:fs/promises";
import type { FileInfo } from "../file/paths.ts";

/** Paths as a node reaches them. What is refused rejects with an `Error` whose `code` is the system's. */
export interface Paths {
  /** Of a symbolic link itself, or of what it leads to. */
  info(path: string, followsLinks: boolean): PromiseLike<FileInfo>;
  /** Names in a directory, in any order. */
  list(path: string): PromiseLike<string[]>;
  /** With `parents`, makes those above it as well, and does not mind when it is there. */
  makeDirectory(path: string, parents: boolean): PromiseLike<void>;
  /** With `contents`, removes all there is in it as well. */
  removeDirectory(path: string, contents: boolean): PromiseLike<void>;
  removeFile(path: string): PromiseLike<void>;
  /** Replaces what is at `to`. */
  rename(from: string, to: string): PromiseLike<void>;
  copy(from: string, to: string): PromiseLike<void>;
}

/** The paths of the operating system. */
export const nodePaths: Paths = {
  info: async (path, followsLinks) => infoOf(await (followsLinks ? stat(path) : lstat(path))),
  list: (path) => readdir(path),
  makeDirectory: async (path, parents) => void (await mkdir(path, { recursive: parents })),
  removeDirectory: (path, contents) => (contents ? removeAll(path) : rmdir(path)),
  removeFile: unlink,
  rename,
  copy: copyFile,
};

/** Node would remove a file as well. */
async function removeAll(path: string): Promise<void> {
  const found = await lstat(path);
  if (!found.isDirectory()) throw Object.assign(new Error("it is no directory"), { code: "ENOTDIR" });
  await rm(path, { recursive: true });
}

/** What the system says of a file, as ours. */
export function infoOf(stats: Stats): FileInfo {
  return {
    type: typeOf(stats),
    size: stats.size,
    mode: stats.mode & 0o7777,
    modifiedMs: stats.mtimeMs,
    accessedMs: stats.atimeMs,
    inode: stats.ino,
  };
}

function typeOf(stats: Stats): FileInfo["type"] {
  if (stats.isFile()) return "regular";
  if (stats.isDirectory()) return "directory";
  if (stats.isSymbolicLink()) return "symlink";
  return stats.isBlockDevice() || stats.isCharacterDevice() ? "device" : "other";
}
