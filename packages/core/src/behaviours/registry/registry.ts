// A place where processes make themselves known under keys of any kind, with a value each.

import { isolate } from "../../mechanisms/isolate.ts";
import { matches, type Pattern } from "../../mechanisms/pattern.ts";
import { requireProcess } from "../../kernel/current.ts";
import type { Via } from "../../kernel/names.ts";
import type { Operation } from "../../kernel/operation.ts";
import { recordOf } from "../../kernel/process.ts";
import type { AnyPid, Pid } from "../../values/pid.ts";
import type { Entry } from "./registry-entries.ts";
import { KeysAsNames } from "./registry-names.ts";
import {
  type RegistryName,
  type RegistryOptions,
  type RegistryPid,
  startRegistry,
  tableOf,
  uniqueTableOf,
} from "./registry-process.ts";
import { standInFor } from "../table/table-key.ts";

/** One registration, as it is read. */
export interface RegistryEntry<V, M = never> {
  readonly pid: Pid<M>;
  readonly value: V;
}

/** One registration with its key. */
export interface RegistryRow<K, V, M = never> extends RegistryEntry<V, M> {
  readonly key: K;
}

/** What listeners get. When a holder ends its entries go without a word, as in Elixir: monitor the holder. */
export type RegistryEvent<K = unknown, V = unknown> =
  | { readonly type: "register"; readonly registry: AnyPid; readonly key: K; readonly pid: AnyPid; readonly value: V }
  | { readonly type: "unregister"; readonly registry: AnyPid; readonly key: K; readonly pid: AnyPid };

/** What came of a registration. */
export type RegisterResult =
  | { readonly type: "ok" }
  /** Of a registry with unique keys: `pid`, maybe this process itself, holds the key. */
  | { readonly type: "already_registered"; readonly pid: AnyPid };

/** What came of changing a value. */
export type UpdateValueResult<V> =
  | { readonly type: "ok"; readonly value: V; readonly previous: V }
  /** This process does not hold the key. */
  | { readonly type: "not_registered" };

/**
 * Starts a registry, linked to this process.
 *
 * @remarks
 * **Exits.** It is linked to whoever registers: if the registry crashes they get its exit signal.
 *
 * @throws {@link StartError} when its own name is taken
 * @see {@link https://hexdocs.pm/elixir/Registry.html#start_link/1 | Registry.start_link/1}
 */
function startLink<K, V = undefined, M = never>(options: RegistryOptions): Operation<RegistryPid<K, V, M>> {
  return startRegistry(options, true);
}

/** As {@link Registry.startLink}, on its own. */
function start<K, V = undefined, M = never>(options: RegistryOptions): Operation<RegistryPid<K, V, M>> {
  return startRegistry(options, false);
}

/**
 * Registers this process under `key`.
 *
 * @remarks
 * The entry is there when this returns, and gone when the process ends, before anybody hears of the end. Keys compare
 * by value.
 *
 * **Cost.** O(1), and the copies of key and value.
 *
 * @throws {@link KrarupError} `ERR_NOT_REGISTERED` when there is no such registry, here and in all that follow
 * @see {@link https://hexdocs.pm/elixir/Registry.html#register/3 | Registry.register/3}
 */
function register<K, V, M>(
  registry: RegistryName<K, V, M>,
  key: NoInfer<K>,
  ...[value]: undefined extends V ? [value?: NoInfer<V>] : [value: NoInfer<V>]
): RegisterResult {
  const pid = tableOf(registry).register(key, requireProcess("register"), value);
  return pid === null ? { type: "ok" } : { type: "already_registered", pid };
}

/**
 * Takes back every entry that this process has under `key`. None is fine.
 *
 * @see {@link https://hexdocs.pm/elixir/Registry.html#unregister/2 | Registry.unregister/2}
 */
function unregister<K, V, M>(registry: RegistryName<K, V, M>, key: NoInfer<K>): void {
  tableOf(registry).unregister(key, requireProcess("unregister"));
}

/**
 * Who is registered under `key`, with copies of the values; oldest first.
 *
 * **Cost.** O(entries under the key).
 *
 * @see {@link https://hexdocs.pm/elixir/Registry.html#lookup/2 | Registry.lookup/2}
 */
function lookup<K, V, M>(registry: RegistryName<K, V, M>, key: NoInfer<K>): RegistryEntry<V, M>[] {
  return tableOf(registry)
    .lookup(key)
    .map(toRead<V, M>);
}

/**
 * As {@link Registry.lookup}, only the entries whose value has everything that `pattern` names.
 *
 * @see {@link https://hexdocs.pm/elixir/Registry.html#match/4 | Registry.match/4}. Differs from Elixir: the pattern is
 * that of `receive`
 */
function match<K, V, M>(
  registry: RegistryName<K, V, M>,
  key: NoInfer<K>,
  pattern: Pattern<NoInfer<V>>,
): RegistryEntry<V, M>[] {
  return lookup(registry, key).filter(({ value }) => matches(pattern, value));
}

/**
 * The entries that `isWanted`, under whatever key, in no particular order.
 *
 * **Cost.** O(all entries), and their copies.
 *
 * @see {@link https://hexdocs.pm/elixir/Registry.html#select/2 | Registry.select/2}. Differs from Elixir: a function takes the place of the match
 * specification, and it sees copies
 */
function select<K, V, M>(
  registry: RegistryName<K, V, M>,
  isWanted: (entry: RegistryRow<K, V, M>) => boolean,
): RegistryRow<K, V, M>[] {
  const rows: RegistryRow<K, V, M>[] = [];
  for (const entry of tableOf(registry).all()) {
    // What was registered was a K.
    const row = { key: isolate(entry.key) as K, ...toRead<V, M>(entry) };
    if (isWanted(row)) rows.push(row);
  }
  return rows;
}

/**
 * Takes back the entries that this process has under `key` and whose value has everything that `pattern` names.
 *
 * @see {@link https://hexdocs.pm/elixir/Registry.html#unregister_match/4 | Registry.unregister_match/4}. Differs from Elixir: the pattern is
 * that of `receive`
 */
function unregisterMatch<K, V, M>(
  registry: RegistryName<K, V, M>,
  key: NoInfer<K>,
  pattern: Pattern<NoInfer<V>>,
): void {
  const isMeant = (entry: Entry): boolean => matches(pattern, toRead<V, M>(entry).value);
  tableOf(registry).unregister(key, requireProcess("unregister"), isMeant);
}

/**
 * The process under a key of a registry with unique keys.
 *
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for a registry with duplicate keys
 * @see {@link https://hexdocs.pm/elixir/Registry.html#whereis_name/1 | Registry.whereis_name/1}
 */
function whereisName<K, V, M>(registry: RegistryName<K, V, M>, key: NoInfer<K>): Pid<M> | undefined {
  return uniqueTableOf(registry, "look up a name").lookup(key)[0]?.holder;
}

/**
 * The keys of `pid`, oldest first; a key with several entries comes several times.
 *
 * @see {@link https://hexdocs.pm/elixir/Registry.html#keys/2 | Registry.keys/2}
 */
function keys<K, V, M>(registry: RegistryName<K, V, M>, pid: AnyPid): K[] {
  // What was registered was a K.
  return tableOf(registry)
    .heldBy(recordOf(pid))
    .map((entry) => isolate(entry.key) as K);
}

/**
 * The values of `pid` under `key`, oldest first.
 *
 * @see {@link https://hexdocs.pm/elixir/Registry.html#values/3 | Registry.values/3}
 */
function values<K, V, M>(registry: RegistryName<K, V, M>, key: NoInfer<K>, pid: AnyPid): V[] {
  return tableOf(registry)
    .heldAt(key, recordOf(pid))
    .map((entry) => toRead<V, M>(entry).value);
}

/**
 * How many entries there are. Those of a process that has ended just now may still be counted.
 *
 * **Cost.** O(1).
 *
 * @see {@link https://hexdocs.pm/elixir/Registry.html#count/1 | Registry.count/1}
 */
function count<K, V, M>(registry: RegistryName<K, V, M>): number {
  return tableOf(registry).size;
}

/**
 * Calls `tell` once, in this process, with who is registered under `key`; not at all if nobody is.
 *
 * `Registry.dispatch(topics, "news", (entries) => { for (const { pid } of entries) send(pid, news); })` is a
 * publication.
 *
 * @see {@link https://hexdocs.pm/elixir/Registry.html#dispatch/4 | Registry.dispatch/4}
 */
function dispatch<K, V, M>(
  registry: RegistryName<K, V, M>,
  key: NoInfer<K>,
  tell: (entries: readonly RegistryEntry<V, M>[]) => void,
): void {
  const entries = lookup(registry, key);
  if (entries.length > 0) tell(entries);
}

/**
 * Changes the value that this process has under a key of a registry with unique keys.
 *
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for a registry with duplicate keys
 * @see {@link https://hexdocs.pm/elixir/Registry.html#update_value/3 | Registry.update_value/3}
 */
function updateValue<K, V, M>(
  registry: RegistryName<K, V, M>,
  key: NoInfer<K>,
  change: (value: V) => V,
): UpdateValueResult<V> {
  const [entry] = uniqueTableOf(registry, "update a value").heldAt(key, requireProcess("update a value"));
  if (entry === undefined) return { type: "not_registered" };
  const { value: previous } = toRead<V, M>(entry);
  entry.value = isolate(change(toRead<V, M>(entry).value));
  return { type: "ok", value: toRead<V, M>(entry).value, previous };
}

/**
 * Reads what is kept for everybody under `key`, beside the entries.
 *
 * @see {@link https://hexdocs.pm/elixir/Registry.html#meta/2 | Registry.meta/2}
 */
function meta<K, V, M>(registry: RegistryName<K, V, M>, key: unknown): unknown {
  return isolate(tableOf(registry).meta.get(standInFor(isolate(key))));
}

/**
 * Keeps a value for everybody. @see {@link https://hexdocs.pm/elixir/Registry.html#put_meta/3 | Registry.put_meta/3}
 */
function putMeta<K, V, M>(registry: RegistryName<K, V, M>, key: unknown, value: unknown): void {
  tableOf(registry).meta.set(standInFor(isolate(key)), isolate(value));
}

/** Forgets a value. @see {@link https://hexdocs.pm/elixir/Registry.html#delete_meta/2 | Registry.delete_meta/2} */
function deleteMeta<K, V, M>(registry: RegistryName<K, V, M>, key: unknown): void {
  tableOf(registry).meta.delete(standInFor(isolate(key)));
}

/**
 * The key of a registry with unique keys as a name, for `send`, `call`, and for the `name` of a behaviour that shall
 * register under it.
 *
 * @param value - kept with the entry of a behaviour that is started with the name
 * @see {@link https://hexdocs.pm/elixir/Registry.html#module-using-in-via | Registry, Using in :via}
 */
function via<K, V, M>(registry: RegistryName<K, V, M>, key: NoInfer<K>, value?: NoInfer<V>): Via {
  return { via: new KeysAsNames(registry, value), name: key };
}

/** What a reader gets of an entry: nothing that the registry keeps. */
function toRead<V, M>({ holder, value }: Entry): RegistryEntry<V, M> {
  // What was registered was a V.
  return { pid: holder, value: isolate(value) as V };
}

/**
 * A place where processes make themselves known under keys of any kind, with a value each: names that are no strings,
 * or topics with subscribers.
 *
 * @remarks
 * Each process registers itself. With unique keys a key is a name, see {@link Registry.via}; with duplicate keys it is
 * a topic, see {@link Registry.dispatch}.
 *
 * @example
 * ```ts
 * import { genServer, Registry, send, spawn, type Self } from "@krarup/core";
 *
 * const Room = genServer({ init: () => [] as string[], call: { say: (self, word: string) => (self.state =
 * [...self.state, word]) } }); const rooms = await Registry.start<readonly ["room", number]>({ keys: "unique" });
 * const lobby = Registry.via(rooms, ["room", 1]);
 * await Room.startOpt([], { name: lobby });
 * await Room.call(lobby).say("hello"); // => ["hello"]
 *
 * const topics = await Registry.start<string, undefined, string>({ keys: "duplicate" });
 * spawn(function* (self: Self<string>) {
 *   Registry.register(topics, "news");
 *   Registry.dispatch(topics, "news", (entries) => { for (const { pid } of entries) send(pid, "rain"); });
 *   yield* self.receive(); // => "rain"
 * });
 * ```
 *
 * @see {@link https://hexdocs.pm/elixir/Registry.html | Elixir's Registry}
 */
export const Registry: {
  readonly start: typeof start;
  readonly startLink: typeof startLink;
  readonly register: typeof register;
  readonly unregister: typeof unregister;
  readonly unregisterMatch: typeof unregisterMatch;
  readonly lookup: typeof lookup;
  readonly match: typeof match;
  readonly select: typeof select;
  readonly whereisName: typeof whereisName;
  readonly keys: typeof keys;
  readonly values: typeof values;
  readonly count: typeof count;
  readonly dispatch: typeof dispatch;
  readonly updateValue: typeof updateValue;
  readonly meta: typeof meta;
  readonly putMeta: typeof putMeta;
  readonly deleteMeta: typeof deleteMeta;
  readonly via: typeof via;
} = {
  start,
  startLink,
  register,
  unregister,
  unregisterMatch,
  lookup,
  match,
  select,
  whereisName,
  keys,
  values,
  count,
  dispatch,
  updateValue,
  meta,
  putMeta,
  deleteMeta,
  via,
};
