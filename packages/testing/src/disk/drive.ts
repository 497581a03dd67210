// What stands between a program and the content of a disk: time, descriptors and faults. One drive is what one running machine has of its
// disk; after a crash nothing that was under way on it goes on.

import { posix } from "node:path";
import { systemCodeOf } from "@krarup/ports/internal";
import type { Host, Open } from "../network/host.ts";
import type { Agenda } from "../time/agenda.ts";
import { type FileSystem, systemError } from "./file-system.ts";
import type { Faults } from "./faults.ts";

/** The way of one machine to its disk. */
export class Drive {
  readonly files: FileSystem;
  readonly #agenda: Agenda;
  readonly #host: Host;
  readonly #faults: Faults;

  constructor(files: FileSystem, faults: Faults, agenda: Agenda, host: Host) {
    this.files = files;
    this.#faults = faults;
    this.#agenda = agenda;
    this.#host = host;
  }

  /** Whether the machine still runs. */
  get isUp(): boolean {
    return this.#host.isUp;
  }

  /** One access: takes its time, and fails if the disk does. @throws the system's error for `path` */
  async access(path: string): Promise<void> {
    await new Promise<void>((resolve) => {
      this.later(resolve);
    });
    const code = this.#faults.codeFor(path);
    if (code !== null) throw systemError(code, path);
  }

  /** Does `act` after the time of one access. Where the power has failed meanwhile it is never done. */
  later(act: () => void): void {
    this.#agenda.after(this.#faults.latencyMs(), () => {
      if (this.#host.isUp) act();
    });
  }

  /** Does `act` with what is at `path`. @returns the code of why it fails, as ports have it; null when it does not */
  codeOf(path: string, act: () => void): string | null {
    try {
      const code = this.#faults.codeFor(path);
      if (code !== null) throw systemError(code, path);
      act();
      return null;
    } catch (error) {
      const code = systemCodeOf(error);
      if (code === null) throw error;
      return code;
    }
  }

  /** Holds a descriptor while `act` is under way. @throws `EMFILE` */
  async withDescriptor<T>(path: string, act: () => Promise<T>): Promise<T> {
    const descriptor: Open = { label: `file ${path}`, vanish: () => undefined };
    if (!this.#host.open(descriptor)) throw systemError("EMFILE", path);
    try {
      return await act();
    } finally {
      this.#host.close(descriptor);
    }
  }

  /** Takes a descriptor for as long as `holder` lives. @returns whether there was one */
  open(holder: Open): boolean {
    return this.#host.open(holder);
  }

  close(holder: Open): void {
    this.#host.close(holder);
  }
}

/** The path as the disk knows it: programs run in `/`. */
export function absolute(path: string): string {
  return posix.resolve("/", path);
}
