// What went wrong, as the node itself tells it: who ended that should not have, and who took the place.
//
// Nobody in the exchange reports anything. A name that is freed and registered again is a restart, whatever the reason: who
// has a name here is there to stay. A process without a name that crashes is a call.

import { type AnyPid, isOrderly, type KernelEvent, type Node } from "@krarup/core";

/** One unexpected end. */
export interface Incident {
  readonly atMs: number;
  /** Registered name of the process; `call` for those that have none. */
  readonly name: string;
  readonly pid: AnyPid;
  readonly reason: unknown;
  /** Who holds the name now. */
  successor?: AnyPid;
}

const INCIDENTS_MAX = 100;

/** Listens to a node. */
export class Incidents {
  readonly #names = new Map<AnyPid, string>();
  readonly #latest = new Map<string, Incident>();
  readonly #restarts = new Map<string, number>();
  #recent: Incident[] = [];

  readonly #node: Node;

  constructor(node: Node) {
    this.#node = node;
    node.subscribe(["register", "exit"], (event) => this.#take(event));
  }

  /** Milliseconds since the node was made: the clock of all incidents. */
  now(): number {
    return this.#node.now();
  }

  /** The last hundred, oldest first. */
  get recent(): readonly Incident[] {
    return this.#recent;
  }

  /** Restarts of all names. */
  get restarts(): number {
    return [...this.#restarts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** How often `name` was taken over after a crash. */
  restartsOf(name: string): number {
    return this.#restarts.get(name) ?? 0;
  }

  #take(event: KernelEvent): void {
    if (event.type === "register") this.#registered(event.name, event.pid);
    if (event.type === "exit") this.#ended(event.at, event.pid, event.reason);
  }

  #registered(name: string, pid: AnyPid): void {
    this.#names.set(pid, name);
    const incident = this.#latest.get(name);
    if (incident === undefined) return;
    incident.successor = pid;
    this.#latest.delete(name);
    this.#restarts.set(name, this.restartsOf(name) + 1);
  }

  #ended(atMs: number, pid: AnyPid, reason: unknown): void {
    const name = this.#names.get(pid);
    this.#names.delete(pid);
    if (name === undefined && isOrderly(reason)) return;
    const incident = { atMs, name: name ?? "call", pid, reason };
    if (name !== undefined) this.#latest.set(name, incident);
    this.#recent = [...this.#recent.slice(1 - INCIDENTS_MAX), incident];
  }
}
