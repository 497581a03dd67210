// A simulated file that is written piece by piece.

import type { Driver, DriverState } from "@krarup/ports/internal";
import type { Open } from "../network/host.ts";
import type { Drive } from "./drive.ts";
import { type File, systemError } from "./file-system.ts";

/** The driver of a file that is written. Each write takes its time, and the next waits for it. */
export class FileWriter implements Driver, Open {
  readonly label: string;
  readonly exitStatus = null;
  readonly readFailure = null;
  readonly hasEnded = true;
  state: DriverState = { type: "opening" };
  writeFailure: string | null = null;
  readonly #drive: Drive;
  readonly #path: string;
  readonly #mode: "replace" | "append" | "exclusive";
  readonly #pending: Uint8Array[] = [];
  #file: File | null = null;
  #wantsEnd = false;
  #isClosed = false;
  #changed: () => void = () => undefined;

  constructor(drive: Drive, path: string, mode: "replace" | "append" | "exclusive") {
    this.label = `file ${path}`;
    this.#drive = drive;
    this.#path = path;
    this.#mode = mode;
    drive.later(() => this.#opened());
  }

  get isFull(): boolean {
    return this.#pending.length > 0;
  }

  listen(changed: () => void): void {
    this.#changed = changed;
  }

  read(): null {
    return null;
  }

  write(bytes: Uint8Array): void {
    if (this.writeFailure !== null) return;
    if (this.#wantsEnd) {
      this.writeFailure = "epipe";
      return;
    }
    this.#pending.push(bytes.slice());
    if (this.#pending.length === 1) this.#writeNext();
  }

  closeWrite(): void {
    this.#wantsEnd = true;
  }

  close(): void {
    this.#wantsEnd = true;
    if (this.#pending.length === 0) this.destroy();
  }

  destroy(): void {
    // What was handed over in order is still written.
    if (this.#wantsEnd && this.#pending.length > 0) return;
    this.vanish();
    this.#drive.close(this);
  }

  vanish(): void {
    this.#isClosed = true;
    this.#pending.length = 0;
  }

  #opened(): void {
    if (this.#isClosed) return;
    const code = this.#drive.codeOf(this.#path, () => this.#openFile());
    this.state = code === null ? { type: "open" } : { type: "failed", code };
    this.#changed();
  }

  #openFile(): void {
    const { files } = this.#drive;
    if (this.#mode === "exclusive" && files.has(this.#path)) throw systemError("EEXIST", this.#path);
    if (this.#mode === "append") files.touch(this.#path);
    else files.create(this.#path);
    if (!this.#drive.open(this)) throw systemError("EMFILE", this.#path);
    this.#file = files.file(this.#path);
  }

  #writeNext(): void {
    this.#drive.later(() => {
      const [data, file] = [this.#pending[0], this.#file];
      if (this.#isClosed || data === undefined || file === null) return;
      const append = (): void => this.#drive.files.writeAt(file, file.content.length, data, this.#path);
      this.writeFailure = this.#drive.codeOf(this.#path, append);
      if (this.writeFailure === null) this.#pending.shift();
      else this.#pending.length = 0;
      this.#changed();
      if (this.#pending.length > 0) this.#writeNext();
      else if (this.#wantsEnd) this.destroy();
    });
  }
}
