// The process of a registry, which cleans up, and how to find its table.

import { isolate } from "../../mechanisms/isolate.ts";
import { currentNode } from "../../kernel/current.ts";
import { self } from "../../kernel/identity.ts";
import type { Operation } from "../../kernel/operation.ts";
import { isLiving, Process, recordOf } from "../../kernel/process.ts";
import { KrarupError, show } from "../../values/errors.ts";
import type { AnyPid, Pid } from "../../values/pid.ts";
import type { Exit } from "../../values/system-messages.ts";
import { type RegistryKind, RegistryTable } from "./registry-table.ts";
import type { BehaviourOptions } from "../start-behaviour.ts";
import { type ServerModule, startServer } from "../server/server-module.ts";
import { standInFor } from "../table/table-key.ts";

declare const kept: unique symbol;

/**
 * What makes the pid of one registry differ from that of another, for the type checker. A registry understands no
 * message.
 */
export interface RegistryMessage<in out K, in out V, in out M> {
  readonly [kept]: (key: K, value: V, message: M) => readonly [K, V, M];
}

/** A running registry: keys `K`, values `V`, and holders that understand `M`. */
export type RegistryPid<K, V = undefined, M = never> = Pid<RegistryMessage<K, V, M>>;

/** Where a registry can be reached: its pid, or its name, which says nothing of the types. */
export type RegistryName<K, V = undefined, M = never> = RegistryPid<K, V, M> | string;

/** How a registry is made. */
export interface RegistryOptions extends BehaviourOptions {
  /** Whether a key has one holder at most, or any number. */
  readonly keys: RegistryKind;
  /**
   * Registered names of processes that get a {@link RegistryEvent} at each change. A name that nobody holds is passed
   * over.
   */
  readonly listeners?: readonly string[];
  /** What `Registry.meta` answers at first. */
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** The tables of all registries, by their processes. */
const tables = new WeakMap<AnyPid, RegistryTable>();

/** Starts the process of a registry. */
export function startRegistry<K, V, M>(options: RegistryOptions, link: boolean): Operation<RegistryPid<K, V, M>> {
  const { keys: kind, listeners = [], meta: first = {}, ...rest } = options;
  if (kind !== "unique" && kind !== "duplicate")
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot start a registry as keys must be "unique" or "duplicate": current value is ${show(kind)}`,
      kind,
    );
  const module: ServerModule<null, null> = {
    init() {
      const own = self<Exit>();
      own.trapExit();
      const table = new RegistryTable(recordOf(own), kind, [...listeners]);
      for (const [key, value] of Object.entries(first)) table.meta.set(standInFor(key), isolate(value));
      tables.set(own, table);
      return ["ok", null];
    },
    handleInfo(message) {
      const holder = endedIn(message);
      if (holder !== undefined) tables.get(self())?.forget(holder);
      return ["noreply", null];
    },
  };
  return startServer(module, null, { ...rest, link });
}

/** What the registry knows. @throws {@link KrarupError} `ERR_NOT_REGISTERED` when there is none */
export function tableOf(registry: AnyPid | string): RegistryTable {
  const pid = typeof registry === "string" ? currentNode().names.whereis(registry) : registry;
  const table = pid instanceof Process && isLiving(pid) ? tables.get(pid) : undefined;
  if (table !== undefined) return table;
  const shown = typeof registry === "string" ? show(registry) : String(registry);
  throw new KrarupError(
    "ERR_NOT_REGISTERED",
    `Cannot use the registry ${shown} as there is none: start it first`,
    registry,
  );
}

/** As {@link tableOf}. @throws {@link KrarupError} `ERR_BAD_ARGUMENT` too, when its keys are not unique */
export function uniqueTableOf(registry: AnyPid | string, action: string): RegistryTable {
  const table = tableOf(registry);
  if (table.kind === "unique") return table;
  throw new KrarupError(
    "ERR_BAD_ARGUMENT",
    `Cannot ${action} as the keys of the registry must be unique: they are duplicate`,
    registry,
  );
}

/** The process whose EXIT `message` is. */
function endedIn(message: unknown): Process | undefined {
  if (typeof message !== "object" || message === null || !("type" in message) || message.type !== "EXIT")
    return undefined;
  return "pid" in message && message.pid instanceof Process ? message.pid : undefined;
}
