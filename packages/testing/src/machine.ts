// One machine of a simulation: a node with its place on the network and its disk. The node can be lost and started again; the disk stays.

import { createNode, type Node, type NodeOptions } from "@krarup/core";
import { manualPlatform, type ManualPlatform } from "@krarup/core/manual";
import { type Outside, setOutside } from "@krarup/ports/internal";
import type { ChildWorld } from "./children/child-runner.ts";
import type { Executable, Program, ProgramOptions } from "./children/program.ts";
import { simulatedChildren } from "./children/simulated-child.ts";
import type { Chance } from "./chance.ts";
import { simulatedWatches } from "./disk/directory-watch.ts";
import { Disk } from "./disk/disk.ts";
import { Drive } from "./disk/drive.ts";
import { simulatedFiles } from "./disk/files.ts";
import { simulatedHandles } from "./disk/handles.ts";
import { simulatedPaths } from "./disk/paths.ts";
import { simulatedHttp } from "./http/http.ts";
import { SimulatedStdio } from "./stdio/simulated-stdio.ts";
import { simulatedThreads, type ThreadOptions } from "./threads/simulated-threads.ts";
import type { Clockwork } from "./time/clockwork.ts";
import { simulatedPlatform } from "./time/platform.ts";
import type { Host } from "./network/host.ts";
import type { NetworkMap } from "./network/network-map.ts";
import { simulatedStreams } from "./network/streams.ts";
import { simulatedDatagrams } from "./network/udp-socket.ts";

/** How a machine and its node are. */
export interface MachineOptions extends Omit<NodeOptions, "platform" | "name"> {
  /** Descriptors that may be open at once: sockets, files. One more is `"emfile"`. Default `"infinity"`. */
  readonly descriptorsMax?: number | "infinity";
  /** Lets the seed choose which runnable process runs next, instead of the first in the queue. Default false. */
  readonly shuffle?: boolean;
}

/** What a machine stands in. */
export interface MachineWorld {
  readonly clockwork: Clockwork;
  readonly map: NetworkMap;
  readonly chance: Chance;
}

/** A machine in a simulated world. */
export class Machine {
  readonly name: string;
  readonly disk: Disk;
  readonly #world: MachineWorld;
  readonly #options: MachineOptions;
  readonly #executables = new Map<string, Executable>();
  #threads: ThreadOptions = {};
  #host: Host;
  #platform: ManualPlatform;
  #stdio: SimulatedStdio | null = null;
  #node: Node;

  /** @internal */
  constructor(name: string, world: MachineWorld, options: MachineOptions) {
    this.name = name;
    this.#world = world;
    this.#options = options;
    this.disk = new Disk(world.chance);
    this.#host = world.map.addHost(name);
    this.setDescriptorsMax(options.descriptorsMax ?? "infinity");
    [this.#platform, this.#node] = this.#boot();
  }

  /** The node that runs here now. */
  get node(): Node {
    return this.#node;
  }

  /** Types on the node's standard input. */
  type(text: string): void {
    this.#stdio?.type(text);
  }

  /** Ends the node's standard input. */
  endInput(): void {
    this.#stdio?.end();
  }

  /** What the node has printed since it started, and what it has written to its standard output. */
  get output(): string {
    return this.#platform.output;
  }

  /** Descriptors that are open, each as what it is. */
  get openDescriptors(): readonly string[] {
    return this.#host.descriptors.map(({ label }) => label);
  }

  /** From now on so many descriptors may be open; those that are stay. */
  setDescriptorsMax(count: number | "infinity"): void {
    this.#host.descriptorsMax = count === "infinity" ? Number.POSITIVE_INFINITY : count;
  }

  /** Says how calls of `blocking` are from now on. What is not named stays. */
  setThreads(options: ThreadOptions): void {
    this.#threads = { ...this.#threads, ...options };
  }

  /**
   * Puts an executable on the machine: `spawnExecutable(name)` runs `program` on a node of its own, which has this machine's disk and
   * place on the network. An executable that was not installed is `"enoent"`.
   */
  install(name: string, program: Program, options: ProgramOptions = {}): void {
    this.#executables.set(name, { ...options, program });
  }

  /**
   * The power fails: the node ends at once, and nobody is told. Its peers keep connections that are open on their side only, until they
   * send something after {@link restart}, or give up. What was not synced to the disk may be lost: see {@link Disk}.
   */
  crash(): void {
    this.#world.map.chronicle.tell(`${this.name}: crash`);
    this.#world.map.goDown(this.name);
    this.halt();
    this.disk.crash();
  }

  /** Starts the machine again, after {@link crash}, with a fresh node. @returns the node */
  restart(): Node {
    if (this.#host.isUp) throw new Error(`Cannot restart the machine ${this.name} as it is running: crash it first`);
    this.#world.map.chronicle.tell(`${this.name}: restart`);
    this.#host = this.#world.map.goUp(this.name);
    [this.#platform, this.#node] = this.#boot();
    return this.#node;
  }

  /** Ends the node as `Node.halt`: its system closes what it had open. */
  halt(): void {
    this.#node.halt();
    this.#world.clockwork.remove(this.#platform);
  }

  #boot(): [ManualPlatform, Node] {
    const { reports = "none", shuffle = false } = this.#options;
    const platform = manualPlatform({ seed: this.#nextSeed(), shuffle });
    this.#world.clockwork.add(platform);
    const node = createNode({
      ...this.#options,
      name: this.name,
      reports,
      platform: simulatedPlatform(platform, this.#world.clockwork),
    });
    this.#stdio = new SimulatedStdio((text) => platform.write("stdout", text));
    setOutside(node, { ...this.#rooms(), stdio: this.#stdio });
    return [platform, node];
  }

  /** The world around a node of this machine. */
  #rooms(): Partial<Outside> {
    const { map } = this.#world;
    const host = this.#host;
    const drive = new Drive(this.disk.files, this.disk.faults, map.agenda, host);
    const streams = simulatedStreams(map, host);
    return {
      streams,
      threads: () => simulatedThreads(map.agenda, this.#world.clockwork, this.#world.chance, () => this.#threads),
      http: simulatedHttp(streams, map.agenda, this.#world.chance),
      datagrams: simulatedDatagrams(map, host),
      names: map.nameService,
      files: simulatedFiles(drive, map.chronicle),
      handles: simulatedHandles(drive),
      paths: simulatedPaths(drive),
      watches: simulatedWatches(drive),
      children: simulatedChildren(map, host, this.#executables, () => this.#childWorld()),
    };
  }

  #childWorld(): ChildWorld {
    return { clockwork: this.#world.clockwork, seed: this.#nextSeed(), rooms: () => this.#rooms() };
  }

  #nextSeed(): number {
    return Math.floor(this.#world.chance() * 2 ** 32);
  }
}
