// Keys of a registry as names, for `{ via, name }`.

import { requireProcess } from "../../kernel/current.ts";
import type { NameRegistry } from "../../kernel/names.ts";
import { recordOf } from "../../kernel/process.ts";
import { deliverFromSender } from "../../kernel/send.ts";
import { KrarupError, show } from "../../values/errors.ts";
import type { AnyPid } from "../../values/pid.ts";
import { uniqueTableOf } from "./registry-process.ts";
import type { RegistryTable } from "./registry-table.ts";

/** The unique keys of a registry as names. A process that is started under one is entered with `value`. */
export class KeysAsNames implements NameRegistry {
  readonly #registry: AnyPid | string;
  readonly #value: unknown;

  constructor(registry: AnyPid | string, value: unknown) {
    this.#registry = registry;
    this.#value = value;
  }

  registerName(key: unknown, pid: AnyPid): boolean {
    return this.#table().register(key, recordOf(pid), this.#value) === null;
  }

  /**
   * The entry of another process that lives stays: a start that failed must not free the name of whoever was quicker.
   */
  unregisterName(key: unknown): void {
    this.#table().unregister(key, requireProcess("unregister a name"));
  }

  whereisName(key: unknown): AnyPid | undefined {
    return this.#table().lookup(key)[0]?.holder;
  }

  send(key: unknown, message: unknown): void {
    const [entry] = this.#table().lookup(key);
    if (entry === undefined)
      throw new KrarupError(
        "ERR_NOT_REGISTERED",
        `Cannot send as nobody is registered under the key ${show(key)}: register a process, or look the key up first`,
        key,
      );
    deliverFromSender(entry.holder, message);
  }

  #table(): RegistryTable {
    return uniqueTableOf(this.#registry, "use a key as a name");
  }
}
