// The tables of a node: all of them, and those that have a name.

import type { Node } from "../../kernel/node.ts";
import { KrarupError, show } from "../../values/errors.ts";

/** Which tables a node has. Names of tables and of processes are two things. */
export class TableRegistry<T> {
  readonly #all = new Set<T>();
  readonly #byName = new Map<string, T>();

  add(table: T, name: string | undefined): void {
    if (name !== undefined) this.#name(table, name);
    this.#all.add(table);
  }

  rename(table: T, from: string, to: string): void {
    this.#name(table, to);
    if (from !== to) this.#byName.delete(from);
  }

  remove(table: T, name: string | undefined): void {
    this.#all.delete(table);
    if (name !== undefined) this.#byName.delete(name);
  }

  whereis(name: string): T | undefined {
    return this.#byName.get(name);
  }

  /** Every table, in the order of their making. */
  all(): T[] {
    return [...this.#all];
  }

  #name(table: T, name: string): void {
    if (typeof name !== "string" || name === "" || name === "undefined")
      throw new KrarupError(
        "ERR_BAD_ARGUMENT",
        `Cannot name a table as a name must be a non-empty string other than "undefined": current value is ${show(name)}`,
        name,
      );
    if ((this.#byName.get(name) ?? table) !== table)
      throw new KrarupError(
        "ERR_NAME_TAKEN",
        `Cannot name a table ${show(name)} as there is one of that name: find it with whereis, or rename it`,
        name,
      );
    this.#byName.set(name, table);
  }
}

const registries = new WeakMap<Node, TableRegistry<unknown>>();

/** The tables of `node`. @typeParam T - what a table is, which is the same for all who ask */
export function tablesOf<T>(node: Node): TableRegistry<T> {
  const registry = registries.get(node) ?? new TableRegistry<unknown>();
  registries.set(node, registry);
  // There is one kind of table.
  return registry as TableRegistry<T>;
}
