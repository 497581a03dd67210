// Which machines there are, the links between them, and the connections over these.

import type { Chance } from "../chance.ts";
import type { Chronicle } from "../chronicle.ts";
import type { Agenda } from "../time/agenda.ts";
import type { Handshakes } from "./handshakes.ts";
import { Host } from "./host.ts";
import { Link, type LinkOptions } from "./link.ts";
import { NameService } from "./name-service.ts";
import type { SimulatedUdpSocket } from "./udp-socket.ts";

const PLAIN: Required<LinkOptions> = {
  latencyMs: 1,
  bytesPerMs: "infinity",
  segmentBytes: 65_536,
  resets: 0,
  stalls: 0,
  stallMs: 200,
  refusals: 0,
  losses: 0,
  duplicates: 0,
};

/** The network from inside. */
export class NetworkMap {
  readonly agenda: Agenda;
  readonly chronicle: Chronicle;
  readonly #chance: Chance;
  readonly #hosts = new Map<string, Host>();
  readonly #links = new Map<string, Link>();
  readonly #names = new Map<string, string>();
  readonly #datagrams = new Set<SimulatedUdpSocket>();
  readonly nameService: NameService;
  readonly handshakes: Handshakes;
  #defaults: LinkOptions = {};

  constructor(agenda: Agenda, chronicle: Chronicle, chance: Chance, handshakes: Handshakes) {
    this.agenda = agenda;
    this.chronicle = chronicle;
    this.#chance = chance;
    this.handshakes = handshakes;
    const ipOf = (host: string): string | null => this.hostOf(host)?.ip ?? null;
    this.nameService = new NameService(agenda, chance, ipOf, (ip) => this.hostOf(ip)?.name ?? null);
  }

  addHost(name: string): Host {
    const host = new Host(name, `10.0.${this.#hosts.size >>> 8}.${(this.#hosts.size + 1) & 255}`);
    this.#hosts.set(name, host);
    this.#names.set(name, name);
    this.#names.set(host.ip, name);
    return host;
  }

  /** The machine of a name or an address. */
  hostOf(name: string): Host | undefined {
    return this.#hosts.get(this.#names.get(name) ?? "");
  }

  /** Lets `alias` mean the machine `name` as well; null takes it back. */
  alias(alias: string, name: string | null): void {
    if (name === null) this.#names.delete(alias);
    else this.#names.set(alias, name);
  }

  link(from: Host, to: Host): Link {
    const key = `${from.name}\n${to.name}`;
    let link = this.#links.get(key);
    if (link === undefined) {
      const own = from === to ? { latencyMs: 0 } : this.#defaults;
      link = new Link(this.agenda, this.#chance, () => this.#hosts.get(to.name)?.isUp === true, { ...PLAIN, ...own });
      this.#links.set(key, link);
    }
    return link;
  }

  /** Every link between different machines, those to come as well. */
  setAll(options: LinkOptions): void {
    this.#defaults = { ...this.#defaults, ...options };
    for (const [key, link] of this.#links) if (!isOwn(key)) link.set(options);
  }

  /** A socket for datagrams is open. */
  join(socket: SimulatedUdpSocket): void {
    this.#datagrams.add(socket);
  }

  leave(socket: SimulatedUdpSocket): void {
    this.#datagrams.delete(socket);
  }

  /** Whether a socket for datagrams has that port of `host`. */
  isTaken(host: Host, port: number): boolean {
    return this.hearing(host, host.ip, port).length > 0;
  }

  /** The sockets that get what is sent to `port` of `host`, or to a group. */
  hearing(host: Host | null, address: string, port: number): SimulatedUdpSocket[] {
    return [...this.#datagrams].filter((socket) => socket.hears(host, address, port));
  }

  /** The power of a machine fails: what is sent to it waits. */
  goDown(name: string): void {
    this.#hosts.get(name)?.goDown();
  }

  /** It starts again, and knows nothing of what was. */
  goUp(name: string): Host {
    const before = this.#hosts.get(name);
    const host = new Host(name, before?.ip ?? "");
    if (before !== undefined) host.descriptorsMax = before.descriptorsMax;
    this.#hosts.set(name, host);
    for (const from of this.#hosts.values()) this.link(from, host).release();
    return host;
  }
}

function isOwn(key: string): boolean {
  const [from, to] = key.split("\n");
  return from === to;
}
