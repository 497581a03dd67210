// The content of a disk, and what of it would survive a failure of the power. Every file has two contents, the one that programs see and the
// one that is on the disk for sure; so has every name. A crash chooses between the two, name by name and file by file, and tears what was
// being written.

import { posix } from "node:path";
import { type Chance, happens } from "../chance.ts";

const EMPTY: Uint8Array = new Uint8Array(0);

/** What a name stands for. */
interface File {
  content: Uint8Array;
  synced: Uint8Array;
}

/** An error as the system gives it. */
export function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

/** Files and folders, without time: each call is done when it returns. */
export class FileSystem {
  capacityBytes = Number.POSITIVE_INFINITY;
  #names = new Map<string, File>();
  #syncedNames = new Map<string, File>();
  readonly #folders = new Set<string>(["/"]);

  /** Paths of all files, sorted. */
  get paths(): string[] {
    return [...this.#names.keys()].sort();
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
    return this.#file(path).content;
  }

  /** Makes an empty file, or empties the one that is there. @throws `ENOENT` for a folder that is not there, `EISDIR` */
  create(path: string): void {
    this.#checkPlace(path);
    const known = this.#names.get(path);
    if (known === undefined) this.#names.set(path, { content: EMPTY, synced: EMPTY });
    else known.content = EMPTY;
  }

  /** Makes the file if it is not there. @throws as {@link create} */
  touch(path: string): void {
    if (!this.#names.has(path)) this.create(path);
  }

  /** Adds to the end, as far as there is room. @throws `ENOSPC` when not everything was written */
  append(path: string, data: Uint8Array): void {
    const file = this.#file(path);
    const room = Math.max(0, this.capacityBytes - this.usedBytes);
    const taken = data.subarray(0, Math.min(data.length, room));
    file.content = Buffer.concat([file.content, taken]);
    if (taken.length < data.length) throw systemError("ENOSPC", path);
  }

  /** Gives a file another name, whose file, if there is one, is gone: at once, nobody sees a state between. */
  rename(from: string, to: string): void {
    const file = this.#file(from);
    this.#checkPlace(to);
    this.#names.delete(from);
    this.#names.set(to, file);
  }

  remove(path: string): void {
    this.#file(path);
    this.#names.delete(path);
  }

  /** The content is on the disk. */
  sync(path: string): void {
    const file = this.#file(path);
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

  #file(path: string): File {
    const file = this.#names.get(path);
    if (file !== undefined) return file;
    throw systemError(this.#folders.has(path) ? "EISDIR" : "ENOENT", path);
  }

  #checkPlace(path: string): void {
    if (this.#folders.has(path)) throw systemError("EISDIR", path);
    const folder = posix.dirname(path);
    if (!this.#folders.has(folder)) throw systemError(this.#names.has(folder) ? "ENOTDIR" : "ENOENT", path);
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
