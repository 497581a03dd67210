// The disk of a machine as a test sees it.

import type { Chance } from "../chance.ts";
import { absolute } from "./drive.ts";
import { type DiskOptions, Faults } from "./faults.ts";
import { FileSystem } from "./file-system.ts";

/**
 * A disk in memory, which outlives the crashes of its machine.
 *
 * @remarks
 * It begins empty, with the folder `/`, where programs run: a relative path starts there.
 *
 * What a crash leaves of what was written and not synced is chance: of a file that was appended to, some of the new bytes; of one that was
 * written anew, the old content or some of the new; of a name, the old file or the new. What `replaceFile` has answered `"ok"` for stays.
 */
export class Disk {
  /** @internal */
  readonly files: FileSystem = new FileSystem();
  /** @internal */
  readonly faults: Faults;
  readonly #chance: Chance;

  /** @internal */
  constructor(chance: Chance) {
    this.#chance = chance;
    this.faults = new Faults(chance);
  }

  /** Says how the disk is. What is not named stays. */
  set(options: DiskOptions): void {
    this.faults.set(options);
  }

  /** Puts a file there, as if it had always been, with the folders it is in. */
  put(path: string, data: Uint8Array | string): void {
    const place = absolute(path);
    this.files.makeFolder(absolute(`${place}/..`));
    this.files.create(place);
    this.files.append(place, typeof data === "string" ? Buffer.from(data) : data);
    this.files.syncAll();
  }

  /** Makes a folder, and those it is in. */
  makeFolder(path: string): void {
    this.files.makeFolder(absolute(path));
  }

  /** The content of a file; null when there is none. */
  contentOf(path: string): Uint8Array | null {
    const place = absolute(path);
    return this.files.has(place) ? this.files.contentOf(place).slice() : null;
  }

  /** Paths of all files, sorted. */
  get paths(): readonly string[] {
    return this.files.paths;
  }

  /** From now on so many bytes fit; what goes beyond is `"enospc"`, after what fits was written. */
  setCapacity(bytes: number | "infinity"): void {
    this.files.capacityBytes = bytes === "infinity" ? Number.POSITIVE_INFINITY : bytes;
  }

  /** There is no room for another byte, until {@link setCapacity}. */
  fill(): void {
    this.setCapacity(this.files.usedBytes);
  }

  /**
   * Every access to a path, or to something below it, fails from now on.
   *
   * @param code - the system's: `"EIO"`, `"EACCES"`, `"EROFS"`
   */
  breakPath(path: string, code: string): void {
    this.faults.breakPath(absolute(path), code);
  }

  /** Takes {@link breakPath} back. */
  mend(path: string): void {
    this.faults.mend(absolute(path));
  }

  /** The power fails. @internal */
  crash(): void {
    this.files.crash(this.#chance);
  }
}
