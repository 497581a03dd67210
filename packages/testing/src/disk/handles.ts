// The room of files that stay open, of one machine.

import type { DiskFileMode, FileInfo } from "@krarup/ports";
import type { DriverState, Handle, Handles } from "@krarup/ports/internal";
import type { Open } from "../network/host.ts";
import { absolute, type Drive } from "./drive.ts";
import { FileWriter } from "./file-writer.ts";
import { type File, systemError } from "./file-system.ts";
import { fileInfo } from "./paths.ts";

/** Open files on `drive`. */
export function simulatedHandles(drive: Drive): Handles {
  return {
    open: (path, mode) => new SimulatedHandle(drive, absolute(path), mode),
    create: (path, mode) => new FileWriter(drive, absolute(path), mode),
  };
}

/** An open file. It keeps its content when its name goes to another. */
class SimulatedHandle implements Handle, Open {
  readonly label: string;
  state: DriverState = { type: "opening" };
  readonly #drive: Drive;
  readonly #path: string;
  readonly #mode: DiskFileMode;
  #file: File | null = null;
  #isClosed = false;
  #changed: () => void = () => undefined;

  constructor(drive: Drive, path: string, mode: DiskFileMode) {
    this.label = `file ${path}`;
    this.#drive = drive;
    this.#path = path;
    this.#mode = mode;
    drive.later(() => this.#opened());
  }

  listen(changed: () => void): void {
    this.#changed = changed;
  }

  async read(position: number, bytes: number): Promise<Uint8Array> {
    return (await this.#reached()).content.slice(position, position + bytes);
  }

  async write(position: number, data: Uint8Array): Promise<void> {
    const file = await this.#reached();
    if (this.#mode === "read") throw systemError("EBADF", this.#path);
    this.#drive.files.writeAt(file, position, data, this.#path);
  }

  async sync(): Promise<void> {
    this.#drive.files.sync(await this.#reached());
  }

  async truncate(length: number): Promise<void> {
    const file = await this.#reached();
    if (this.#mode === "read") throw systemError("EINVAL", this.#path);
    this.#drive.files.truncate(file, length, this.#path);
  }

  async info(): Promise<FileInfo> {
    return fileInfo((await this.#reached()).content.length);
  }

  close(): Promise<void> {
    this.destroy();
    return Promise.resolve();
  }

  destroy(): void {
    this.#isClosed = true;
    this.#drive.close(this);
  }

  vanish(): void {
    this.#isClosed = true;
  }

  async #reached(): Promise<File> {
    await this.#drive.access(this.#path);
    if (this.#file === null || this.#isClosed) throw systemError("EBADF", this.#path);
    return this.#file;
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
    if (this.#mode === "create" || this.#mode === "exclusive") files.touch(this.#path);
    const file = files.file(this.#path);
    if (!this.#drive.open(this)) throw systemError("EMFILE", this.#path);
    this.#file = file;
  }
}
