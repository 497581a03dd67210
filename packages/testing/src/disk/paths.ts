// The room of paths of one machine.

import type { FileInfo } from "@krarup/ports";
import type { Paths } from "@krarup/ports/internal";
import { absolute, type Drive } from "./drive.ts";

/** What a folder has on most file systems. */
const FOLDER_BYTES = 4_096;

/** The paths on `drive`. There are no links, and the times of files are those of the beginning. */
export function simulatedPaths(drive: Drive): Paths {
  const { files } = drive;
  const at = async <T>(given: string, act: (path: string) => T): Promise<T> => {
    const path = absolute(given);
    await drive.access(path);
    return act(path);
  };
  return {
    info: (given) => at(given, (path) => infoOf(drive, path)),
    list: (given) => at(given, (path) => files.list(path)),
    makeDirectory: (given, parents) =>
      at(given, (path) => (parents && !files.has(path) ? files.makeFolder(path) : files.addFolder(path))),
    removeDirectory: (given, contents) => at(given, (path) => files.removeFolder(path, contents)),
    removeFile: (given) => at(given, (path) => files.remove(path)),
    rename: (from, to) => at(from, (path) => files.rename(path, absolute(to))),
    copy: (from, to) => at(from, (path) => copy(drive, path, absolute(to))),
  };
}

/** As Node does it: the copy is opened before anything is read, and taken away when that fails. */
function copy({ files }: Drive, from: string, to: string): void {
  if (!files.isFolder(from)) files.file(from);
  files.create(to);
  try {
    files.append(to, files.contentOf(from));
  } catch (error) {
    files.remove(to);
    throw error;
  }
}

function infoOf({ files }: Drive, path: string): FileInfo {
  if (!files.isFolder(path)) return fileInfo(files.contentOf(path).length);
  return { ...fileInfo(FOLDER_BYTES), type: "directory", mode: 0o755 };
}

/** What is known of a file of that size. */
export function fileInfo(size: number): FileInfo {
  return { type: "regular", size, mode: 0o644, modifiedMs: 0, accessedMs: 0, inode: 0 };
}
