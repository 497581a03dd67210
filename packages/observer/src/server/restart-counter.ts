import type { Node } from "@krarup/core";
import type { Process } from "@krarup/core/internal";

/** Counts the restarts that supervisors report while somebody may look. */
export class RestartCounter {
  #total = 0;
  readonly #bySupervisor = new WeakMap<Process, Map<string, number>>();

  /** Counts what the supervisors of `node` report, until the returned function is called. */
  watch(node: Node): () => void {
    return node.subscribe(["report"], () => undefined);
  }

  /** Restarts of all supervisors. */
  get total(): number {
    return this.#total;
  }

  /** Notes that `supervisor` has restarted its child `id`. */
  count(supervisor: Process, id: string): void {
    this.#total++;
    const children = this.#bySupervisor.get(supervisor) ?? new Map<string, number>();
    this.#bySupervisor.set(supervisor, children.set(id, (children.get(id) ?? 0) + 1));
  }

  /** Restarts of the child `id` of `supervisor`. */
  ofChild(supervisor: Process, id: string): number {
    return this.#bySupervisor.get(supervisor)?.get(id) ?? 0;
  }

  /** Restarts of all children of `supervisor`. */
  ofSupervisor(supervisor: Process): number {
    let sum = 0;
    for (const count of this.#bySupervisor.get(supervisor)?.values() ?? []) sum += count;
    return sum;
  }
}
