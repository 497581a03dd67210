// The driver of a simulated child process: the parent's end of its standard input and output.

import type { ChildCommand, Children, Driver } from "@krarup/ports/internal";
import { SimulatedSocket, type SocketWorld, type Way } from "../network/socket.ts";
import type { NetworkMap } from "../network/network-map.ts";
import type { Host } from "../network/host.ts";
import { ChildRunner, type ChildWorld } from "./child-runner.ts";
import type { Executable } from "./program.ts";

/** The child processes of one machine. */
export function simulatedChildren(
  map: NetworkMap,
  host: Host,
  executables: ReadonlyMap<string, Executable>,
  childWorld: () => ChildWorld,
): Children {
  const world: SocketWorld = { agenda: map.agenda, chronicle: map.chronicle, host };
  const way = (): Way => ({ link: map.link(host, host), lane: { lastArrivalMs: 0 } });
  return {
    start(command) {
      const child = new SimulatedChild(command, world);
      map.agenda.after(0, () => child.start(executables.get(command.executable), way, childWorld));
      return child;
    },
  };
}

/** A child process as a stream. It has ended when the child has exited and everything it wrote was read. */
class SimulatedChild extends SimulatedSocket implements Driver {
  readonly #command: ChildCommand;
  readonly #world: SocketWorld;
  #runner: ChildRunner | null = null;
  #isEnding = false;
  #cancelKill: () => void = () => undefined;

  constructor(command: ChildCommand, world: SocketWorld) {
    super(`child ${command.executable}`, world);
    this.#command = command;
    this.#world = world;
  }

  start(executable: Executable | undefined, way: () => Way, childWorld: () => ChildWorld): void {
    const { host, chronicle } = this.#world;
    if (this.isClosed || !host.isUp) return;
    const code = executable === undefined ? "enoent" : host.open(this) ? null : "emfile";
    chronicle.tell(`${host.name}: ${this.label} ${code ?? "starts"}`);
    if (code !== null || executable === undefined) return this.failed(code ?? "enoent");
    const stdio = new SimulatedSocket(`${this.label}, inside`, this.#world);
    stdio.opened(this, way());
    this.opened(stdio, way());
    const exited = (status: number): void => this.#exited(status);
    this.#runner = new ChildRunner(executable, this.#command, stdio, childWorld(), exited);
  }

  override get hasEnded(): boolean {
    return super.hasEnded && this.exitStatus !== null;
  }

  override close(): void {
    this.#end();
    super.close();
  }

  override destroy(): void {
    this.#end();
    super.destroy();
  }

  override vanish(): void {
    this.#cancelKill();
    this.#runner?.vanish();
    super.vanish();
  }

  #exited(status: number): void {
    const { host, chronicle } = this.#world;
    chronicle.tell(`${host.name}: ${this.label} exits with ${status}`);
    this.#cancelKill();
    this.exitStatus = status;
    this.changed();
  }

  #end(): void {
    if (this.#isEnding || this.exitStatus !== null) return;
    this.#isEnding = true;
    this.#cancelKill = this.#world.agenda.after(this.#command.killAfterMs, () => this.#runner?.kill());
    this.#runner?.terminate();
  }
}
