// The room of files that stay open: to be read and written at any place, or written piece by piece.

import { constants, createWriteStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { DiskFileMode } from "../file/disk-file.ts";
import type { FileInfo } from "../file/paths.ts";
import type { Driver, DriverState, Held } from "../port/driver.ts";
import { codeOf } from "../port/port-error.ts";
import { infoOf } from "./paths.ts";
import { StreamDriver } from "./stream-driver.ts";

/** An open file. What is refused rejects with an `Error` whose `code` is the system's. One thing is asked of it at a time. */
export interface Handle extends Held {
  /** Up to `bytes` bytes; fewer at the end of the file. */
  read(position: number, bytes: number): PromiseLike<Uint8Array>;
  /** Writes all of `data`. */
  write(position: number, data: Uint8Array): PromiseLike<void>;
  /** With `dataOnly`, what is known about the file need not be on the disk. */
  sync(dataOnly: boolean): PromiseLike<void>;
  truncate(length: number): PromiseLike<void>;
  info(): PromiseLike<FileInfo>;
  close(): PromiseLike<void>;
}

/** Open files as a node reaches them. */
export interface Handles {
  open(path: string, mode: DiskFileMode): Handle;
  /** Opens a file for writing piece by piece: anew, at its end, or only if it is not there. */
  create(path: string, mode: "replace" | "append" | "exclusive"): Driver;
}

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL } = constants;

const FLAGS: Readonly<Record<DiskFileMode, number>> = {
  read: O_RDONLY,
  update: O_RDWR,
  create: O_RDWR | O_CREAT,
  exclusive: O_RDWR | O_CREAT | O_EXCL,
};

/** The files of the operating system. */
export const nodeHandles: Handles = {
  open: (path, mode) => new NodeHandle(path, mode),
  create(path, mode) {
    const flags = { replace: "w", append: "a", exclusive: "wx" }[mode];
    // With a buffer of one byte each write waits for the system, and has its answer.
    const sink = createWriteStream(path, { flags, highWaterMark: 1 });
    const driver = new StreamDriver(`file ${path}`, { source: null, sink }, { type: "opening" });
    sink.once("open", () => driver.opened());
    return driver;
  },
};

class NodeHandle implements Handle {
  readonly label: string;
  state: DriverState = { type: "opening" };
  readonly #opening: Promise<FileHandle>;
  #closing: Promise<void> | null = null;

  constructor(path: string, mode: DiskFileMode) {
    this.label = `file ${path}`;
    this.#opening = open(path, FLAGS[mode]);
  }

  listen(changed: () => void): void {
    const settle = (state: DriverState): void => {
      this.state = state;
      changed();
    };
    this.#opening.then(
      () => settle({ type: "open" }),
      (error: unknown) => settle({ type: "failed", code: codeOf(error) }),
    );
  }

  async read(position: number, bytes: number): Promise<Uint8Array> {
    const file = await this.#opening;
    const found = new Uint8Array(bytes);
    let length = 0;
    while (length < bytes) {
      const { bytesRead } = await file.read(found, length, bytes - length, position + length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return found.subarray(0, length);
  }

  async write(position: number, data: Uint8Array): Promise<void> {
    const file = await this.#opening;
    for (let done = 0; done < data.length;) {
      const { bytesWritten } = await file.write(data, done, data.length - done, position + done);
      done += bytesWritten;
    }
  }

  async sync(dataOnly: boolean): Promise<void> {
    const file = await this.#opening;
    await (dataOnly ? file.datasync() : file.sync());
  }

  async truncate(length: number): Promise<void> {
    await (await this.#opening).truncate(length);
  }

  async info(): Promise<FileInfo> {
    return infoOf(await (await this.#opening).stat());
  }

  close(): Promise<void> {
    this.#closing ??= this.#opening.then((file) => file.close());
    return this.#closing;
  }

  /** What is under way is finished first; Node sees to that. Of one that never opened there is nothing to close. */
  destroy(): void {
    this.close().catch(() => undefined);
  }
}
