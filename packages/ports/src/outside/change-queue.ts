import type { Change } from "../file/watch-directory.ts";

/**
 * Changes of one watched directory that nobody has read yet, in the order in which they were first told. Two that say the same are one; when
 * more than `lengthMax` wait they become one overflow, which stands for whatever has changed until it is read.
 */
export class ChangeQueue {
  readonly #path: string;
  readonly #lengthMax: number;
  readonly #waiting = new Map<string, Change>();
  #hasOverflown = false;

  /** @param path - of the directory, which the overflow names */
  constructor(path: string, lengthMax: number) {
    this.#path = path;
    this.#lengthMax = lengthMax;
  }

  add(kind: "changed" | "renamed", path: string): void {
    if (this.#hasOverflown) return;
    this.#waiting.set(`${kind} ${path}`, { kind, path });
    if (this.#waiting.size > this.#lengthMax) this.overflow();
  }

  /** Everything must be looked at. */
  overflow(): void {
    this.#waiting.clear();
    this.#hasOverflown = true;
  }

  /** The oldest change, or null when none waits. */
  take(): Change | null {
    if (this.#hasOverflown) {
      this.#hasOverflown = false;
      return { kind: "overflow", path: this.#path };
    }
    for (const [key, change] of this.#waiting) {
      this.#waiting.delete(key);
      return change;
    }
    return null;
  }
}
