// The network as a test sees it: what goes wrong on it, by hand or by chance.

import type { Host } from "./host.ts";
import type { LinkOptions } from "./link.ts";
import type { NameServiceOptions, RecordsOf } from "./name-service.ts";
import type { NetworkMap } from "./network-map.ts";
import { SimulatedSocket } from "./socket.ts";

/**
 * The network between the machines of a simulation.
 *
 * @remarks
 * Machines are named. A link has a direction: `stall("a", "b")` holds up what `a` sends to `b`, and `b` still gets through to `a`.
 */
export class Network {
  readonly #map: NetworkMap;

  /** @internal */
  constructor(map: NetworkMap) {
    this.#map = map;
  }

  /** Says how every link between different machines is, those made later among them. What is not named stays. */
  setLinks(options: LinkOptions): void {
    this.#map.setAll(options);
  }

  /** Says how the link from one machine to another is. What is not named stays. */
  setLink(from: string, to: string, options: LinkOptions): void {
    this.#map.link(this.#host(from), this.#host(to)).set(options);
  }

  /**
   * Cuts the network between two groups of machines, in both directions.
   *
   * @remarks
   * What is sent waits and gets through after {@link heal}, as TCP sends again; an attempt to connect ends with `"etimedout"` after 127 s,
   * and a connection with something on the way after 924.6 s, as on Linux. Datagrams are lost.
   */
  partition(some: readonly string[], others: readonly string[]): void {
    this.#between(some, others, (from, to) => {
      this.#map.chronicle.tell(`network: ${from.name} is cut off from ${to.name}`);
      this.#map.link(from, to).cut();
      this.#map.link(to, from).cut();
    });
  }

  /** Holds up what `from` sends to `to`, for as long as it takes. Nobody gives up, as with a peer that does not read. */
  stall(from: string, to: string): void {
    this.#map.chronicle.tell(`network: ${from} to ${to} stalls`);
    this.#map.link(this.#host(from), this.#host(to)).stall();
  }

  /** Mends what {@link partition} and {@link stall} did between two machines. */
  heal(one: string, other: string): void {
    this.#between([one], [other], (from, to) => {
      this.#map.chronicle.tell(`network: ${from.name} and ${to.name} are connected`);
      this.#map.link(from, to).heal();
      this.#map.link(to, from).heal();
    });
  }

  /** Resets every connection between two machines: both ends get `"econnreset"`. @returns how many there were */
  reset(one: string, other: string): number {
    const there = this.#host(other);
    const sockets = this.#host(one).descriptors.filter(
      (open) => open instanceof SimulatedSocket && open.peerHost === there,
    );
    for (const socket of sockets) if (socket instanceof SimulatedSocket) socket.breakConnection();
    return sockets.length;
  }

  /** Lets a host name mean a machine; null, and it is not found any more. */
  alias(name: string, machine: string | null): void {
    if (machine !== null) this.#host(machine);
    this.#map.alias(name, machine);
  }

  /** Says what the name service answers about a name, beside the address of a machine of that name. */
  setRecords(name: string, records: RecordsOf): void {
    this.#map.nameService.setRecords(name, records);
  }

  /** Says how the name service is. Connecting by name to a machine does not ask it. What is not named stays. */
  setNameService(options: NameServiceOptions): void {
    this.#map.nameService.set(options);
  }

  #between(some: readonly string[], others: readonly string[], act: (from: Host, to: Host) => void): void {
    for (const one of some) for (const other of others) act(this.#host(one), this.#host(other));
  }

  #host(name: string): Host {
    const host = this.#map.hostOf(name);
    if (host === undefined) throw new Error(`Cannot find the machine ${JSON.stringify(name)}: it was never made`);
    return host;
  }
}
