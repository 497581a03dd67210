// What all kinds of tables share: name, ownership, rights, and the walk over the keys.

import { isolate } from "../../mechanisms/isolate.ts";
import { currentNode, requireProcess } from "../../kernel/current.ts";
import type { Node } from "../../kernel/node.ts";
import { KrarupError, show } from "../../values/errors.ts";
import type { AnyPid } from "../../values/pid.ts";
import { Ref } from "../../values/ref.ts";
import { TableFixation } from "./table-fixation.ts";
import { type Owned, Ownership, type TableAccess, type TableHeir } from "./table-ownership.ts";
import { tablesOf } from "./table-registry.ts";
import type { Direction, Row, Rows } from "./table-rows.ts";

/** What a table is made with. */
export interface TableOptions {
  /** A name by which `whereis` finds it; default none. One name, one table. */
  readonly name?: string;
  /** Default `"protected"`: everybody may read, its owner may write. */
  readonly access?: TableAccess;
  /** Who gets it when its owner ends; default nobody: then it is deleted. */
  readonly heir?: TableHeir;
}

/** The four kinds of tables, see {@link Table} and {@link BagTable}. */
export type TableType = "set" | "ordered_set" | "bag" | "duplicate_bag";

/** What there is to know of a table. */
export interface TableInfo {
  readonly name: string | undefined;
  readonly type: TableType;
  readonly access: TableAccess;
  /** Objects in it. */
  readonly size: number;
  readonly owner: AnyPid;
  readonly heir: AnyPid | undefined;
  /** Whether some process keeps it fixed, see {@link AnyTable.safeFixtable}. */
  readonly isFixed: boolean;
}

/** One key with one value, as tables hand them out. */
export interface TableObject<K, V> {
  readonly key: K;
  readonly value: V;
}

/** What `first`, `last`, `next` and `prev` return where there is no key any more. */
export const END_OF_TABLE: unique symbol = Symbol.for("krarup.end_of_table");

/** The type of {@link END_OF_TABLE}. */
export type END_OF_TABLE = typeof END_OF_TABLE;

/**
 * The part that every kind of table has.
 *
 * @remarks
 * A table is a ref: it travels in messages as it is, to whoever shall use it, and is a Map key. Each of its methods acts for the running
 * process and at once: nobody sees a half-done operation.
 *
 * @typeParam K - keys
 * @typeParam T - what is stored under one key
 */
export abstract class AnyTable<in out K = unknown, in out T = unknown> extends Ref implements Owned {
  readonly type: TableType;
  #name: string | undefined;
  /** @internal */
  protected readonly rows: Rows<T>;
  /** @internal */
  protected readonly ownership: Ownership;
  readonly #node: Node;
  readonly #fixation: TableFixation;

  /** @internal */
  protected constructor(type: TableType, rows: Rows<T>, { name, access = "protected", heir }: TableOptions) {
    const { node } = requireProcess("create a table");
    super(node.nextRefId());
    this.type = type;
    this.#name = name;
    this.rows = rows;
    this.#node = node;
    this.#fixation = new TableFixation((isFixed) => rows.fix(isFixed));
    this.ownership = new Ownership(this, checkedAccess(access), heir);
    tablesOf(node).add(this, name);
    this.ownership.begin();
  }

  /** Every table of the running process's node, in the order of their making. @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#all/0 | ets:all/0} */
  static all(): AnyTable[] {
    return tablesOf<AnyTable>(currentNode()).all();
  }

  /** The name it has, or had when it was deleted. */
  get name(): string | undefined {
    return this.#name;
  }

  /** Its name, or `#Ref<0.17>`. */
  override toString(): string {
    return this.#name ?? super.toString();
  }

  /**
   * Whether there is anything under `key`.
   *
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#member/2 | ets:member/2}
   */
  member(key: K): boolean {
    return this.found(key, "look into") !== undefined;
  }

  /**
   * Removes everything under `key`, if there is anything.
   *
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#delete/2 | ets:delete/2}
   */
  delete(key: K): true {
    this.ownership.requireWrite("delete from");
    const row = this.rows.find(isolate(key));
    if (row !== undefined) this.rows.remove(row);
    return true;
  }

  /** Removes everything; the table stays. @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#delete_all_objects/1 | ets:delete_all_objects/1} */
  deleteAllObjects(): true {
    this.ownership.requireWrite("delete from");
    this.rows.clear();
    return true;
  }

  /**
   * Deletes the table. Whoever may write to it may do so.
   *
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#delete/1 | ets:delete/1}
   */
  deleteTable(): true {
    this.ownership.requireWrite("delete");
    this.ownership.end();
    return true;
  }

  /** Gives a named table another name. @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#rename/2 | ets:rename/2} */
  rename(name: string): string {
    this.ownership.requireWrite("rename");
    if (this.#name === undefined)
      throw new KrarupError(
        "ERR_BAD_ARGUMENT",
        `Cannot rename the table ${String(this)} as it has no name: name it when it is made`,
        this,
      );
    tablesOf(this.#node).rename(this, this.#name, name);
    this.#name = name;
    return name;
  }

  /**
   * Hands the table to another process, which is told by a {@link TableTransfer}. Only its owner may.
   *
   * @param data - what the message shall say; isolated like one
   * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for a receiver that has ended or owns it already
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#give_away/3 | ets:give_away/3}
   */
  giveAway(pid: AnyPid, data: unknown): true {
    this.ownership.requireOwner("give away");
    this.ownership.giveTo(pid, data);
    return true;
  }

  /** Says who gets the table when its owner ends. Only its owner may. @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#setopts/2 | ets:setopts/2} */
  setHeir(heir: TableHeir | "none"): true {
    this.ownership.requireOwner("set the heir of");
    this.ownership.setHeir(heir);
    return true;
  }

  /**
   * What is known of the table. Everybody may ask.
   *
   * @returns undefined when it has been deleted
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#info/1 | ets:info/1}
   */
  info(): TableInfo | undefined {
    const { access, heir, isDeleted, owner } = this.ownership;
    if (isDeleted) return undefined;
    return {
      name: this.#name,
      type: this.type,
      access,
      size: this.size(),
      owner,
      heir: heir ?? undefined,
      isFixed: this.#fixation.isFixed,
    };
  }

  /**
   * The first key; {@link END_OF_TABLE} in an empty table.
   *
   * @remarks
   * Keys come in the order of {@link Table} and {@link BagTable}. Step by step a table may change between two steps: `next` of a key that
   * was removed meanwhile throws, unless the table is an ordered_set or kept fixed by {@link AnyTable.safeFixtable}.
   *
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#first/1 | ets:first/1}
   */
  first(): K | END_OF_TABLE {
    return this.#start("next");
  }

  /** The last key. @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#last/1 | ets:last/1} */
  last(): K | END_OF_TABLE {
    return this.#start("prev");
  }

  /**
   * The key after `key`; in an ordered_set `key` need not be there.
   *
   * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` when there is no such key and the table is no ordered_set
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#next/2 | ets:next/2}
   */
  next(key: K): K | END_OF_TABLE {
    return this.#step(key, "next");
  }

  /**
   * The key before `key`; otherwise as {@link AnyTable.next}.
   *
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#prev/2 | ets:prev/2}. Differs from OTP: it goes backwards in every kind of
   * table; OTP's goes forward in all but an ordered_set.
   */
  prev(key: K): K | END_OF_TABLE {
    return this.#step(key, "prev");
  }

  /**
   * Keeps the way on from keys that are removed while this process walks the table, or, with false, stops doing so.
   *
   * @remarks
   * Then a walk by `first` and `next` comes to each key that is there all the time exactly once, whatever others do meanwhile. Calls
   * add up, and the end of the process takes its own back. Calls that go over the whole table at once need no fixing.
   *
   * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#safe_fixtable/2 | ets:safe_fixtable/2}
   */
  safeFixtable(isFixed: boolean): true {
    this.ownership.requireRead("fix");
    const process = requireProcess("fix a table");
    if (isFixed) this.#fixation.fix(process);
    else this.#fixation.unfix(process);
    return true;
  }

  /** @internal */
  deleted(): void {
    tablesOf(this.#node).remove(this, this.#name);
    this.rows.clear();
  }

  /** Objects in the table. @internal */
  protected abstract size(): number;

  /** The row of `key`, for reading. @internal */
  protected found(key: K, action: string): Row<T> | undefined {
    this.ownership.requireRead(action);
    return this.rows.find(isolate(key));
  }

  /** For a key that should be there. @internal */
  protected noSuchKey(action: string, key: K): KrarupError {
    return new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot ${action} the table ${String(this)} as it has no such key: current value is ${show(key)}`,
      key,
    );
  }

  #start(direction: Direction): K | END_OF_TABLE {
    this.ownership.requireRead("walk");
    return this.#keyOf(this.rows.start(direction));
  }

  #step(key: K, direction: Direction): K | END_OF_TABLE {
    this.ownership.requireRead("walk");
    const row = this.rows.step(isolate(key), direction);
    if (row === "no_such_key") throw this.noSuchKey("walk", key);
    return this.#keyOf(row);
  }

  #keyOf(row: Row<T> | undefined): K | END_OF_TABLE {
    // Only keys of type K are ever put in.
    return row === undefined ? END_OF_TABLE : (isolate(row.key) as K);
  }
}

function checkedAccess(access: TableAccess): TableAccess {
  if (["private", "protected", "public"].includes(access)) return access;
  throw new KrarupError(
    "ERR_BAD_ARGUMENT",
    `Cannot create a table as access must be "private", "protected" or "public": current value is ${show(access)}`,
    access,
  );
}
