// A socket of the simulated network for datagrams.

import type { Datagram, UdpInfo } from "@krarup/ports";
import type { Datagrams, DatagramSettings, Details, Driver, DriverState, Settled } from "@krarup/ports/internal";
import { showBytes } from "../chronicle.ts";
import type { Host, Open } from "./host.ts";
import { DATAGRAM_BYTES_MAX } from "./limits.ts";
import type { NetworkMap } from "./network-map.ts";
import { isOwnName } from "./own-names.ts";

const BROADCAST = "255.255.255.255";

/** The datagrams of `host`. */
export function simulatedDatagrams(map: NetworkMap, host: Host): Datagrams {
  return { open: (settings) => new SimulatedUdpSocket(map, host, settings) };
}

/** A socket for datagrams. It has no other side, so it never ends by itself. */
export class SimulatedUdpSocket implements Driver<Datagram>, Open {
  readonly label: string;
  readonly hasEnded = false;
  readonly isFull = false;
  readonly readFailure = null;
  readonly writeFailure = null;
  readonly exitStatus = null;
  state: DriverState = { type: "opening" };
  readonly #map: NetworkMap;
  readonly #host: Host;
  readonly #settings: DatagramSettings;
  readonly #port: number;
  readonly #arrived: Datagram[] = [];
  #settled: Settled[] = [];
  #received = 0;
  #dropped = 0;
  #changed: () => void = () => undefined;

  constructor(map: NetworkMap, host: Host, settings: DatagramSettings) {
    this.#map = map;
    this.#host = host;
    this.#settings = settings;
    this.#port = settings.port === 0 ? host.choosePort() : settings.port;
    this.label = `udp ${settings.host ?? "*"}:${this.#port}`;
    map.agenda.after(0, () => this.#open());
  }

  get details(): Partial<Details> {
    return { udp: this.#info };
  }

  listen(changed: () => void): void {
    this.#changed = changed;
  }

  read(): Datagram | null {
    return this.#arrived.shift() ?? null;
  }

  write(datagram: Datagram): void {
    // Whether it is one at all only the system finds out.
    const code = isDatagram(datagram) ? this.#send(datagram) : "einval";
    this.#map.agenda.after(0, () => {
      this.#settled.push({ packet: datagram, code });
      this.#changed();
    });
  }

  takeSettled(): readonly Settled[] {
    const settled = this.#settled;
    this.#settled = [];
    return settled;
  }

  closeWrite(): void {
    // There is nobody to be told.
  }

  close(): void {
    this.destroy();
  }

  destroy(): void {
    this.#map.leave(this);
    this.#host.close(this);
  }

  vanish(): void {
    this.#map.leave(this);
  }

  /** Whether it gets what is sent to `port` of `host`, or of the group of that address. */
  hears(host: Host | null, address: string, port: number): boolean {
    if (port !== this.#port || !this.#host.isUp) return false;
    if (address === BROADCAST) return true;
    return host === this.#host || this.#settings.memberships.some(({ group }) => group === address);
  }

  #open(): void {
    const isTaken = !this.#settings.reuseAddress && this.#map.isTaken(this.#host, this.#port);
    const code = isTaken ? "eaddrinuse" : this.#host.open(this) ? null : "emfile";
    this.state = code === null ? { type: "open" } : { type: "failed", code };
    if (code === null) this.#map.join(this);
    this.#changed();
  }

  /** @returns the code of why it is not sent; null when it is, which says nothing about its arrival */
  #send({ host, port, data }: Datagram): string | null {
    if (data.length > DATAGRAM_BYTES_MAX) return "emsgsize";
    if (host === BROADCAST && !this.#settings.broadcast) return "eacces";
    const target = isOwnName(host) ? this.#host : (this.#map.hostOf(host) ?? null);
    if (target === null && !isGroup(host) && host !== BROADCAST) return "enotfound";
    const copy = data.slice();
    for (const socket of this.#map.hearing(target, host, port)) this.#sendTo(socket, copy);
    return null;
  }

  #sendTo(socket: SimulatedUdpSocket, data: Uint8Array): void {
    const link = this.#map.link(this.#host, socket.#host);
    if (link.happens("losses")) return this.#map.chronicle.tell(`${this.#host.name}: ${this.label} loses a datagram`);
    const from = socket.#host === this.#host ? "127.0.0.1" : this.#host.ip;
    const arrive = (): void => socket.#arrive({ host: from, port: this.#port, data });
    link.cast(data.length, arrive);
    if (link.happens("duplicates")) link.cast(data.length, arrive);
  }

  #arrive(datagram: Datagram): void {
    if (!this.#host.isUp) return;
    this.#map.chronicle.tell(`${this.#host.name}: ${this.label} ${showBytes(datagram.data)}`);
    if (this.#arrived.length >= this.#settings.queueLengthMax) {
      this.#dropped++;
      return;
    }
    this.#received++;
    this.#arrived.push(datagram);
    this.#changed();
  }

  get #info(): UdpInfo {
    const host = this.#settings.host ?? "0.0.0.0";
    return {
      address: { host, port: this.#port },
      received: this.#received,
      dropped: this.#dropped,
      waiting: this.#arrived.length,
    };
  }
}

function isDatagram(value: Partial<Datagram> | null): value is Datagram {
  return value?.data instanceof Uint8Array && typeof value.host === "string" && Number.isInteger(value.port);
}

/** Whether an address is that of a group. */
function isGroup(address: string): boolean {
  const first = Number(address.split(".")[0]);
  return (first >= 224 && first <= 239) || address.toLowerCase().startsWith("ff");
}
