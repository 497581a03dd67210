// A simulated file that is read piece by piece.

import type { Driver, DriverState } from "@krarup/ports/internal";
import type { Open } from "../network/host.ts";
import type { Drive } from "./drive.ts";
import { type File, systemError } from "./file-system.ts";

/** Bytes of one piece, as Node reads ahead. */
const PIECE_BYTES = 65_536;

/** The driver of an open file. */
export class FileReader implements Driver, Open {
  readonly label: string;
  readonly exitStatus: number | null = null;
  readonly writeFailure: string | null = "ebadf";
  readonly isFull: boolean = false;
  state: DriverState = { type: "opening" };
  readFailure: string | null = null;
  hasEnded = false;
  readonly #drive: Drive;
  readonly #path: string;
  #file: File | null = null;
  #piece: Uint8Array | null = null;
  #at = 0;
  #isClosed = false;
  #changed: () => void = () => undefined;

  constructor(drive: Drive, path: string) {
    this.label = `file ${path}`;
    this.#drive = drive;
    this.#path = path;
    drive.later(() => this.#opened());
  }

  listen(changed: () => void): void {
    this.#changed = changed;
  }

  read(): Uint8Array | null {
    const piece = this.#piece;
    this.#piece = null;
    if (piece !== null) this.#readAhead();
    return piece;
  }

  write(): void {
    // Its failure is there from the beginning.
  }

  closeWrite(): void {
    // There is no such side.
  }

  close(): void {
    this.destroy();
  }

  destroy(): void {
    this.#isClosed = true;
    this.#drive.close(this);
  }

  vanish(): void {
    this.#isClosed = true;
  }

  #opened(): void {
    if (this.#isClosed) return;
    const code = this.#drive.codeOf(this.#path, () => this.#openFile());
    this.state = code === null ? { type: "open" } : { type: "failed", code };
    if (code === null) this.#readAhead();
    this.#changed();
  }

  #openFile(): void {
    const file = this.#drive.files.file(this.#path);
    if (!this.#drive.open(this)) throw systemError("EMFILE", this.#path);
    this.#file = file;
  }

  #readAhead(): void {
    this.#drive.later(() => {
      if (this.#isClosed) return;
      this.readFailure = this.#drive.codeOf(this.#path, () => this.#take());
      this.#changed();
    });
  }

  #take(): void {
    const piece = this.#file?.content.slice(this.#at, this.#at + PIECE_BYTES) ?? new Uint8Array(0);
    this.#at += piece.length;
    if (piece.length === 0) this.hasEnded = true;
    else this.#piece = piece;
  }
}
