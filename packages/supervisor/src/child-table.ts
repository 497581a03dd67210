// The children of one supervisor: in start order, by id, and by pid. Each look-up is O(1), where OTP looks through all children for the
// pid of an EXIT.

import type { AnyPid } from "@krarup/core";
import type { CheckedChildSpec, ChildId } from "./child-spec.ts";

/** Where a child is: running as a pid, not running, or waiting for another attempt to restart it. */
export type Whereabouts = AnyPid | undefined | "restarting";

/** One child. */
export interface Child {
  readonly spec: CheckedChildSpec;
  /** Changed by its table only. */
  pid: Whereabouts;
}

/** The children of one supervisor. */
export class ChildTable {
  // A Map keeps the order of insertion, which is the start order: new children come last, and a restart changes nothing.
  readonly #byId = new Map<ChildId | undefined, Child>();
  readonly #byPid = new Map<AnyPid, Child>();

  get size(): number {
    return this.#byId.size;
  }

  /** In start order. */
  [Symbol.iterator](): IterableIterator<Child> {
    return this.#byId.values();
  }

  find(id: ChildId): Child | undefined {
    return this.#byId.get(id);
  }

  findRunning(pid: AnyPid): Child | undefined {
    return this.#byPid.get(pid);
  }

  add(spec: CheckedChildSpec, pid?: AnyPid): Child {
    const child: Child = { spec, pid: undefined };
    this.#byId.set(spec.id, child);
    this.place(child, pid);
    return child;
  }

  remove(child: Child): void {
    this.place(child, undefined);
    this.#byId.delete(child.spec.id);
  }

  /** Notes where `child` is now. */
  place(child: Child, pid: Whereabouts): void {
    if (isRunning(child.pid)) this.#byPid.delete(child.pid);
    child.pid = pid;
    if (isRunning(pid)) this.#byPid.set(pid, child);
  }

  /** Notes that `child` has ended for good: a temporary one is forgotten, the others stay, not running. */
  retire(child: Child): void {
    if (child.spec.restart === "temporary") this.remove(child);
    else this.place(child, undefined);
  }
}

/** Whether a child is running. */
export function isRunning(pid: Whereabouts): pid is AnyPid {
  return pid !== undefined && pid !== "restarting";
}
