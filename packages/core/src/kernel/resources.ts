// What ends with a process, or passes to another, beside its names, timers, links and monitors: its tables, for instance.
//
// A process that holds nothing has no entry here, and its end costs one test of a flag.

import { HOLDS, type Process } from "./process.ts";

/** Something that must not outlive its holder unnoticed. */
export interface Resource {
  /** Called once when `holder` has ended, before anybody hears of the end. It must not throw. */
  holderEnded(holder: Process): void;
}

/** What each process of a node holds. Most of those that hold anything hold one thing, and a set of one takes 250 bytes. */
export class Resources {
  readonly #held = new Map<Process, Resource | Set<Resource>>();

  /** Ties `resource` to `holder`, which must be alive. Twice is the same as once. */
  hold(holder: Process, resource: Resource): void {
    const held = this.#held.get(holder);
    if (held instanceof Set) held.add(resource);
    else this.#held.set(holder, held === undefined || held === resource ? resource : new Set([held, resource]));
    holder.flags |= HOLDS;
  }

  /** Unties `resource` from `holder`. */
  letGo(holder: Process, resource: Resource): void {
    const held = this.#held.get(holder);
    if (held instanceof Set ? !held.delete(resource) || held.size > 0 : held !== resource) return;
    this.#held.delete(holder);
    holder.flags &= ~HOLDS;
  }

  /** Tells everything that `holder`, which has ended, held, in the order in which it was tied. */
  release(holder: Process): void {
    const held = this.#held.get(holder);
    this.#held.delete(holder);
    if (held instanceof Set) for (const resource of held) resource.holderEnded(holder);
    else held?.holderEnded(holder);
  }
}
