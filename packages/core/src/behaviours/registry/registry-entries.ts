// Who holds which key: one holder at most, or any number. The two kinds differ in nearly every step, so they are two.

import { isLiving, type Process } from "../../kernel/process.ts";

/** One registration. */
export interface Entry {
  readonly key: unknown;
  /** What stands for the key in a Map. */
  readonly place: unknown;
  readonly holder: Process;
  value: unknown;
}

/** The registrations of a registry by key. */
export interface Entries {
  readonly size: number;
  /** Those whose holder lives, oldest first. */
  at(place: unknown): Entry[];
  /** @returns null, or what is in the way */
  add(entry: Entry): Entry | null;
  remove(entry: Entry): void;
}

/** At most one for each key. One whose holder has ended is in nobody's way. */
export class UniqueEntries implements Entries {
  readonly #byPlace = new Map<unknown, Entry>();

  get size(): number {
    return this.#byPlace.size;
  }

  at(place: unknown): Entry[] {
    const entry = this.#byPlace.get(place);
    return entry !== undefined && isLiving(entry.holder) ? [entry] : [];
  }

  add(entry: Entry): Entry | null {
    const [before] = this.at(entry.place);
    if (before !== undefined) return before;
    this.#byPlace.set(entry.place, entry);
    return null;
  }

  remove(entry: Entry): void {
    if (this.#byPlace.get(entry.place) === entry) this.#byPlace.delete(entry.place);
  }
}

/** Any number for each key, also of one holder. */
export class DuplicateEntries implements Entries {
  readonly #byPlace = new Map<unknown, Set<Entry>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  at(place: unknown): Entry[] {
    return [...(this.#byPlace.get(place) ?? [])].filter(({ holder }) => isLiving(holder));
  }

  add(entry: Entry): null {
    const there = this.#byPlace.get(entry.place);
    if (there === undefined) this.#byPlace.set(entry.place, new Set([entry]));
    else there.add(entry);
    this.#size++;
    return null;
  }

  remove(entry: Entry): void {
    const there = this.#byPlace.get(entry.place);
    if (there?.delete(entry) !== true) return;
    this.#size--;
    if (there.size === 0) this.#byPlace.delete(entry.place);
  }
}
