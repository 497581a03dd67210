// Tables with several values under each key.

import { isolate } from "../../mechanisms/isolate.ts";
import { currentNode } from "../../kernel/current.ts";
import { KrarupError, show } from "../../values/errors.ts";
import { AnyTable, type TableOptions } from "./table-base.ts";
import { areEqual } from "./table-key.ts";
import { ObjectTable } from "./table-objects.ts";
import { tablesOf } from "./table-registry.ts";
import { HashedRows, type Row } from "./table-rows.ts";

/** How one {@link BagTable} is made. */
export interface BagOptions extends TableOptions {
  /** A `"bag"` (default) holds each pair of key and value once; a `"duplicate_bag"` as often as it is put in. */
  readonly type?: "bag" | "duplicate_bag";
}

/**
 * A table with any number of values under each key: OTP's ETS, types `bag` and `duplicate_bag`. For everything else see {@link Table}.
 *
 * **Ordering.** Keys in the order in which they first came; the values of a key in the order in which they were put in.
 * **Cost.** As for a {@link Table}; putting into a bag also compares with each value under the key.
 *
 * @typeParam K - keys
 * @typeParam V - values
 *
 * @example
 * ```ts
 * import { BagTable, spawn } from "@krarup/core";
 *
 * spawn(function* () {
 *   const tags = BagTable.create<string, string>();
 *   for (const tag of ["red", "round", "red"]) tags.insert("apple", tag);
 *   tags.lookup("apple"); // => ["red", "round"]
 *   tags.deleteObject("apple", "red");
 *   tags.take("apple"); // => ["round"]
 *   tags.member("apple"); // => false
 * });
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html | ets}
 */
export class BagTable<in out K, in out V> extends ObjectTable<K, V, V[]> {
  private constructor({ type = "bag", ...options }: BagOptions) {
    if (type !== "bag" && type !== "duplicate_bag")
      throw new KrarupError(
        "ERR_BAD_ARGUMENT",
        `Cannot create a table as its type must be "bag" or "duplicate_bag", or Table.create be used: current value is ${show(type)}`,
        type,
      );
    super(type, new HashedRows(), options);
  }

  /** Makes an empty table that belongs to the running process, see {@link Table.create}. */
  static create<K, V>(options: BagOptions = {}): BagTable<K, V> {
    return new BagTable<K, V>(options);
  }

  /** The table of a name; undefined when there is none, see {@link Table.whereis}. */
  static whereis<K, V>(name: string): BagTable<K, V> | undefined {
    const table = tablesOf<AnyTable<K>>(currentNode()).whereis(name);
    if (table === undefined || table instanceof BagTable) return table;
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot use ${show(name)} as a bag as it is a table of type ${table.type}: use Table.whereis`,
      name,
    );
  }

  /** The values under `key`, in the order in which they were put in. */
  lookup(key: K): V[] {
    return this.#copyOf(this.found(key, "look into"));
  }

  /** Removes the values under `key` and returns them. */
  take(key: K): V[] {
    this.ownership.requireWrite("take from");
    const values = this.#copyOf(this.rows.find(isolate(key)));
    this.delete(key);
    return values;
  }

  /**
   * Removes what equals `value` from under `key`.
   *
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#delete_object/2 | ets:delete_object/2}
   */
  deleteObject(key: K, value: V): true {
    this.ownership.requireWrite("delete from");
    const row = this.rows.find(isolate(key));
    const unwanted = isolate(value);
    if (row === undefined) return true;
    for (const present of this.valuesOf(row)) if (areEqual(present, unwanted)) this.removeValue(row, present);
    return true;
  }

  /** O(keys). @internal */
  protected override size(): number {
    return this.rows.all().reduce((count, row) => count + row.content.length, 0);
  }

  /** @internal */
  protected override put(key: unknown, value: unknown): void {
    // A copy of a V is a V.
    const added = value as V;
    const row = this.rows.find(key);
    if (row === undefined) this.rows.put(key, [added]);
    else if (this.type === "duplicate_bag" || !row.content.some((present) => areEqual(present, added)))
      row.content.push(added);
  }

  /** @internal */
  protected override valuesOf(row: Row<V[]>): readonly V[] {
    return [...row.content];
  }

  /** @internal */
  protected override removeValue(row: Row<V[]>, value: V): void {
    const at = row.content.indexOf(value);
    if (at >= 0) row.content.splice(at, 1);
    if (row.content.length === 0) this.rows.remove(row);
  }

  #copyOf(row: Row<V[]> | undefined): V[] {
    // A copy of a V is a V.
    return row === undefined ? [] : (isolate(row.content) as V[]);
  }
}
