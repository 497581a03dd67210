// What is measured: the workloads, and what we ask of each.

/** A workload: a program of ours in `workloads/`, and its counterparts in `peers/`. */
export interface Workload {
  readonly name: string;
  readonly group: "kernel" | "servers" | "supervision" | "absolute" | "ports";
  readonly title: string;
  /** The program, and what it is called with. */
  readonly program: readonly [name: string, ...args: string[]];
  /** What the peers' programs are called with, where it is something else. */
  readonly counterpart?: readonly string[];
  /** Erlang's time divided by ours must be at least this. */
  readonly ratioMin?: number;
  /** Figures of our own program that must not be above a limit. */
  readonly limits?: Readonly<Record<string, number>>;
  /** Peers that must take longer than we do, where they have the workload. */
  readonly aheadOf?: readonly string[];
}

/** What we ask of ourselves, and what the peers run. */
type Terms = Pick<Workload, "counterpart" | "ratioMin" | "limits" | "aheadOf">;

/** The libraries of actors and fibers; plain promises are the bar, not a competitor. */
const LIBRARIES = ["effect", "xstate", "nact", "comedy"];
const GO = ["go", ...LIBRARIES];
const TOKIO = ["tokio", ...LIBRARIES];

type Row = (name: string, title: string, program: Workload["program"], terms?: Terms) => Workload;

function rowOf(group: Workload["group"]): Row {
  return (name, title, program, terms) => ({ name, group, title, program, ...terms });
}

const kernel = rowOf("kernel");
const servers = rowOf("servers");
const supervision = rowOf("supervision");
const absolute = rowOf("absolute");
const ports = rowOf("ports");

/** Every workload, in the order of the report. */
const WORKLOADS: readonly Workload[] = [
  kernel("spawn-keep", "spawn and keep 1,000,000", ["spawn-keep"], {
    ratioMin: 2,
    limits: { heapBytes: 400, residentMb: 600 },
    aheadOf: GO,
  }),
  kernel("spawn-exit", "spawn to exit", ["spawn-exit"], { ratioMin: 4, aheadOf: GO }),
  kernel("ping-pong", "ping-pong, round trip", ["ping-pong"], { ratioMin: 1.6, aheadOf: GO }),
  kernel("ring-1k", "ring of 1,000, hop", ["ring", "1000"], { ratioMin: 1.8, aheadOf: GO }),
  kernel("ring-100k", "ring of 100,000, hop", ["ring", "100000"], { ratioMin: 2.8, aheadOf: GO }),
  // XState runs the receiver inside `send`: it has no mailbox to fill.
  kernel("many-to-one", "100 send 10,000 each to one", ["many-to-one"], {
    ratioMin: 1.6,
    aheadOf: ["effect", "nact", "comedy"],
  }),
  kernel("call-1", "server call, 1 client", ["call", "1"], { ratioMin: 5, aheadOf: GO }),
  kernel("call-100", "server call, 100 clients", ["call", "100"], { ratioMin: 6, aheadOf: GO }),
  kernel("call-behind", "gen_server call, 1,000,000 waiting", ["call-behind"], { ratioMin: 5 }),
  kernel("receive-ref", "receive by fresh ref, 10,000 waiting", ["receive-ref"], { ratioMin: 2 }),
  kernel("receive-scan", "receive past 10,000 others", ["receive-scan"], { ratioMin: 1.2 }),
  kernel("timer-cancel", "timers set, 90 % cancelled", ["timer-cancel"], { ratioMin: 3.5, aheadOf: GO }),
  kernel("timer-due", "200,000 timers due at once", ["timer-due"], { aheadOf: GO }),
  kernel("links-down", "100,000 links torn down", ["links-down"], { ratioMin: 2.5, aheadOf: LIBRARIES }),
  kernel("monitors-down", "100,000 monitors torn down", ["monitors-down"], { ratioMin: 4 }),
  kernel("skynet", "skynet, per process", ["skynet"], { ratioMin: 2.4, aheadOf: LIBRARIES }),
  servers("server-keep", "start and keep 1,000,000 gen_servers", ["server-keep"], { limits: { heapBytes: 300 } }),
  servers("start-stop", "100,000 gen_servers started, stopped", ["start-stop"], { ratioMin: 1 }),
  servers("server-ping-pong", "gen_servers' ping-pong by messages", ["server-ping-pong"], {
    ratioMin: 3,
    aheadOf: TOKIO,
  }),
  servers("server-cast", "gen_servers' ping-pong by casts", ["server-cast"]),
  servers("server-ring", "ring of 1,000 gen_servers, hop", ["server-ring", "1000"], { aheadOf: TOKIO }),
  servers("gen-server-1", "gen_server call, 1 client", ["gen-server", "1"], {
    counterpart: ["call", "1"],
    ratioMin: 5,
    aheadOf: TOKIO,
  }),
  servers("gen-server-100", "gen_server call, 100 clients", ["gen-server", "100"], {
    counterpart: ["call", "100"],
    ratioMin: 6,
    aheadOf: TOKIO,
  }),
  servers("gen-server-draft", "gen_server call, 1 client, by a draft", ["gen-server", "1", "draft"], {
    counterpart: ["call-for-draft"],
    ratioMin: 1,
  }),
  supervision("restart-sparse", "restarts, 100 in a period", ["restart", "sparse"], { ratioMin: 6 }),
  supervision("restart-full", "restarts at full rate", ["restart", "full"], { ratioMin: 40, aheadOf: LIBRARIES }),
  supervision("start-child", "100,000 dynamic children started, ended", ["start-child"]),
  absolute("scale", "among 1,000,000 against among 1,000", ["scale"], { limits: { worstTimes: 2 } }),
  absolute("latency", "100,000 busy processes, 10 ms timer", ["latency"], {
    limits: { timerLateP99Ms: 5, echoP99Ms: 10 },
  }),
  ports("idle-connections", "10,000 idle connections", ["connections", "10000"], {
    limits: { residentKib: 12 },
  }),
  ports("busy-connections", "1,000 of 11,000 echo, 100,000 busy", ["connections", "10000", "1000", "100000", "1000"], {
    limits: { echoP99Ms: 10, echoMaxMs: 50 },
  }),
  ports("flood", "100 peers flood, 1,000-byte packets", ["flood"], {
    // A socket of Node has 64 KiB, and the chunk that is being cut into packets has as much.
    limits: { residentKib: 160, notHeldUp: 0, lost: 0, outOfOrder: 0 },
  }),
];

/** The workloads that `words` name, by themselves or by their group; all when there are none. */
export function chooseWorkloads(words: readonly string[]): readonly Workload[] {
  for (const word of words) {
    if (WORKLOADS.some(({ name, group }) => name === word || group === word)) continue;
    const known = [...new Set(WORKLOADS.map(({ group }) => group)), ...WORKLOADS.map(({ name }) => name)];
    throw new Error(`Cannot measure ${word}: choose among ${known.join(", ")}`);
  }
  return WORKLOADS.filter(({ name, group }) => words.length === 0 || words.includes(name) || words.includes(group));
}
