// The driver of a watched directory. The system tells of changes whether or not anybody asks, so they wait here.

import { type FSWatcher, statSync, watch } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Change } from "../file/watch-directory.ts";
import type { Driver, DriverState } from "../port/driver.ts";
import { codeOf } from "../port/port-error.ts";
import { ChangeQueue } from "./change-queue.ts";
import type { WatchSettings } from "./watches.ts";

/** A watched directory as a source of changes. */
export class WatchDriver implements Driver<Change> {
  readonly label: string;
  readonly state: DriverState = { type: "open" };
  readonly hasEnded = false;
  readonly isFull = false;
  /** There is nothing to write to. */
  readonly writeFailure = "epipe";
  readonly exitStatus = null;
  readFailure: string | null = null;
  readonly #path: string;
  readonly #inode: number;
  readonly #watcher: FSWatcher;
  readonly #waiting: ChangeQueue;
  #changed: () => void = () => undefined;

  /** @throws what the system says, of a directory that cannot be watched */
  constructor(path: string, { recursive, queueLengthMax }: WatchSettings) {
    this.label = `watching ${path}`;
    this.#path = path;
    this.#waiting = new ChangeQueue(path, queueLengthMax);
    const found = statSync(path);
    if (!found.isDirectory()) throw Object.assign(new Error("it is no directory"), { code: "ENOTDIR" });
    this.#inode = found.ino;
    this.#watcher = watch(path, { recursive, persistent: false });
    this.#watcher.on("change", (event, name) => this.#heard(event, name));
    this.#watcher.on("error", (error) => this.#failed(codeOf(error)));
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
    this.#watcher.close();
  }

  listen(changed: () => void): void {
    this.#changed = changed;
  }

  #heard(event: string, given: unknown): void {
    // Some systems do not say which name; then everything must be looked at.
    if (typeof given !== "string") this.#waiting.overflow();
    else this.#waiting.add(event === "change" ? "changed" : "renamed", join(this.#path, given));
    if (given === "" || given === basename(this.#path)) this.#checkDirectory();
    this.#changed();
  }

  /** The system goes on watching a directory that has been removed or has given its name to another, and says nothing. */
  #checkDirectory(): void {
    stat(this.#path).then(
      ({ ino }) => ino === this.#inode || this.#failed("enoent"),
      (error: unknown) => this.#failed(codeOf(error)),
    );
  }

  #failed(code: string): void {
    this.readFailure ??= code;
    this.#changed();
  }
}
