// A socket of the simulated network that listens.

import {
  type Address,
  type Driver,
  type DriverState,
  type Listening,
  type ListenerSettings,
  showAddress,
} from "@krarup/ports/internal";
import type { Open } from "./host.ts";
import type { SimulatedSocket, SocketWorld } from "./socket.ts";

/** Something that listens on one machine, with the connections that nobody has taken yet. */
export class SimulatedListener implements Listening, Open {
  readonly label: string;
  readonly address: Address;
  state: DriverState = { type: "opening" };
  refused = 0;
  readonly #world: SocketWorld;
  readonly #place: string;
  readonly #settings: ListenerSettings;
  /** Connections that the system has made and the program has not taken in. */
  readonly #backlog: SimulatedSocket[] = [];
  readonly #arrived: SimulatedSocket[] = [];
  #changed: () => void = () => undefined;

  /** @param place - of `address` on its machine */
  constructor(world: SocketWorld, address: Address, place: string, settings: ListenerSettings) {
    this.label = `listening on ${showAddress(address)}`;
    this.address = address;
    this.#world = world;
    this.#place = place;
    this.#settings = settings;
    world.agenda.after(0, () => this.#settle());
  }

  get waiting(): number {
    return this.#arrived.length;
  }

  take(): Driver | null {
    for (let socket = this.#arrived.shift(); socket !== undefined; socket = this.#arrived.shift())
      if (socket.readFailure === null) return socket;
    return null;
  }

  listen(changed: () => void): void {
    this.#changed = changed;
  }

  destroy(): void {
    const { host } = this.#world;
    host.unbind(this.#place, this);
    host.close(this);
    for (const socket of [...this.#arrived.splice(0), ...this.#backlog.splice(0)]) socket.destroy();
  }

  vanish(): void {
    for (const socket of [...this.#arrived.splice(0), ...this.#backlog.splice(0)]) socket.vanish();
  }

  /** Whether the system would take one more connection. */
  get hasRoom(): boolean {
    return this.#backlog.length <= this.#settings.backlog;
  }

  /** A connection is there. */
  arrive(socket: SimulatedSocket): void {
    this.#backlog.push(socket);
    this.takeIn();
  }

  /** Takes from the system what there are descriptors for. */
  takeIn(): void {
    for (let next = this.#backlog[0]; next !== undefined; next = this.#backlog[0]) {
      if (!this.#world.host.open(next)) return;
      this.#backlog.shift();
      if (this.#arrived.length < this.#settings.acceptQueueMax) this.#arrived.push(next);
      else this.#refuse(next);
    }
    this.#changed();
  }

  #refuse(socket: SimulatedSocket): void {
    this.refused++;
    socket.destroy();
  }

  #settle(): void {
    const { host, chronicle } = this.#world;
    if (!host.isUp) return;
    const code = this.#codeOfStart();
    chronicle.tell(`${host.name}: ${this.label}${code === null ? "" : ` ${code}`}`);
    this.state = code === null ? { type: "open" } : { type: "failed", code };
    this.#changed();
  }

  #codeOfStart(): string | null {
    const { host } = this.#world;
    if (!host.open(this)) return "emfile";
    if (host.bind(this.#place, this)) return null;
    host.close(this);
    return "eaddrinuse";
  }
}
