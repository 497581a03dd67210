// The room of stream sockets of one machine: it finds who is meant, and has the connection made.

import { type Address, clientSecurity, showAddress, type Streams } from "@krarup/ports/internal";
import type { Host } from "./host.ts";
import { CONNECT_GIVE_UP_MS } from "./limits.ts";
import type { Lane } from "./link.ts";
import { SimulatedListener } from "./listener.ts";
import type { NetworkMap } from "./network-map.ts";
import { isOwnName } from "./own-names.ts";
import { SecuredClient } from "./secured-socket.ts";
import { SimulatedSocket, type SocketWorld, type Way } from "./socket.ts";

/** The sockets of `host`. */
export function simulatedStreams(map: NetworkMap, host: Host): Streams {
  const world: SocketWorld = { agenda: map.agenda, chronicle: map.chronicle, host };
  const { handshakes } = map;
  return {
    connect(address, { tls }) {
      const security = tls && clientSecurity(tls, address);
      const socket = new SimulatedSocket(showAddress(address), world);
      const driver = security ? new SecuredClient(socket, handshakes, handshakes.begin(security)) : socket;
      new Attempt(map, world, address, socket).begin();
      return driver;
    },
    listen(address, settings) {
      const known = withPort(host, address);
      return new SimulatedListener(world, known, placeOf(known), settings, handshakes);
    },
  };
}

/** One attempt to connect. */
class Attempt {
  readonly #map: NetworkMap;
  readonly #world: SocketWorld;
  readonly #address: Address;
  readonly #socket: SimulatedSocket;
  readonly #there: Lane = { lastArrivalMs: 0 };
  readonly #back: Lane = { lastArrivalMs: 0 };

  constructor(map: NetworkMap, world: SocketWorld, address: Address, socket: SimulatedSocket) {
    this.#map = map;
    this.#world = world;
    this.#address = address;
    this.#socket = socket;
  }

  begin(): void {
    const { host, agenda } = this.#world;
    const target = this.#target;
    if (!host.open(this.#socket)) agenda.after(0, () => this.#fail("emfile"));
    else if (target === undefined) agenda.after(0, () => this.#fail("enotfound"));
    else this.#knock(target);
  }

  get #target(): Host | undefined {
    const { host } = this.#world;
    if ("path" in this.#address) return host;
    const name = this.#address.host ?? "localhost";
    return isOwnName(name) ? host : this.#map.hostOf(name);
  }

  #knock(target: Host): void {
    const { host } = this.#world;
    const link = this.#map.link(host, target);
    const isRefused = link.happens("refusals");
    this.#later({ link, lane: this.#there }, () => {
      const back = { link: this.#map.link(target, host), lane: this.#back };
      if (isRefused) this.#later(back, () => this.#fail("econnrefused"));
      else this.#answer(target.name, back);
    });
  }

  /** The target's system answers, whatever its program does. */
  #answer(name: string, back: Way): void {
    // It may have started again since it was asked.
    const target = this.#map.hostOf(name);
    const listener = target?.listenerAt(placeOf(this.#address));
    if (target === undefined || listener === undefined) {
      const code = "path" in this.#address ? "enoent" : "econnrefused";
      return this.#later(back, () => this.#fail(code));
    }
    // A system whose queue is full stays silent, and is asked again.
    if (!listener.hasRoom) return void this.#world.agenda.after(1_000, () => this.#answer(name, back));
    const { agenda, chronicle, host } = this.#world;
    const there = new SimulatedSocket(`accepted on ${showAddress(listener.address)} from ${host.name}`, {
      agenda,
      chronicle,
      host: target,
    });
    there.opened(this.#socket, back);
    listener.arrive(there);
    this.#later(back, () => this.#succeed(there));
  }

  #succeed(there: SimulatedSocket): void {
    const { host, chronicle } = this.#world;
    // Whoever wanted it has ended meanwhile, and its system does not know the connection.
    if (this.#socket.isClosed || !host.isUp) return there.reset();
    chronicle.tell(`${host.name}: ${this.#socket.label} connected`);
    this.#socket.opened(there, { link: this.#map.link(host, there.host), lane: this.#there });
  }

  #fail(code: string): void {
    if (this.#socket.isClosed) return;
    this.#world.chronicle.tell(`${this.#world.host.name}: ${this.#socket.label} ${code}`);
    this.#socket.failed(code);
  }

  #later({ link, lane }: Way, arrive: () => void): void {
    const giveUp = (): void => this.#fail("etimedout");
    link.send({ bytes: 0, arrive, giveUp, giveUpMs: CONNECT_GIVE_UP_MS }, lane);
  }
}

/** Where on a machine an address is. */
function placeOf(address: Address): string {
  return "path" in address ? `unix ${address.path}` : `tcp ${address.port}`;
}

/** The address with the port that the system chooses for port 0. */
function withPort(host: Host, address: Address): Address {
  if ("path" in address) return address;
  return { host: address.host ?? "::", port: address.port === 0 ? host.choosePort() : address.port };
}
