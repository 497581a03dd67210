// The public face of partitioned children: `import { PartitionSupervisor } from "@krarup/supervisor"`.
//
// One process that everybody talks to is a queue that everybody stands in. Where requests about different keys need not wait for each other,
// several of it, all alike, each serve a part of the keys:
//
//   key ──► partition = key modulo partitions ──► the child that runs as that partition now
//
// The way from a key to a pid must not go through the supervisor, or that would be the one queue. So each start notes its pid in a table
// that belongs to the supervisor and that everybody reads.

import {
  type AnyPid,
  isAlive,
  isPid,
  KrarupError,
  type NameRegistry,
  type Operation,
  type Pid,
  send,
  type Via,
  whereis,
} from "@krarup/core";
import { requireProcess } from "@krarup/core/internal";
import type { AnyChildSpec, ChildSpec } from "./child-spec.ts";
import type { SupervisorPid } from "./management.ts";
import { flawOf } from "./flaw.ts";
import type { Step } from "./supervising-body.ts";
import { Supervisor } from "./supervisor.ts";
import { refuseFlags, requireSpec, type RestartIntensity } from "./supervisor-spec.ts";

/** What chooses a partition: a whole number modulo the partitions, or anything else by its text. */
export type PartitionKey = string | number | bigint | AnyPid;

/** What a start function makes, at once or after a wait. */
type Started<M = never> = ReturnType<AnyChildSpec<M>["start"]>;

/** Several children that are alike. */
export interface PartitionSupervisorSpec<M = never> extends RestartIntensity, Omit<AnyChildSpec<M>, "start"> {
  /** How many. A node runs on one core: they spread waiting, not computing. */
  readonly partitions: number;
  /** Makes the child of one partition, counted from 0, and links to it; see `ChildSpec`. */
  readonly start: (partition: number) => Started<M>;
  /** Registers the supervisor. */
  readonly name?: string;
}

/** The pids that serve the partitions of each supervisor. */
const routes = new WeakMap<AnyPid, (AnyPid | undefined)[]>();

/**
 * Starts a supervisor, linked to this process, with one child for each partition; their ids are 0, 1 and so on. They are restarted one for one.
 *
 * @remarks
 * It is a `Supervisor`: whatever can be asked of one can be asked of it.
 *
 * **Waiting**, **Exits.** As for `Supervisor.startLink`.
 *
 * @throws {@link SpecError} at once, for a spec that makes no sense; {@link StartError} as `Supervisor.startLink`
 *
 * @example
 * ```ts
 * import { genServer, spawn } from "@krarup/core";
 * import { PartitionSupervisor } from "@krarup/supervisor";
 *
 * const Cache = genServer({
 *   init: (partition: number) => ({ partition }),
 *   call: { partition: ({ state }) => state.partition },
 * });
 *
 * spawn(function* () {
 *   yield* PartitionSupervisor.startLink({ name: "caches", partitions: 4, start: (partition) => Cache.startLink(partition) });
 *   yield* Cache.call(PartitionSupervisor.via("caches", 6)).partition(); // => 2
 * });
 * ```
 *
 * @see {@link https://hexdocs.pm/elixir/PartitionSupervisor.html | Elixir's PartitionSupervisor}. Differs from it: there is no default number
 * of partitions, as a node has one scheduler.
 */
function startLink<M = never>(spec: PartitionSupervisorSpec<M>): Operation<SupervisorPid> {
  requireSpec(spec);
  const { partitions, start } = spec;
  if (!Number.isInteger(partitions) || partitions < 1)
    refuseFlags(flawOf("invalid_partitions", partitions, "partitions must be an integer >= 1"));
  // Of one spec the supervisor takes its part, and each child its own.
  const children = Array.from({ length: partitions }, (_, id): ChildSpec => ({
    ...spec,
    id,
    start: () => startPartition(start, id, partitions),
  }));
  return Supervisor.startLink({ ...spec, children });
}

function* startPartition(start: (partition: number) => Started, partition: number, partitions: number): Step<AnyPid> {
  const started = start(partition);
  const pid = isPid(started) ? started : yield* started;
  const supervisor = requireProcess("start a partition");
  const pids = routes.get(supervisor) ?? new Array<AnyPid | undefined>(partitions);
  pids[partition] = pid;
  routes.set(supervisor, pids);
  return pid;
}

/** Where a key leads. */
interface Route {
  readonly supervisor: AnyPid | string;
  readonly key: PartitionKey;
}

/**
 * The name of whoever serves `key` now, for `send`, `call`, `cast` and wherever else a name is taken. The same key leads to the same partition
 * as long as the supervisor lives.
 *
 * @remarks
 * While that child is being restarted, and when there is no such supervisor, nobody has the name: a call exits with `"noproc"`, a send
 * throws `ERR_NOT_REGISTERED`.
 *
 * **Cost.** A hash of the key; the supervisor is not asked.
 *
 * @see {@link https://hexdocs.pm/elixir/PartitionSupervisor.html#module-usage | PartitionSupervisor, Usage}
 */
function via(supervisor: SupervisorPid | string, key: PartitionKey): Via {
  const route: Route = { supervisor, key };
  return { via: partitionRegistry, name: route };
}

/**
 * How many partitions there are; 0 when there is no such supervisor.
 *
 * @see {@link https://hexdocs.pm/elixir/PartitionSupervisor.html#partitions/1 | PartitionSupervisor.partitions/1}
 */
function partitions(supervisor: SupervisorPid | string): number {
  return pidsOf(supervisor).length;
}

const partitionRegistry: NameRegistry = {
  // Names come and go with the partitions, and nobody else can have one.
  registerName: () => false,
  unregisterName: () => undefined,
  whereisName: (name) => pidFor(routeIn(name)),
  send(name, message) {
    const route = routeIn(name);
    // Whoever sends to a name answers for what its holder understands.
    const pid = pidFor(route) as Pid<unknown> | undefined;
    if (pid === undefined)
      throw new KrarupError(
        "ERR_NOT_REGISTERED",
        `Cannot send as nobody serves key ${String(route.key)} of ${String(route.supervisor)}: its partition is being restarted, or there is no such supervisor`,
        route.key,
      );
    send(pid, message);
  },
};

function routeIn(name: unknown): Route {
  // Only `via` makes names for this registry.
  return name as Route;
}

function pidFor({ supervisor, key }: Route): AnyPid | undefined {
  const pids = pidsOf(supervisor);
  const pid = pids.length === 0 ? undefined : pids[partitionOf(key, pids.length)];
  return pid !== undefined && isAlive(pid) ? pid : undefined;
}

function pidsOf(supervisor: AnyPid | string): readonly (AnyPid | undefined)[] {
  const pid = typeof supervisor === "string" ? whereis(supervisor) : supervisor;
  return pid === undefined || !isAlive(pid) ? [] : (routes.get(pid) ?? []);
}

/** The partition that `key` belongs to, of `count`. */
export function partitionOf(key: PartitionKey, count: number): number {
  if (typeof key === "bigint") return Number((key < 0n ? -key : key) % BigInt(count));
  if (Number.isInteger(key)) return Math.abs(Number(key)) % count;
  return hash(String(key)) % count;
}

/** FNV-1a over the code units of `text`, in 32 bits. */
function hash(text: string): number {
  let mixed = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) mixed = Math.imul(mixed ^ text.charCodeAt(at), 0x01000193);
  return mixed >>> 0;
}

/**
 * Supervisors of several children that are alike, each of which serves a part of the keys.
 *
 * @see {@link https://hexdocs.pm/elixir/PartitionSupervisor.html | Elixir's PartitionSupervisor}
 */
export const PartitionSupervisor: {
  readonly startLink: typeof startLink;
  readonly via: typeof via;
  readonly partitions: typeof partitions;
} = { startLink, via, partitions };
