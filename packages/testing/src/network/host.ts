// What the operating system of one machine knows of the network: who listens, and which descriptors are open. A machine that starts again
// has another.

import type { SimulatedListener } from "./listener.ts";

/** First of the ports that the system chooses by itself. */
const EPHEMERAL_PORT = 49_152;

/** Something that takes one descriptor. */
export interface Open {
  readonly label: string;
  /** The power has failed: it is gone, and nobody is told. */
  vanish(): void;
}

/** The network's side of one running machine. */
export class Host {
  readonly name: string;
  /** Its address. */
  readonly ip: string;
  isUp = true;
  descriptorsMax: number = Number.POSITIVE_INFINITY;
  readonly #listeners = new Map<string, SimulatedListener>();
  readonly #open = new Set<Open>();
  #nextPort = EPHEMERAL_PORT;

  constructor(name: string, ip: string) {
    this.name = name;
    this.ip = ip;
  }

  /** Opens a descriptor for `holder`. @returns false when there is none left */
  open(holder: Open): boolean {
    if (this.#open.size >= this.descriptorsMax) return false;
    this.#open.add(holder);
    return true;
  }

  close(holder: Open): void {
    if (!this.#open.delete(holder)) return;
    // Connections that the system kept for want of descriptors are taken now.
    for (const listener of this.#listeners.values()) listener.takeIn();
  }

  /** What is open. */
  get descriptors(): readonly Open[] {
    return [...this.#open];
  }

  choosePort(): number {
    return this.#nextPort++;
  }

  /** Enters `listener` at `place`. @returns false when there is one already */
  bind(place: string, listener: SimulatedListener): boolean {
    if (this.#listeners.has(place)) return false;
    this.#listeners.set(place, listener);
    return true;
  }

  unbind(place: string, listener: SimulatedListener): void {
    if (this.#listeners.get(place) === listener) this.#listeners.delete(place);
  }

  listenerAt(place: string): SimulatedListener | undefined {
    return this.#listeners.get(place);
  }

  /** The power fails. */
  goDown(): void {
    this.isUp = false;
    for (const holder of this.#open) holder.vanish();
    this.#open.clear();
    this.#listeners.clear();
  }
}
