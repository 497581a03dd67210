// The process table: dense slots with a free list. A Map costs 50 to 70 % more per spawn (measured); the dense table
// also walks in order of slots, which is the same in every run.
//
// A slot holds its living process, or the serial of the next: so the serials need no table of their own.

/** What the table needs of its entries. */
export interface TableEntry {
  readonly index: number;
  readonly serial: number;
}

/** Slots of living processes. Slot 0 stays empty, so that no pid prints as `<0.0.0>`. */
export class ProcessTable<T extends TableEntry> {
  readonly #slots: (T | number)[] = [0];
  readonly #free: number[] = [];
  /** Living processes. */
  size = 0;

  /** The slot that the next process gets. Must be followed by `insert`. */
  allocate(): number {
    return this.#free.pop() ?? this.#slots.push(0) - 1;
  }

  /** The serial of the process in slot `index`, or of the next one there: how often the slot was used before. */
  serialOf(index: number): number {
    const slot = this.#slots[index] ?? 0;
    return typeof slot === "number" ? slot : slot.serial;
  }

  /** Puts `entry` in its slot. */
  insert(entry: T): void {
    this.#slots[entry.index] = entry;
    this.size++;
  }

  /** Frees the slot of `entry` for a later process with another serial. */
  release(entry: T): void {
    this.#slots[entry.index] = entry.serial + 1;
    this.#free.push(entry.index);
    this.size--;
  }

  /** The process in slot `index`, if one lives there. */
  at(index: number): T | undefined {
    const slot = this.#slots[index];
    return typeof slot === "number" ? undefined : slot;
  }

  /** Living processes in order of slots. */
  *[Symbol.iterator](): Generator<T> {
    for (const slot of this.#slots) if (typeof slot !== "number") yield slot;
  }
}
