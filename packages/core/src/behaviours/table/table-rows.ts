// The rows of a hashed table: found by key in a Map, walked from key to key by a list.
//
//   Map ─────► row ◄──► row ◄──► row        in the order in which the keys first came
//
// The list is there because a Map cannot say what comes after a given key. While somebody has fixed the table, a row that is removed
// stays in both as a ghost, so that whoever stands on it finds the way on; put back, it takes its old place. The last to unfix sweeps
// the ghosts out. Without fixing, the next of a removed key is a mistake, as in OTP.

import { standInFor } from "./table-key.ts";

/** A key and what is stored under it. */
export class Row<T> {
  /** Isolated. */
  readonly key: unknown;
  content: T;
  /** Whether it has been removed. */
  isGone = false;

  constructor(key: unknown, content: T) {
    this.key = key;
    this.content = content;
  }
}

/** Which way to walk. */
export type Direction = "next" | "prev";

/** Rows by key, in some order. Keys must be isolated. */
export interface Rows<T> {
  readonly size: number;
  find(key: unknown): Row<T> | undefined;
  /** Stores `content` under `key`, in place of what was there. */
  put(key: unknown, content: T): void;
  /** Removes a row that is there. */
  remove(row: Row<T>): void;
  clear(): void;
  /** The first row in the direction of walking; undefined in an empty table. */
  start(direction: Direction): Row<T> | undefined;
  /** The row that follows `key`; undefined at the end. */
  step(key: unknown, direction: Direction): Row<T> | undefined | "no_such_key";
  /** Every row there is now: a list that later changes do not touch, except that removed rows are marked gone. */
  all(): Row<T>[];
  /** Keeps the way on from removed rows, or stops doing so. */
  fix(isFixed: boolean): void;
}

class LinkedRow<T> extends Row<T> {
  next: LinkedRow<T> | null = null;
  prev: LinkedRow<T> | null = null;
}

/** Rows found by hashing. O(1), also for steps; a structured key costs O(its size). */
export class HashedRows<T> implements Rows<T> {
  readonly #byKey = new Map<unknown, LinkedRow<T>>();
  #first: LinkedRow<T> | null = null;
  #last: LinkedRow<T> | null = null;
  #isFixed = false;
  readonly #ghosts = new Set<LinkedRow<T>>();

  get size(): number {
    return this.#byKey.size - this.#ghosts.size;
  }

  find(key: unknown): Row<T> | undefined {
    const row = this.#byKey.get(standInFor(key));
    return row?.isGone === true ? undefined : row;
  }

  put(key: unknown, content: T): void {
    const standIn = standInFor(key);
    const row = this.#byKey.get(standIn);
    if (row === undefined) this.#append(standIn, new LinkedRow(key, content));
    else {
      row.content = content;
      row.isGone = false;
      this.#ghosts.delete(row);
    }
  }

  remove(row: Row<T>): void {
    row.isGone = true;
    // Only rows of this table are handed back to it.
    const own = row as LinkedRow<T>;
    if (this.#isFixed) this.#ghosts.add(own);
    else this.#unlink(own);
  }

  clear(): void {
    for (const row of this.all()) this.remove(row);
  }

  start(direction: Direction): Row<T> | undefined {
    return livingFrom(direction === "next" ? this.#first : this.#last, direction);
  }

  step(key: unknown, direction: Direction): Row<T> | undefined | "no_such_key" {
    const row = this.#byKey.get(standInFor(key));
    return row === undefined ? "no_such_key" : livingFrom(row[direction], direction);
  }

  all(): Row<T>[] {
    return [...this.#byKey.values()].filter((row) => !row.isGone);
  }

  fix(isFixed: boolean): void {
    this.#isFixed = isFixed;
    if (isFixed) return;
    for (const ghost of this.#ghosts) this.#unlink(ghost);
    this.#ghosts.clear();
  }

  #append(standIn: unknown, row: LinkedRow<T>): void {
    this.#byKey.set(standIn, row);
    row.prev = this.#last;
    if (this.#last === null) this.#first = row;
    else this.#last.next = row;
    this.#last = row;
  }

  #unlink(row: LinkedRow<T>): void {
    this.#byKey.delete(standInFor(row.key));
    if (row.prev === null) this.#first = row.next;
    else row.prev.next = row.next;
    if (row.next === null) this.#last = row.prev;
    else row.next.prev = row.prev;
  }
}

function livingFrom<T>(row: LinkedRow<T> | null, direction: Direction): Row<T> | undefined {
  let at = row;
  while (at?.isGone === true) at = at[direction];
  return at ?? undefined;
}
