// A simulated file that is read piece by piece.

import type { Driver, DriverState } from "@krarup/ports/internal";
import type { Open } from "../network/host.ts";
import type { Drive } from "./drive.ts";

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
    const code = this.#codeOfOpening();
    this.state = code === null ? { type: "open" } : { type: "failed", code };
    if (code === null) this.#readAhead();
    this.#changed();
  }

  #codeOfOpening(): string | null {
    const code = this.#drive.codeFor(this.#path);
    if (code !== null) return code.toLowerCase();
    if (!this.#drive.files.has(this.#path)) return "enoent";
    return this.#drive.open(this) ? null : "emfile";
  }

  #readAhead(): void {
    this.#drive.later(() => {
      if (this.#isClosed) return;
      const code = this.#drive.codeFor(this.#path);
      if (code !== null) this.readFailure = code.toLowerCase();
      else this.#take();
      this.#changed();
    });
  }

  #take(): void {
    // A file that was removed meanwhile reads as one that has ended.
    const content = this.#drive.files.has(this.#path) ? this.#drive.files.contentOf(this.#path) : new Uint8Array(0);
    const piece = content.slice(this.#at, this.#at + PIECE_BYTES);
    this.#at += piece.length;
    if (piece.length === 0) this.hasEnded = true;
    else this.#piece = piece;
  }
}
