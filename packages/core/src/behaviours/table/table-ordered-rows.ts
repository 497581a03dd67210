// The rows of an ordered_set: sorted runs of rows, in a sorted list of runs.
//
//   runs:  [ a b c ] [ f g ] [ m n p q ]
//
// A search halves the list of runs, then the run; an insertion moves one run's worth of pointers at most. It is a B-tree of two
// levels. Rejected: one sorted array (a million rows move 8 MB per insertion) and a balanced tree (three times the code, and each
// row an object with two pointers more).

import { type Direction, Row, type Rows } from "./table-rows.ts";
import { compareTerms } from "./table-order.ts";

/**
 * A run that grows beyond this is halved. A million insertions at random take 1.4 s with runs of 64, 1.5 s with 256, 1.9 s with 1,024;
 * finding takes the same with all of them.
 */
const RUN_LENGTH_MAX = 256;

/** Where a key is, or would be. */
interface Place<T> {
  readonly run: Row<T>[];
  readonly runIndex: number;
  readonly index: number;
  /** The row that has the key. */
  readonly row: Row<T> | undefined;
}

/** Rows in the order of their keys. O(log n), plus O(n / 256) where a run is halved or becomes empty. */
export class OrderedRows<T> implements Rows<T> {
  #runs: Row<T>[][] = [[]];
  size = 0;

  find(key: unknown): Row<T> | undefined {
    return this.#locate(key).row;
  }

  put(key: unknown, content: T): void {
    const { run, runIndex, index, row } = this.#locate(key);
    // A key that is equal without being the same, as 1 and 1n are, replaces the old one.
    run.splice(index, row === undefined ? 0 : 1, new Row(key, content));
    if (row !== undefined) row.isGone = true;
    else this.size++;
    if (run.length > RUN_LENGTH_MAX) this.#runs.splice(runIndex + 1, 0, run.splice(RUN_LENGTH_MAX / 2));
  }

  remove(row: Row<T>): void {
    row.isGone = true;
    const { run, runIndex, index } = this.#locate(row.key);
    run.splice(index, 1);
    this.size--;
    // The last run stays, so that there is always one to insert into.
    if (run.length === 0 && this.#runs.length > 1) this.#runs.splice(runIndex, 1);
  }

  clear(): void {
    for (const row of this.all()) row.isGone = true;
    this.#runs = [[]];
    this.size = 0;
  }

  start(direction: Direction): Row<T> | undefined {
    return this.#runs.at(direction === "next" ? 0 : -1)?.at(direction === "next" ? 0 : -1);
  }

  /** Unlike in a hashed table the key need not be there. */
  step(key: unknown, direction: Direction): Row<T> | undefined {
    const { run, runIndex, index, row } = this.#locate(key);
    if (direction === "prev") return index > 0 ? run[index - 1] : this.#runs[runIndex - 1]?.at(-1);
    return run[row === undefined ? index : index + 1] ?? this.#runs[runIndex + 1]?.[0];
  }

  all(): Row<T>[] {
    return this.#runs.flat();
  }

  fix(): void {
    // Every step is a search, so removed rows need not be kept.
  }

  #locate(key: unknown): Place<T> {
    // The run before the first one that begins after the key.
    const runIndex = Math.max(0, firstIndex(this.#runs, (run) => compareTerms(run[0]?.key, key) > 0) - 1);
    const run = this.#runs[runIndex] ?? [];
    const index = firstIndex(run, (row) => compareTerms(row.key, key) >= 0);
    const candidate = run[index];
    const row = candidate !== undefined && compareTerms(candidate.key, key) === 0 ? candidate : undefined;
    return { run, runIndex, index, row };
  }
}

/** The first index from which on `isPast` holds; the length if it never does. */
function firstIndex<E>(sorted: readonly E[], isPast: (element: E) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const element = sorted[middle];
    if (element !== undefined && isPast(element)) high = middle;
    else low = middle + 1;
  }
  return low;
}
