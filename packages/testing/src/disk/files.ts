// The room of files of one machine.

import type { Driver, Files } from "@krarup/ports/internal";
import { posix } from "node:path";
import type { Chronicle } from "../chronicle.ts";
import { absolute, type Drive } from "./drive.ts";
import { FileReader } from "./file-reader.ts";
import { systemError } from "./file-system.ts";

/** Bytes that are written at once; a crash can fall between. */
const PIECE_BYTES = 65_536;

/** The files on `drive`. */
export function simulatedFiles(drive: Drive, chronicle: Chronicle): Files {
  return new SimulatedFiles(drive, chronicle);
}

class SimulatedFiles implements Files {
  readonly #drive: Drive;
  readonly #chronicle: Chronicle;
  #drafts = 0;

  constructor(drive: Drive, chronicle: Chronicle) {
    this.#drive = drive;
    this.#chronicle = chronicle;
  }

  read(given: string, bytesMax: number): Promise<Uint8Array> {
    return this.#on("read", given, async (path) => {
      await this.#drive.access(path);
      const { length } = this.#drive.files.contentOf(path);
      if (length > bytesMax) throw systemError("EFBIG", path);
      await this.#drive.access(path);
      return this.#drive.files.contentOf(path).slice();
    });
  }

  write(given: string, data: Uint8Array | string, signal: AbortSignal): Promise<void> {
    return this.#on("write", given, async (path) => {
      await this.#drive.access(path);
      this.#drive.files.create(path);
      await this.#fill(path, data, signal);
    });
  }

  append(given: string, data: Uint8Array | string, signal: AbortSignal): Promise<void> {
    return this.#on("append to", given, async (path) => {
      await this.#drive.access(path);
      this.#drive.files.touch(path);
      await this.#fill(path, data, signal);
    });
  }

  replace(given: string, data: Uint8Array | string, signal: AbortSignal): Promise<void> {
    const draft = `${absolute(given)}.${++this.#drafts}.tmp`;
    return this.#on("replace", given, async (path) => {
      const { files } = this.#drive;
      try {
        await this.#drive.access(draft);
        files.create(draft);
        await this.#fill(draft, data, signal);
        await this.#drive.access(draft);
        files.sync(files.file(draft));
        await this.#drive.access(path);
        files.rename(draft, path);
      } catch (error) {
        if (this.#drive.isUp && files.has(draft)) files.remove(draft);
        throw error;
      }
      await this.#drive.access(path);
      files.syncFolder(posix.dirname(path));
    });
  }

  open(given: string): Driver {
    return new FileReader(this.#drive, absolute(given));
  }

  async #fill(path: string, data: Uint8Array | string, signal: AbortSignal): Promise<void> {
    const bytes = typeof data === "string" ? Buffer.from(data) : data.slice();
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      await this.#drive.access(path);
      signal.throwIfAborted();
      this.#drive.files.append(path, bytes.subarray(at, at + PIECE_BYTES));
    }
  }

  /** One wait of a program: told, and with a descriptor. */
  async #on<T>(action: string, given: string, act: (path: string) => Promise<T>): Promise<T> {
    const path = absolute(given);
    try {
      const value = await this.#drive.withDescriptor(path, () => act(path));
      this.#chronicle.tell(`disk: ${action} ${path}`);
      return value;
    } catch (error) {
      this.#chronicle.tell(`disk: ${action} ${path} fails: ${String(error)}`);
      throw error;
    }
  }
}
