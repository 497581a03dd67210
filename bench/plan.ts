// What is measured: the workloads, and what we ask of each.

/** A workload: a program of ours in `workloads/`, and its counterparts in `peers/`. */
export interface Workload {
  readonly name: string;
  readonly group: "kernel" | "supervision" | "absolute";
  readonly title: string;
  /** The program, and what it is called with. */
  readonly program: readonly [name: string, ...args: string[]];
  /** What the peers' programs are called with, where it is something else. */
  readonly counterpart?: readonly string[];
  /** Erlang's time divided by ours must be at least this. */
  readonly ratioMin?: number;
  /** Figures of our own program that must not be above a limit. */
  readonly limits?: Readonly<Record<string, number>>;
}

/** Every workload, in the order of the report. */
const WORKLOADS: readonly Workload[] = [
  kernel("spawn-keep", "spawn and keep 1,000,000", ["spawn-keep"], 2, { heapBytes: 400 }),
  kernel("spawn-exit", "spawn to exit", ["spawn-exit"], 4),
  kernel("ping-pong", "ping-pong, round trip", ["ping-pong"], 1.6),
  kernel("ring-1k", "ring of 1,000, hop", ["ring", "1000"], 1.8),
  kernel("ring-100k", "ring of 100,000, hop", ["ring", "100000"], 2.8),
  kernel("many-to-one", "100 send 10,000 each to one", ["many-to-one"], 1.6),
  kernel("call-1", "server call, 1 client", ["call", "1"], 5),
  kernel("call-100", "server call, 100 clients", ["call", "100"], 6),
  {
    ...kernel("gen-server-1", "gen_server call, 1 client", ["gen-server", "1"], 5),
    counterpart: ["call", "1"],
  },
  {
    ...kernel("gen-server-100", "gen_server call, 100 clients", ["gen-server", "100"], 6),
    counterpart: ["call", "100"],
  },
  {
    ...kernel("gen-server-draft", "the same, 1 client, with a draft", ["gen-server", "1", "draft"], 1),
    counterpart: ["call", "1"],
  },
  kernel("start-stop", "100,000 gen_servers started, stopped", ["start-stop"], 1),
  kernel("receive-ref", "receive by fresh ref, 10,000 waiting", ["receive-ref"], 2),
  kernel("receive-scan", "receive past 10,000 others", ["receive-scan"], 1.2),
  kernel("timer-cancel", "timers set, 90 % cancelled", ["timer-cancel"], 3.5),
  kernel("timer-due", "200,000 timers due at once", ["timer-due"]),
  kernel("links-down", "100,000 links torn down", ["links-down"], 2.5),
  kernel("monitors-down", "100,000 monitors torn down", ["monitors-down"], 4),
  kernel("skynet", "skynet, per process", ["skynet"], 2.4),
  supervision("restart-sparse", "restarts, 100 in a period", ["restart", "sparse"], 6),
  supervision("restart-full", "restarts at full rate", ["restart", "full"], 40),
  absolute("scale", "among 1,000,000 against among 1,000", ["scale"], { worstTimes: 2 }),
  absolute("latency", "100,000 busy processes, 10 ms timer", ["latency"], {
    timerLateP99Ms: 5,
    echoP99Ms: 10,
  }),
];

function kernel(
  name: string,
  title: string,
  program: Workload["program"],
  ratioMin?: number,
  limits?: Workload["limits"],
): Workload {
  return {
    name,
    group: "kernel",
    title,
    program,
    ...(ratioMin && { ratioMin }),
    ...(limits && { limits }),
  };
}

function supervision(name: string, title: string, program: Workload["program"], ratioMin: number): Workload {
  return { name, group: "supervision", title, program, ratioMin };
}

function absolute(
  name: string,
  title: string,
  program: Workload["program"],
  limits: NonNullable<Workload["limits"]>,
): Workload {
  return { name, group: "absolute", title, program, limits };
}

/** The workloads that `words` name, by themselves or by their group; all when there are none. */
export function chooseWorkloads(words: readonly string[]): readonly Workload[] {
  for (const word of words) {
    if (WORKLOADS.some(({ name, group }) => name === word || group === word)) continue;
    const known = [...new Set(WORKLOADS.map(({ group }) => group)), ...WORKLOADS.map(({ name }) => name)];
    throw new Error(`Cannot measure ${word}: choose among ${known.join(", ")}`);
  }
  return WORKLOADS.filter(({ name, group }) => words.length === 0 || words.includes(name) || words.includes(group));
}
