// What is done with paths: directories, and files as a whole. Each is one wait, and its errors are values.

import type { Operation } from "@krarup/core";
import { outside } from "../outside/outside.ts";
import { attempt } from "../port/attempt.ts";
import { misuse } from "../port/check-options.ts";
import type { PortError } from "../port/port-error.ts";

/** What the system knows about a file. */
export interface FileInfo {
  readonly type: "regular" | "directory" | "symlink" | "device" | "other";
  /** Bytes. */
  readonly size: number;
  /** Permissions, as in `0o644`. */
  readonly mode: number;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
  readonly accessedMs: number;
  readonly inode: number;
}

/**
 * What the system knows about what is at `path`.
 *
 * @param followsLinks - with `false`, of a symbolic link itself; default true
 * @returns the error `"enoent"` when there is nothing, `"eacces"` …
 * @see {@link https://www.erlang.org/doc/apps/kernel/file.html#read_file_info/2 | file:read_file_info/2}
 */
export function readFileInfo(
  path: string,
  { followsLinks = true }: { readonly followsLinks?: boolean } = {},
): Operation<FileInfo | PortError> {
  checkPath(path);
  return attempt(`look at ${path}`, () => outside("paths").info(path, followsLinks));
}

/**
 * The names in a directory, sorted.
 *
 * **Cost.** All of them are in memory at once.
 *
 * @returns the error `"enoent"`, `"enotdir"`, `"eacces"` …
 * @see {@link https://www.erlang.org/doc/apps/kernel/file.html#list_dir/1 | file:list_dir/1}
 */
export function listDir(path: string): Operation<readonly string[] | PortError> {
  checkPath(path);
  return attempt(`list ${path}`, () =>
    outside("paths")
      .list(path)
      .then((names) => names.toSorted()),
  );
}

/**
 * Makes a directory.
 *
 * @param parents - makes those above it as well, and does not mind when it is there already: `filelib:ensure_path`. Default false
 * @returns `"ok"`; or an error: `"eexist"`, `"enoent"` without the directory above it, `"eacces"` …
 * @see {@link https://www.erlang.org/doc/apps/kernel/file.html#make_dir/1 | file:make_dir/1}
 */
export function makeDir(
  path: string,
  { parents = false }: { readonly parents?: boolean } = {},
): Operation<"ok" | PortError> {
  checkPath(path);
  return attempt(`make the directory ${path}`, () => outside("paths").makeDirectory(path, parents).then(ok));
}

/**
 * Removes a directory, which must be empty: see {@link delDirR}.
 *
 * @returns `"ok"`; or an error: `"enoent"`, `"enotempty"`, `"enotdir"` …
 * @see {@link https://www.erlang.org/doc/apps/kernel/file.html#del_dir/1 | file:del_dir/1}
 */
export function delDir(path: string): Operation<"ok" | PortError> {
  checkPath(path);
  return attempt(`remove the directory ${path}`, () => outside("paths").removeDirectory(path, false).then(ok));
}

/**
 * Removes a directory with all there is in it. Symbolic links are removed, and not followed. When it fails, a part may be gone.
 *
 * @returns `"ok"`; or an error: `"enoent"`, `"enotdir"`, `"eacces"` …
 * @see {@link https://www.erlang.org/doc/apps/kernel/file.html#del_dir_r/1 | file:del_dir_r/1}
 */
export function delDirR(path: string): Operation<"ok" | PortError> {
  checkPath(path);
  return attempt(`remove the directory ${path}`, () => outside("paths").removeDirectory(path, true).then(ok));
}

/**
 * Removes a file, or a symbolic link.
 *
 * @returns `"ok"`; or an error: `"enoent"`, `"eperm"` or `"eisdir"` for a directory …
 * @see {@link https://www.erlang.org/doc/apps/kernel/file.html#delete/1 | file:delete/1}
 */
export function deleteFile(path: string): Operation<"ok" | PortError> {
  checkPath(path);
  return attempt(`remove ${path}`, () => outside("paths").removeFile(path).then(ok));
}

/**
 * Gives what is at `from` the path `to`, in one step: whatever file was there is replaced.
 *
 * @returns `"ok"`; or an error: `"enoent"`, `"exdev"` for another file system, `"eisdir"`, `"enotempty"` …
 * @see {@link https://www.erlang.org/doc/apps/kernel/file.html#rename/2 | file:rename/2}
 */
export function renameFile(from: string, to: string): Operation<"ok" | PortError> {
  checkPath(from);
  checkPath(to);
  return attempt(`rename ${from} to ${to}`, () => outside("paths").rename(from, to).then(ok));
}

/**
 * Copies a file, over whatever file was there. When it fails, a part may have been written.
 *
 * @returns `"ok"`; or an error: `"enoent"`, `"eisdir"`, `"enospc"` …
 * @see {@link https://www.erlang.org/doc/apps/kernel/file.html#copy/2 | file:copy/2}
 */
export function copyFile(from: string, to: string): Operation<"ok" | PortError> {
  checkPath(from);
  checkPath(to);
  return attempt(`copy ${from} to ${to}`, () => outside("paths").copy(from, to).then(ok));
}

/** @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for what is no path */
export function checkPath(path: string): void {
  if (typeof path !== "string" || path === "" || path.includes("\0"))
    throw misuse("a path must be a text that is not empty and without NUL", path);
}

function ok(): "ok" {
  return "ok";
}
