// The content of a disk, and what of it would survive a failure of the power. Every file has two contents, the one that programs see and the
// one that is on the disk for sure; so has every name. A crash chooses between the two, name by name and file by file, and tears what was
// being written.

import { posix } from "node:path";
import { type Chance, happens } from "../chance.ts";

const EMPTY: Uint8Array = new Uint8Array(0);

/** What a name stands for: a file, which an open handle keeps when it loses its name. */
export interface File {
  content: Uint8Array;
  synced: Uint8Array;
}

/** Something that was done to what is at a path: to its content, or to its name. */
export interface FileEvent {
  readonly kind: "changed" | "renamed";
  readonly path: string;
}

/** An error as the system gives it. */
export function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

/** Files and folders, without time: each call is done when it returns. */
export class FileSystem {
  capacityBytes: number = Number.POSITIVE_INFINITY;
  #names = new Map<string, File>();
  #syncedNames = new Map<string, File>();
  readonly #folders = new Set<string>(["/"]);
  readonly #listeners = new Set<(event: FileEvent) => void>();

  /** Paths of all files, sorted. */
  get paths(): string[] {
    return [...this.#names.keys()].sort();
  }

  /** Calls `listener` after each change. @returns a function that ends it */
  onChange(listener: (event: FileEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get usedBytes(): number {
    let bytes = 0;
    for (const { content } of this.#names.values()) bytes += content.length;
    return bytes;
  }

  /** Makes a folder, and those it is in. */
  makeFolder(path: string): void {
    this.#folders.add(path);
    if (path !== "/") this.makeFolder(posix.dirname(path));
  }

  has(path: string): boolean {
    return this.#names.has(path);
  }

  /** @throws `ENOENT`, `EISDIR` */
  contentOf(path: string): Uint8Array {
    return this.file(path).content;
  }

  isFolder(path: string): boolean {
    return this.#folders.has(path);
  }

  /** Names of what is in a folder, sorted. @throws `ENOENT`, `ENOTDIR` */
  list(path: string): string[] {
    if (!this.#folders.has(path)) throw this.#absent(path);
    return [...this.#names.keys(), ...this.#folders]
      .filter((each) => each !== "/" && posix.dirname(each) === path)
      .map((each) => posix.basename(each))
      .toSorted();
  }

  /** Makes one folder. @throws `EEXIST`, `ENOENT` */
  addFolder(path: string): void {
    if (this.#folders.has(path) || this.has(path)) throw systemError("EEXIST", path);
    this.#checkPlace(path);
    this.#folders.add(path);
    this.#tell("renamed", path);
  }

  /** Removes a folder, and with `contents` what is in it. @throws `ENOENT`, `ENOTDIR`, `ENOTEMPTY` */
  removeFolder(path: string, contents: boolean): void {
    const inside = this.list(path).map((name) => posix.join(path, name));
    if (inside.length > 0 && !contents) throw systemError("ENOTEMPTY", path);
    for (const each of inside) {
      if (this.#folders.has(each)) this.removeFolder(each, true);
      else this.remove(each);
    }
    this.#folders.delete(path);
    this.#tell("renamed", path);
  }

  /** Makes an empty file, or empties the one that is there. @throws `ENOENT` for a folder that is not there, `EISDIR` */
  create(path: string): void {
    this.#checkPlace(path);
    const known = this.#names.get(path);
    if (known === undefined) this.#names.set(path, { content: EMPTY, synced: EMPTY });
    else known.content = EMPTY;
    this.#tell(known === undefined ? "renamed" : "changed", path);
  }

  /** Makes the file if it is not there. @throws as {@link create} */
  touch(path: string): void {
    if (!this.#names.has(path)) this.create(path);
  }

  /** Adds to the end, as far as there is room. @throws `ENOSPC` when not everything was written */
  append(path: string, data: Uint8Array): void {
    const file = this.file(path);
    this.writeAt(file, file.content.length, data, path);
  }

  /** Gives a file another length; what is added is zeros. */
  truncate(file: File, length: number, path: string): void {
    const content = new Uint8Array(length);
    content.set(file.content.subarray(0, length));
    file.content = content;
    this.#tell("changed", path);
  }

  /** Writes into a file, which grows as far as there is room; a gap is zeros. @throws as {@link append} */
  writeAt(file: File, position: number, data: Uint8Array, path: string): void {
    const { length } = file.content;
    const roomUntil = length + Math.max(0, this.capacityBytes - this.usedBytes);
    const taken = data.subarray(0, Math.max(0, roomUntil - position));
    // Where nothing is written, the file does not grow either.
    const content = new Uint8Array(taken.length === 0 ? length : Math.max(length, position + taken.length));
    content.set(file.content);
    if (taken.length > 0) content.set(taken, position);
    file.content = content;
    this.#tell("changed", path);
    if (taken.length < data.length) throw systemError("ENOSPC", path);
  }

  /**
   * Gives a file or a folder another name; what had that name is gone, and nobody sees a state between.
   *
   * @throws `ENOENT`, `ENOTDIR`, `EISDIR`, `ENOTEMPTY`, `EINVAL`, in the order in which Linux looks
   */
  rename(from: string, to: string): void {
    this.#checkFolder(posix.dirname(from));
    this.#checkFolder(posix.dirname(to));
    if (!this.has(from) && !this.#folders.has(from)) throw systemError("ENOENT", from);
    if (from.startsWith(`${to}/`)) throw systemError("ENOTEMPTY", to);
    if (from === to) return;
    if (this.#folders.has(from)) return this.#renameFolder(from, to);
    if (this.#folders.has(to)) throw systemError("EISDIR", to);
    const file = this.file(from);
    this.#names.delete(from);
    this.#names.set(to, file);
    this.#tell("renamed", from);
    this.#tell("renamed", to);
  }

  /** @throws `ENOENT`, `EISDIR` */
  remove(path: string): void {
    this.file(path);
    this.#names.delete(path);
    this.#tell("renamed", path);
  }

  /** The content is on the disk. */
  sync(file: File): void {
    file.synced = file.content;
  }

  /** The names in a folder are on the disk. */
  syncFolder(folder: string): void {
    const isInside = (path: string): boolean => posix.dirname(path) === folder;
    for (const path of this.#syncedNames.keys())
      if (isInside(path) && !this.#names.has(path)) this.#syncedNames.delete(path);
    for (const [path, file] of this.#names) if (isInside(path)) this.#syncedNames.set(path, file);
  }

  /** Everything is on the disk. */
  syncAll(): void {
    for (const file of this.#names.values()) file.synced = file.content;
    this.#syncedNames = new Map(this.#names);
  }

  /** The power fails: chance decides what of the rest had reached the disk. */
  crash(chance: Chance): void {
    const paths = new Set([...this.#names.keys(), ...this.#syncedNames.keys()]);
    const survivors = new Map<string, File>();
    for (const path of [...paths].sort()) {
      const [now, before] = [this.#names.get(path), this.#syncedNames.get(path)];
      const file = now === before || happens(chance, 0.5) ? now : before;
      if (file !== undefined) survivors.set(path, file);
    }
    for (const file of new Set(survivors.values())) file.content = torn(file, chance);
    this.#names = survivors;
    this.syncAll();
  }

  /** @throws `ENOENT`, `EISDIR` */
  file(path: string): File {
    const file = this.#names.get(path);
    if (file !== undefined) return file;
    throw this.#folders.has(path) ? systemError("EISDIR", path) : this.#absent(path);
  }

  /** What is in it goes with it. */
  #renameFolder(from: string, to: string): void {
    if (to.startsWith(`${from}/`)) throw systemError("EINVAL", to);
    if (this.has(to)) throw systemError("ENOTDIR", to);
    if (this.#folders.has(to)) this.removeFolder(to, false);
    const moved = (path: string): string => to + path.slice(from.length);
    const isInside = (path: string): boolean => path === from || path.startsWith(`${from}/`);
    for (const folder of [...this.#folders].filter(isInside)) {
      this.#folders.delete(folder);
      this.#folders.add(moved(folder));
    }
    for (const [path, file] of [...this.#names].filter(([path]) => isInside(path))) {
      this.#names.delete(path);
      this.#names.set(moved(path), file);
    }
    this.#tell("renamed", from);
    this.#tell("renamed", to);
  }

  #tell(kind: FileEvent["kind"], path: string): void {
    for (const listener of this.#listeners) listener({ kind, path });
  }

  #checkPlace(path: string): void {
    if (this.#folders.has(path)) throw systemError("EISDIR", path);
    this.#checkFolder(posix.dirname(path));
  }

  #checkFolder(folder: string): void {
    if (!this.#folders.has(folder)) throw this.#absent(folder);
  }

  /** Why there is no folder at `path`: a file is there, or on the way, or nothing is. */
  #absent(path: string): Error {
    for (let place = path; place !== "/"; place = posix.dirname(place))
      if (this.#names.has(place)) return systemError("ENOTDIR", path);
    return systemError("ENOENT", path);
  }
}

/** What is left of a file: what is certain, and of what is not a part from the front. */
function torn({ content, synced }: File, chance: Chance): Uint8Array {
  if (content === synced) return content;
  const isLonger = Buffer.from(content.subarray(0, synced.length)).equals(synced);
  const certain = isLonger ? synced.length : 0;
  if (!isLonger && happens(chance, 0.5)) return synced;
  return content.slice(0, certain + Math.floor(chance() * (content.length - certain + 1)));
}
