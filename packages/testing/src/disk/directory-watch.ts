// A watched directory of a simulated disk.

import type { Change } from "@krarup/ports";
import { ChangeQueue, type Driver, type DriverState, type Watches, type WatchSettings } from "@krarup/ports/internal";
import { posix } from "node:path";
import { absolute, type Drive } from "./drive.ts";
import { type FileEvent, systemError } from "./file-system.ts";

/** Changes on `drive`. */
export function simulatedWatches(drive: Drive): Watches {
  return { watch: (path, settings) => new DirectoryWatch(drive, path, settings) };
}

/** A source of changes. */
class DirectoryWatch implements Driver<Change> {
  readonly label: string;
  readonly hasEnded = false;
  readonly isFull = false;
  /** There is nothing to write to. */
  readonly writeFailure = "epipe";
  readonly exitStatus = null;
  state: DriverState = { type: "opening" };
  readFailure: string | null = null;
  readonly #drive: Drive;
  readonly #given: string;
  readonly #path: string;
  readonly #settings: WatchSettings;
  readonly #waiting: ChangeQueue;
  #stop: () => void = () => undefined;
  #isClosed = false;
  #changed: () => void = () => undefined;

  constructor(drive: Drive, path: string, settings: WatchSettings) {
    this.label = `watching ${path}`;
    this.#drive = drive;
    this.#given = path;
    this.#path = absolute(path);
    this.#settings = settings;
    this.#waiting = new ChangeQueue(path, settings.queueLengthMax);
    drive.later(() => this.#opened());
  }

  listen(changed: () => void): void {
    this.#changed = changed;
  }

  read(): Change | null {
    return this.#waiting.take();
  }

  write(): void {
    // See writeFailure.
  }

  closeWrite(): void {
    // See writeFailure.
  }

  close(): void {
    this.destroy();
  }

  destroy(): void {
    this.#isClosed = true;
    this.#stop();
  }

  #opened(): void {
    if (this.#isClosed) return;
    const { files } = this.#drive;
    const code = this.#drive.codeOf(this.#path, () => {
      if (files.has(this.#path)) throw systemError("ENOTDIR", this.#path);
      files.list(this.#path);
    });
    this.state = code === null ? { type: "open" } : { type: "failed", code };
    if (code === null) this.#stop = files.onChange((event) => this.#heard(event));
    this.#changed();
  }

  #heard({ kind, path }: FileEvent): void {
    const isHere = posix.dirname(path) === this.#path && path !== this.#path;
    if (path === this.#path && !this.#drive.files.isFolder(path)) this.readFailure ??= "enoent";
    else if (isHere || (this.#settings.recursive && path.startsWith(`${this.#path}/`))) this.#keep(kind, path);
    else return;
    // Not at once: whoever makes the change is in the middle of it.
    this.#drive.later(() => this.#changed());
  }

  #keep(kind: "changed" | "renamed", path: string): void {
    this.#waiting.add(kind, posix.join(this.#given, posix.relative(this.#path, path)));
  }
}
