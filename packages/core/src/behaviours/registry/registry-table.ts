// The registrations of one registry, and its ties to those who hold them.
//
// As in Elixir, whoever registers does so itself, at once, and the registry's process only cleans up: it is linked to
// every holder, traps exits, and on an EXIT forgets what the holder held. Between an end and that EXIT the entries of
// the dead are still there, so every reader leaves them out. And should the registry crash, its holders fall with it,
// for nobody could find them any more.

import { isolate } from "../../mechanisms/isolate.ts";
import { isLiving, type Process } from "../../kernel/process.ts";
import { deliverFromSender } from "../../kernel/send.ts";
import { KrarupError } from "../../values/errors.ts";
import { DuplicateEntries, type Entries, type Entry, UniqueEntries } from "./registry-entries.ts";
import { standInFor } from "../table/table-key.ts";
import { tie, untie } from "../tie.ts";

/** Whether a key has one holder at most, or any number. */
export type RegistryKind = "unique" | "duplicate";

/** Everything a registry knows. */
export class RegistryTable {
  readonly kind: RegistryKind;
  readonly process: Process;
  /** Values for everybody, by what stands for their keys. */
  readonly meta: Map<unknown, unknown> = new Map();
  readonly #listeners: readonly string[];
  readonly #entries: Entries;
  readonly #byHolder = new Map<Process, Set<Entry>>();
  /** Holders that are linked for the sake of their entries. */
  readonly #tied = new Set<Process>();

  constructor(process: Process, kind: RegistryKind, listeners: readonly string[]) {
    this.process = process;
    this.kind = kind;
    this.#listeners = listeners;
    this.#entries = kind === "unique" ? new UniqueEntries() : new DuplicateEntries();
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Enters `holder` under `key`. @returns null, or who holds it */
  register(key: unknown, holder: Process, value: unknown): Process | null {
    if (!isLiving(holder))
      throw new KrarupError("ERR_BAD_ARGUMENT", `Cannot register ${String(holder)} as it has ended`, holder);
    const kept = isolate(key);
    const entry = { key: kept, place: standInFor(kept), holder, value: isolate(value) };
    const before = this.#entries.add(entry);
    if (before !== null) return before.holder;
    const held = this.#byHolder.get(holder);
    if (held === undefined) this.#byHolder.set(holder, new Set([entry]));
    else held.add(entry);
    if (tie(holder, this.process)) this.#tied.add(holder);
    this.#tell({ type: "register", registry: this.process, key: kept, pid: holder, value: entry.value });
    return null;
  }

  /** Takes back what `holder` has under `key`: all of it, or what `isMeant`. */
  unregister(key: unknown, holder: Process, isMeant: (entry: Entry) => boolean = () => true): void {
    const entries = this.heldAt(key, holder).filter(isMeant);
    for (const entry of entries) this.#remove(entry);
    if (entries.length > 0) this.#tell({ type: "unregister", registry: this.process, key: isolate(key), pid: holder });
  }

  /** `holder` has ended. Listeners are not told, as in Elixir. */
  forget(holder: Process): void {
    this.#tied.delete(holder);
    for (const entry of this.#byHolder.get(holder) ?? []) this.#remove(entry);
  }

  /** Everything that is registered. */
  all(): Entry[] {
    return [...this.#byHolder].flatMap(([holder, entries]) => (isLiving(holder) ? [...entries] : []));
  }

  /** What is registered under `key`, oldest first. */
  lookup(key: unknown): Entry[] {
    return this.#entries.at(standInFor(isolate(key)));
  }

  /** What `holder` has, oldest first. */
  heldBy(holder: Process): Entry[] {
    return isLiving(holder) ? [...(this.#byHolder.get(holder) ?? [])] : [];
  }

  /** What `holder` has under `key`, oldest first. */
  heldAt(key: unknown, holder: Process): Entry[] {
    return this.lookup(key).filter((entry) => entry.holder === holder);
  }

  #remove(entry: Entry): void {
    const { holder } = entry;
    this.#entries.remove(entry);
    const held = this.#byHolder.get(holder);
    held?.delete(entry);
    if (held?.size !== 0) return;
    this.#byHolder.delete(holder);
    if (this.#tied.delete(holder)) untie(holder, this.process);
  }

  #tell(event: object): void {
    for (const name of this.#listeners) {
      const listener = this.process.node.names.whereis(name);
      if (listener !== undefined) deliverFromSender(listener, isolate(event));
    }
  }
}
