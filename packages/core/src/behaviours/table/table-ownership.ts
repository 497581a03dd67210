// Who owns a table, who may use it, and what becomes of it.
//
//   new ──► owned by its creator ──giveAway──► owned by another ──owner ends──► owned by the heir, if it is alive
//                    │                                                │
//                    └──────────────deleteTable───────────────────────┴──────► deleted: every use is a mistake

import { isolate } from "../../mechanisms/isolate.ts";
import { currentProcess, requireProcess } from "../../kernel/current.ts";
import { deliver } from "../../kernel/delivery.ts";
import { isLiving, type Process, recordOf } from "../../kernel/process.ts";
import type { Resource } from "../../kernel/resources.ts";
import { KrarupError, show } from "../../values/errors.ts";
import type { AnyPid } from "../../values/pid.ts";

/** Who may use a table: its owner alone; everybody to read and its owner to write; everybody. */
export type TableAccess = "private" | "protected" | "public";

/** Who gets a table when its owner ends. */
export interface TableHeir {
  readonly pid: AnyPid;
  /** Comes with the {@link TableTransfer}. */
  readonly data: unknown;
}

/**
 * Arrives at the new owner of a table: by inheritance, or because the old owner gave it away.
 *
 * @typeParam T - the kind of table: the receiver's claim
 * @see {@link https://www.erlang.org/doc/apps/stdlib/ets.html#give_away/3 | ets:give_away/3}
 */
export interface TableTransfer<T = unknown> {
  readonly type: "ETS-TRANSFER";
  readonly table: T;
  /** The old owner. */
  readonly from: AnyPid;
  /** What the heir's entry or `giveAway` said. */
  readonly data: unknown;
}

/** What the ownership of a table does to it. */
export interface Owned {
  toString(): string;
  /** Called once, when it is deleted. */
  deleted(): void;
}

/** The owner, heir and rights of one table. */
export class Ownership implements Resource {
  readonly access: TableAccess;
  readonly #table: Owned;
  #owner: Process;
  #heir: TableHeir | null = null;
  #isDeleted = false;

  constructor(table: Owned, access: TableAccess, heir: TableHeir | undefined) {
    this.access = access;
    this.#table = table;
    this.#owner = requireProcess("create a table");
    if (heir !== undefined) this.#heir = checkedHeir(heir);
  }

  get owner(): Process {
    return this.#owner;
  }

  get heir(): Process | null {
    return this.#heir === null ? null : recordOf(this.#heir.pid);
  }

  get isDeleted(): boolean {
    return this.#isDeleted;
  }

  /** Ties the table to its owner. */
  begin(): void {
    this.#owner.node.resources.hold(this.#owner, this);
  }

  /** Refuses who may not read. */
  requireRead(action: string): void {
    if (this.#isDeleted || (this.access === "private" && currentProcess() !== this.#owner)) throw this.#refusal(action);
  }

  /** Refuses who may not write. */
  requireWrite(action: string): void {
    if (this.#isDeleted || (this.access !== "public" && currentProcess() !== this.#owner)) throw this.#refusal(action);
  }

  /** Refuses all but the owner. */
  requireOwner(action: string): void {
    if (this.#isDeleted || currentProcess() !== this.#owner) throw this.#refusal(action);
  }

  setHeir(heir: TableHeir | "none"): void {
    this.#heir = heir === "none" ? null : checkedHeir(heir);
  }

  giveTo(pid: AnyPid, data: unknown): void {
    const receiver = recordOf(pid);
    if (receiver === this.#owner || !isLiving(receiver))
      throw new KrarupError(
        "ERR_BAD_ARGUMENT",
        `Cannot give the table ${String(this.#table)} away as the receiver must be alive and not its owner: current value is ${String(receiver)}`,
        pid,
      );
    const copy = isolate(data);
    const before = this.#owner;
    this.#moveTo(receiver, copy);
    before.node.resources.letGo(before, this);
  }

  /** Deletes the table. */
  end(): void {
    this.#owner.node.resources.letGo(this.#owner, this);
    this.#delete();
  }

  holderEnded(holder: Process): void {
    const heir = this.heir;
    if (heir === null || heir === holder || !isLiving(heir)) this.#delete();
    // Isolated when it was set, and once more because a later heir may get it too.
    else this.#moveTo(heir, isolate(this.#heir?.data));
  }

  #moveTo(owner: Process, data: unknown): void {
    const message: TableTransfer = { type: "ETS-TRANSFER", table: this.#table, from: this.#owner, data };
    this.#owner = owner;
    this.begin();
    deliver(owner, message, null);
  }

  #delete(): void {
    this.#isDeleted = true;
    this.#table.deleted();
  }

  #refusal(action: string): KrarupError {
    const why = this.#isDeleted
      ? "it has been deleted"
      : `it is ${this.access} and belongs to ${String(this.#owner)}: make it public, or ask its owner`;
    return new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot ${action} the table ${String(this.#table)} as ${why}`,
      this.#table,
    );
  }
}

function checkedHeir(heir: TableHeir): TableHeir {
  if (typeof heir !== "object" || heir === null)
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot set the heir of a table as it must be { pid, data }: current value is ${show(heir)}`,
      heir,
    );
  return { pid: recordOf(heir.pid), data: isolate(heir.data) };
}
