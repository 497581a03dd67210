// Objects in a table: putting them in, and going over all of them.

import { isolate } from "../../mechanisms/isolate.ts";
import { matches, type Pattern } from "../../mechanisms/pattern.ts";
import { passes } from "../../kernel/receive.ts";
import { AnyTable, type TableObject } from "./table-base.ts";
import { isIdentity } from "./table-key.ts";
import type { Row } from "./table-rows.ts";

/**
 * The part that has to do with the objects of a table, whatever its kind.
 *
 * @remarks
 * Objects are isolated on their way in and on their way out, as messages are: what is immutable is shared, everything else is copied. So
 * a table never changes because somebody changed what he had put in or had got out.
 *
 * @typeParam K - keys
 * @typeParam V - values
 * @typeParam T - what is stored under one key
 */
export abstract class ObjectTable<in out K, in out V, in out T = unknown> extends AnyTable<K, T> {
  /**
   * Puts one object in. In a {@link Table} it takes the place of the value under `key`; in a {@link BagTable} it is added.
   *
   * @throws {@link KrarupError} `ERR_NOT_SENDABLE` for what is no plain data; `ERR_BAD_ARGUMENT` for a table that the process may not write
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#insert/2 | ets:insert/2}
   */
  insert(key: K, value: V): true {
    this.ownership.requireWrite("insert into");
    this.put(isolate(key), isolate(value));
    return true;
  }

  /** Puts several objects in, all or, if one of them is refused, none. */
  insertAll(objects: Iterable<TableObject<K, V>>): true {
    this.ownership.requireWrite("insert into");
    for (const { key, value } of isolatedObjects(objects)) this.put(key, value);
    return true;
  }

  /**
   * Puts an object in unless there is something under its key.
   *
   * @returns whether it did
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#insert_new/2 | ets:insert_new/2}
   */
  insertNew(key: K, value: V): boolean {
    return this.insertNewAll([{ key, value }]);
  }

  /** Puts several objects in unless there is something under any of their keys: all or none. @returns whether it did */
  insertNewAll(objects: Iterable<TableObject<K, V>>): boolean {
    this.ownership.requireWrite("insert into");
    const copies = isolatedObjects(objects);
    if (copies.some(({ key }) => this.rows.find(key) !== undefined)) return false;
    for (const { key, value } of copies) this.put(key, value);
    return true;
  }

  /**
   * Every object, in the order of the table.
   *
   * **Cost.** O(size of the table), as for everything that goes over all of it.
   *
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#tab2list/1 | ets:tab2list/1}
   */
  tab2list(): TableObject<K, V>[] {
    return this.select(() => true);
  }

  /**
   * Calls `fold` for each object with what it returned for the one before, first with `initial`.
   *
   * `fold` may change the table: objects that it removes do not come any more, and objects that it adds do not come.
   *
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#foldl/3 | ets:foldl/3}
   */
  foldl<A>(fold: (object: TableObject<K, V>, accumulator: A) => A, initial: A): A {
    let accumulator = initial;
    this.#forEach(this.#readable(), (row, value) => {
      accumulator = fold(this.#copyOf(row, value), accumulator);
    });
    return accumulator;
  }

  /**
   * The objects that have everything `pattern` names: patterns are those of a receive, applied to `{ key, value }`.
   *
   * **Cost.** O(1) when the pattern names a whole key that is a primitive, a pid or a ref; otherwise O(size of the table).
   *
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#match_object/2 | ets:match_object/2}
   */
  matchObject(pattern: Pattern<TableObject<K, V>>): TableObject<K, V>[] {
    const found: TableObject<K, V>[] = [];
    this.ownership.requireRead("search");
    this.#forEachMatch(pattern, (row, value) => found.push(this.#copyOf(row, value)));
    return found;
  }

  /** Removes what {@link ObjectTable.matchObject} finds. @returns how many objects that were */
  matchDelete(pattern: Pattern<TableObject<K, V>>): number {
    let count = 0;
    this.ownership.requireWrite("delete from");
    this.#forEachMatch(pattern, (row, value) => {
      this.removeValue(row, value);
      count++;
    });
    return count;
  }

  /**
   * The objects that `guard` accepts. A guard that throws does not accept, as in Erlang.
   *
   * **Cost.** O(size of the table), and a copy of every object that is not immutable: {@link ObjectTable.matchObject} copies only what matches.
   *
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#select/2 | ets:select/2}. Differs from OTP: a function instead of a match
   * specification.
   */
  select(guard: (object: TableObject<K, V>) => boolean): TableObject<K, V>[] {
    const found: TableObject<K, V>[] = [];
    this.#forEach(this.#readable(), (row, value) => {
      const object = this.#copyOf(row, value);
      if (passes(guard, object)) found.push(object);
    });
    return found;
  }

  /** How many objects `guard` accepts. @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#select_count/2 | ets:select_count/2} */
  selectCount(guard: (object: TableObject<K, V>) => boolean): number {
    return this.select(guard).length;
  }

  /** Removes the objects that `guard` accepts. @returns how many. @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#select_delete/2 | ets:select_delete/2} */
  selectDelete(guard: (object: TableObject<K, V>) => boolean): number {
    this.ownership.requireWrite("delete from");
    let count = 0;
    this.#forEach(this.rows.all(), (row, value) => {
      if (!passes(guard, this.#copyOf(row, value))) return;
      this.removeValue(row, value);
      count++;
    });
    return count;
  }

  /** Stores an isolated object. @internal */
  protected abstract put(key: unknown, value: unknown): void;

  /** The values under one key, as they are stored: a list that later changes do not touch. @internal */
  protected abstract valuesOf(row: Row<T>): readonly V[];

  /** Removes one of them. @internal */
  protected abstract removeValue(row: Row<T>, value: V): void;

  #readable(): Row<T>[] {
    this.ownership.requireRead("search");
    return this.rows.all();
  }

  #forEach(rows: readonly Row<T>[], act: (row: Row<T>, value: V) => void): void {
    // Acting may have removed the row meanwhile.
    for (const row of rows) if (!row.isGone) for (const value of this.valuesOf(row)) act(row, value);
  }

  #forEachMatch(pattern: Pattern<TableObject<K, V>>, act: (row: Row<T>, value: V) => void): void {
    this.#forEach(this.#candidates(pattern), (row, value) => {
      if (matches(pattern, { key: row.key, value })) act(row, value);
    });
  }

  /** The rows that can match `pattern` at all. */
  #candidates(pattern: Pattern<TableObject<K, V>>): Row<T>[] {
    if (typeof pattern !== "object" || !("key" in pattern)) return this.rows.all();
    const key: unknown = pattern.key;
    // A structured key in a pattern need not be whole.
    if (typeof key === "object" && key !== null && !isIdentity(key)) return this.rows.all();
    const row = this.rows.find(key);
    return row === undefined ? [] : [row];
  }

  #copyOf(row: Row<T>, value: V): TableObject<K, V> {
    // Only keys of type K are ever put in.
    return isolate({ key: row.key, value }) as TableObject<K, V>;
  }
}

function isolatedObjects(objects: Iterable<TableObject<unknown, unknown>>): TableObject<unknown, unknown>[] {
  return Array.from(objects, ({ key, value }) => ({ key: isolate(key), value: isolate(value) }));
}
