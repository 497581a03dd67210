// A world made for a test: machines with their nodes, the network between them, and one clock for all.

import { type Operation, type Self, spawnOpt, type Suspension } from "@krarup/core";
import { seededRandom } from "@krarup/core/manual";
import { Chronicle } from "./chronicle.ts";
import { leftoversOn } from "./leftovers.ts";
import { Machine, type MachineOptions } from "./machine.ts";
import { Handshakes } from "./network/handshakes.ts";
import { NetworkMap } from "./network/network-map.ts";
import { Network } from "./network/network.ts";
import { Probe } from "./probe.ts";
import { Agenda } from "./time/agenda.ts";
import { Clockwork } from "./time/clockwork.ts";

/** How a simulation differs from another. */
export interface SimulationOptions {
  /** All chance comes from it; default 1. */
  readonly seed?: number;
}

/** How long {@link Simulation.run} goes on. */
export interface RunOptions {
  /** Milliseconds of virtual time after which it fails; default 3,600,000, an hour. */
  readonly withinMs?: number;
}

/** What a process of a test does. */
export type Play<T> = (self: Self<unknown>) => Generator<Suspension, T, void> | Operation<T>;

/** Milliseconds of virtual time for one run, unless an option says otherwise. */
const RUN_MS = 3_600_000;

/** A world. See {@link simulation}. */
export class Simulation {
  readonly seed: number;
  readonly network: Network;
  readonly #agenda = new Agenda();
  readonly #clockwork: Clockwork = new Clockwork(this.#agenda);
  readonly #chronicle: Chronicle = new Chronicle(this.#agenda);
  readonly #machines = new Map<string, Machine>();
  readonly #chance: () => number;
  readonly #map: NetworkMap;

  /** @internal */
  constructor(seed: number) {
    this.seed = seed;
    this.#chance = seededRandom(seed);
    this.#map = new NetworkMap(this.#agenda, this.#chronicle, this.#chance, new Handshakes(this.#clockwork));
    this.network = new Network(this.#map);
  }

  /** Milliseconds since the world began. */
  get nowMs(): number {
    return this.#agenda.nowMs;
  }

  /** What has happened outside the nodes, a line for each event: byte for byte the same for the same seed. */
  get transcript(): string {
    return this.#chronicle.text;
  }

  /** The machine of that name, which is made, and its node started, when it is asked for first. */
  machine(name: string, options: MachineOptions = {}): Machine {
    let machine = this.#machines.get(name);
    if (machine === undefined) {
      const world = { clockwork: this.#clockwork, map: this.#map, chance: this.#chance };
      machine = new Machine(name, world, options);
      this.#machines.set(name, machine);
    }
    return machine;
  }

  /** Runs until nothing can happen without time going on. */
  settle(): Promise<void> {
    return this.#clockwork.settle();
  }

  /** Lets `ms` milliseconds go by: everything that falls due on the way happens. */
  advance(ms: number): Promise<void> {
    return this.#clockwork.advance(ms);
  }

  /**
   * Runs `play` in a process of `machine`, and lets time go by until it has returned.
   *
   * @returns what it returned
   * @throws what it threw; an `Error` when it was ended, when it would wait for ever, or when `withinMs` are over
   */
  async run<T>(machine: Machine, play: Play<T>, { withinMs = RUN_MS }: RunOptions = {}): Promise<T> {
    let outcome: Outcome<T> | null = null;
    const body = function* player(self: Self<unknown>): Generator<Suspension, void, void> {
      try {
        outcome = { do: "return", value: yield* play(self) };
      } catch (error) {
        outcome = { do: "throw", error };
      }
    };
    const pid = spawnOpt(body, [], { node: machine.node });
    const forget = machine.node.subscribe(["exit"], (event) => {
      if (event.type !== "exit" || event.pid !== pid || outcome !== null) return;
      outcome = { do: "throw", error: new Error("The process was ended", { cause: event.reason }) };
    });
    try {
      await this.#until(() => outcome !== null, withinMs);
    } finally {
      forget();
    }
    return valueOf(outcome);
  }

  /** Makes a probe on `machine`: a process that keeps what it is sent, for the test to look at. It is a daemon. */
  probe(machine: Machine): Probe {
    return new Probe(machine, this.#agenda, this.#clockwork);
  }

  /**
   * What the programs have left behind: processes, descriptors that are open, timers. Each is a line, and a program that has cleaned up
   * has none. Daemons do not count, as in {@link Node.whyAlive}.
   */
  get leftovers(): readonly string[] {
    return [...this.#machines.values()].flatMap(leftoversOn);
  }

  /** Ends every node. Nothing runs afterwards. */
  end(): void {
    for (const machine of this.#machines.values()) machine.halt();
  }

  async #until(isOver: () => boolean, withinMs: number): Promise<void> {
    const untilMs = this.nowMs + withinMs;
    await this.settle();
    while (!isOver())
      if (!(await this.#clockwork.step(untilMs)))
        throw new Error(`The process still waits after ${withinMs} ms, and nothing is going to wake it before`);
  }
}

type Outcome<T> = { readonly do: "return"; readonly value: T } | { readonly do: "throw"; readonly error: unknown };

function valueOf<T>(outcome: Outcome<T> | null): T {
  if (outcome === null) throw new Error("The process has no outcome");
  if (outcome.do === "throw") throw outcome.error;
  return outcome.value;
}

/**
 * Makes a world in which nothing is real but the program: time stands still unless the test moves it, and all chance comes from a seed.
 *
 * @remarks
 * Its machines have a node each, a disk, child processes, and places on one network. What the ports of these nodes do outside, they do there.
 *
 * **Ordering.** The same seed and the same test give the same story, byte for byte: see {@link Simulation.transcript}. That holds for
 * programs whose promises depend on nothing outside; a real file or socket has no place on the simulated clock and is not waited for.
 * **Waiting.** Whoever moves the time awaits it; one at a time.
 * **Cost.** Some ten microseconds for each moment at which something happens, however far apart they are.
 *
 * @example
 * ```ts
 * import { spawnOpt } from "@krarup/core";
 * import { connect, orExit, readLine, startTcpServer, write } from "@krarup/ports";
 * import { simulation } from "@krarup/testing";
 *
 * const world = simulation({ seed: 7 });
 * world.network.setLinks({ latencyMs: 50 });
 *
 * spawnOpt(
 *   function* (self) {
 *     yield* startTcpServer({
 *       port: 7000,
 *       *serve(_self, socket) {
 *         yield* write(socket, `hello ${yield* orExit(readLine(socket))}\n`);
 *       },
 *     });
 *     yield* self.receive();
 *   },
 *   [],
 *   { node: world.machine("server").node },
 * );
 * await world.settle();
 *
 * const answer = await world.run(world.machine("client"), function* () {
 *   const socket = yield* orExit(connect({ host: "server", port: 7000 }));
 *   yield* orExit(write(socket, "world\n"));
 *   return yield* readLine(socket);
 * });
 * answer; // => "hello world"
 * world.nowMs; // => 200
 * ```
 */
export function simulation({ seed = 1 }: SimulationOptions = {}): Simulation {
  return new Simulation(seed);
}
