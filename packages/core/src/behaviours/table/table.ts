// Tables with one value under each key.

import { isolate } from "../../mechanisms/isolate.ts";
import { currentNode } from "../../kernel/current.ts";
import { KrarupError, show } from "../../values/errors.ts";
import { AnyTable, type TableOptions } from "./table-base.ts";
import { type CounterUpdate, counted } from "./table-counter.ts";
import { ObjectTable } from "./table-objects.ts";
import { OrderedRows } from "./table-ordered-rows.ts";
import { tablesOf } from "./table-registry.ts";
import { HashedRows, type Row } from "./table-rows.ts";

/** How one {@link Table} is made. */
export interface SetOptions extends TableOptions {
  /** `"set"` (default) is hashed; `"ordered_set"` keeps its keys in order. */
  readonly type?: "set" | "ordered_set";
}

/**
 * A table with at most one value under each key: OTP's ETS, types `set` and `ordered_set`.
 *
 * @remarks
 * A table is for data that many processes read and that would make one process a bottleneck: caches, registries, counters. It belongs to
 * the process that makes it, and is deleted when that process has ended, before anybody hears of the end, unless there is an heir.
 *
 * **Keys** compare by value: two arrays with equal elements are one key. They are copied in and out, as values are.
 * **Ordering.** A `set` has its keys in the order in which they first came. An `ordered_set` has them in Erlang's order of terms, as far as the
 * terms are the same: numbers, booleans, strings (by UTF-16 code units), refs, pids, arrays (the shorter first), objects (with fewer keys
 * first); there 1 and 1n are one key.
 * **Waiting.** Nobody waits: each method is done when it returns, and a process that does not `yield*` between two of them is not interrupted.
 * **Cost.** A `set` O(1), an `ordered_set` O(log n), and the copy of what goes in or out; what is deeply frozen ({@link immutable}) is shared. A
 * key that is an array or an object costs a walk over it, at every use, and a text of its size once.
 *
 * @typeParam K - keys
 * @typeParam V - values
 *
 * @example
 * ```ts
 * import { spawn, Table } from "@krarup/core";
 *
 * spawn(function* () {
 *   const prices = Table.create<string, number>({ name: "prices", type: "ordered_set" });
 *   prices.insertAll([{ key: "tea", value: 3 }, { key: "coffee", value: 4 }]);
 *   prices.lookup("tea"); // => 3
 *   prices.updateCounter("tea", 2); // => 5
 *   prices.first(); // => "coffee"
 *   prices.select(({ value }) => value > 4); // => [{ key: "tea", value: 5 }]
 * });
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html | ets}
 */
export class Table<in out K, in out V> extends ObjectTable<K, V, V> {
  private constructor({ type = "set", ...options }: SetOptions) {
    if (type !== "set" && type !== "ordered_set")
      throw new KrarupError(
        "ERR_BAD_ARGUMENT",
        `Cannot create a table as its type must be "set" or "ordered_set", or BagTable.create be used: current value is ${show(type)}`,
        type,
      );
    super(type, type === "set" ? new HashedRows() : new OrderedRows(), options);
  }

  /**
   * Makes an empty table that belongs to the running process.
   *
   * @throws {@link KrarupError} `ERR_NAME_TAKEN` when there is a table of that name, `ERR_NOT_IN_PROCESS` outside a process
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#new/2 | ets:new/2}
   */
  static create<K, V>(options: SetOptions = {}): Table<K, V> {
    return new Table<K, V>(options);
  }

  /**
   * The table of a name; undefined when there is none.
   *
   * The table stays the same even if it is renamed and another gets its name.
   *
   * @typeParam K - keys: the caller's claim, as is V
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#whereis/1 | ets:whereis/1}
   */
  static whereis<K, V>(name: string): Table<K, V> | undefined {
    const table = tablesOf<AnyTable<K>>(currentNode()).whereis(name);
    if (table === undefined || table instanceof Table) return table;
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot use ${show(name)} as a table with one value per key as it is a ${table.type}: use BagTable.whereis`,
      name,
    );
  }

  /**
   * The value under `key`; undefined when there is none.
   *
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#lookup/2 | ets:lookup/2}. Differs from OTP: the value instead of a list of objects.
   */
  lookup(key: K): V | undefined {
    return this.#copyOf(this.found(key, "look into"));
  }

  /**
   * The value under `key`, which must be there.
   *
   * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` when it is not
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#lookup_element/3 | ets:lookup_element/3}
   */
  lookupElement(key: K): V {
    const row = this.found(key, "look into");
    if (row === undefined) throw this.noSuchKey("look into", key);
    // A copy of a V is a V.
    return isolate(row.content) as V;
  }

  /** Removes the value under `key` and returns it; undefined when there is none. @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#take/2 | ets:take/2} */
  take(key: K): V | undefined {
    this.ownership.requireWrite("take from");
    const row = this.rows.find(isolate(key));
    if (row !== undefined) this.rows.remove(row);
    return this.#copyOf(row);
  }

  /**
   * Adds to the number under `key`, or to a number in a field of the value there, in one step.
   *
   * @param update - what to add, or where and what and with which bound
   * @param initial - the value to start from when there is none
   * @returns the new number
   * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` when there is no such key and no `initial`, or no integer within 2^53 to count on
   *
   * @example
   * ```ts
   * import { spawn, Table } from "@krarup/core";
   *
   * spawn(function* () {
   *   const hits = Table.create<string, { page: string; count: number }>();
   *   hits.updateCounter("/", { field: "count", by: 1 }, { page: "Home", count: 0 }); // => 1
   *   hits.updateCounter("/", { field: "count", by: 5, wrap: { threshold: 3, setValue: 0 } }); // => 0
   *   hits.lookup("/"); // => { page: "Home", count: 0 }
   * });
   * ```
   *
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#update_counter/4 | ets:update_counter/4}
   */
  updateCounter(key: K, update: number | CounterUpdate<V>, initial?: V): number {
    this.ownership.requireWrite("update");
    const place = isolate(key);
    const row = this.rows.find(place);
    if (row === undefined && initial === undefined) throw this.noSuchKey("update", key);
    const before = row === undefined ? isolate(initial) : row.content;
    const { value, count } = counted(before, typeof update === "number" ? { by: update } : update);
    this.put(place, value);
    return count;
  }

  /** @internal */
  protected override size(): number {
    return this.rows.size;
  }

  /** @internal */
  protected override put(key: unknown, value: unknown): void {
    // A copy of a V is a V.
    this.rows.put(key, value as V);
  }

  /** @internal */
  protected override valuesOf(row: Row<V>): readonly V[] {
    return [row.content];
  }

  /** @internal */
  protected override removeValue(row: Row<V>): void {
    this.rows.remove(row);
  }

  #copyOf(row: Row<V> | undefined): V | undefined {
    // A copy of a V is a V.
    return row === undefined ? undefined : (isolate(row.content) as V);
  }
}
