// A socket of the simulated network that listens.

import type { ServerTls } from "@krarup/ports";
import {
  type Address,
  type Driver,
  type DriverState,
  HANDSHAKE_TIMEOUT_MS,
  type Listening,
  type ListenerSettings,
  serverSecurity,
  showAddress,
} from "@krarup/ports/internal";
import type { Handshakes } from "./handshakes.ts";
import type { Open } from "./host.ts";
import { SecuredServer, type ServerSide } from "./secured-socket.ts";
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
  /** Those that shake hands; with what waits they are what was not accepted. */
  readonly #shaking = new Set<SecuredServer>();
  readonly #arrived: (SimulatedSocket | SecuredServer)[] = [];
  readonly #side: ServerSide | null;
  #changed: () => void = () => undefined;

  /** @param place - of `address` on its machine */
  constructor(world: SocketWorld, address: Address, place: string, settings: ListenerSettings, handshakes: Handshakes) {
    this.label = `listening on ${showAddress(address)}`;
    this.address = address;
    this.#world = world;
    this.#place = place;
    this.#settings = settings;
    this.#side = settings.tls === undefined ? null : sideOf(settings.tls, handshakes, world);
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
    const unaccepted = [...this.#shaking, ...this.#arrived.splice(0), ...this.#backlog.splice(0)];
    this.#shaking.clear();
    for (const socket of unaccepted) socket.destroy();
  }

  vanish(): void {
    const unaccepted = [...this.#shaking, ...this.#arrived.splice(0), ...this.#backlog.splice(0)];
    this.#shaking.clear();
    for (const socket of unaccepted) socket.vanish();
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
      if (this.#arrived.length + this.#shaking.size >= this.#settings.acceptQueueMax) this.#refuse(next);
      else if (this.#side === null) this.#arrived.push(next);
      else this.#secure(next, this.#side);
    }
    this.#changed();
  }

  /** It arrives when it is secured, and never when it fails. */
  #secure(socket: SimulatedSocket, side: ServerSide): void {
    const secured = new SecuredServer(socket, side);
    this.#shaking.add(secured);
    secured.listen(() => {
      if (!this.#shaking.delete(secured) || secured.state.type !== "open") return;
      this.#arrived.push(secured);
      this.#changed();
    });
    secured.proceed();
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

function sideOf(tls: ServerTls, handshakes: Handshakes, { agenda }: SocketWorld): ServerSide {
  const { handshakeTimeoutMs = HANDSHAKE_TIMEOUT_MS } = tls;
  return {
    handshakes,
    security: serverSecurity(tls),
    afterLimit: (giveUp) => agenda.after(handshakeTimeoutMs, giveUp),
  };
}
