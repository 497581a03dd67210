// How a disk fails, by hand or by chance.

import { type Amount, type Chance, drawn, happens } from "../chance.ts";

/** How a disk is. */
export interface DiskOptions {
  /** Milliseconds of one access, or a range from which each draws. Default 0.1. */
  readonly latencyMs?: Amount;
  /** Probability for each access that it fails with `EIO`. Default 0. */
  readonly errors?: number;
}

/** What is wrong with one disk. */
export class Faults {
  readonly #chance: Chance;
  readonly #broken = new Map<string, string>();
  #options: Required<DiskOptions> = { latencyMs: 0.1, errors: 0 };

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  set(options: DiskOptions): void {
    this.#options = { ...this.#options, ...options };
  }

  /** Every access to `path`, and to what is below it, fails with `code`. */
  breakPath(path: string, code: string): void {
    this.#broken.set(path, code);
  }

  mend(path: string): void {
    this.#broken.delete(path);
  }

  latencyMs(): number {
    return drawn(this.#chance, this.#options.latencyMs);
  }

  /** The code with which an access to `path` fails; null when it does not. */
  codeFor(path: string): string | null {
    for (const [broken, code] of this.#broken)
      if (path === broken || path.startsWith(broken === "/" ? broken : `${broken}/`)) return code;
    return happens(this.#chance, this.#options.errors) ? "EIO" : null;
  }
}
