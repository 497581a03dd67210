import type { AnyPid, KernelEvent, Node } from "@krarup/core";

/** Ids of one supervisor that are counted one by one; the restarts of more count for the supervisor only. */
const IDS_MAX = 10_000;

interface Count {
  sum: number;
  readonly byId: Map<unknown, number>;
}

/**
 * Counts restarts while a node is open to observers: the ends that supervisors report of children that they start again. Siblings that are
 * restarted along with a child do not count, as they do not for the supervisor's intensity.
 */
export class RestartCounter {
  #total = 0;
  readonly #counts = new WeakMap<AnyPid, Count>();

  /** Restarts of all supervisors. */
  get total(): number {
    return this.#total;
  }

  /** Counts what the supervisors of `node` report, until the returned function is called. */
  watch(node: Node): () => void {
    return node.subscribe(["report"], (event) => this.#take(event));
  }

  /** Restarts of the child `id` of `supervisor`. A child without an id is not counted by itself. */
  ofChild(supervisor: AnyPid, id: unknown): number {
    return this.#counts.get(supervisor)?.byId.get(id) ?? 0;
  }

  /** Restarts of all children of `supervisor`. */
  ofSupervisor(supervisor: AnyPid): number {
    return this.#counts.get(supervisor)?.sum ?? 0;
  }

  #take(event: KernelEvent): void {
    if (event.type !== "report" || event.report.label !== "child_terminated" || event.pid === null) return;
    const { offender } = event.report.details;
    if (typeof offender !== "object" || offender === null) return;
    if ("restart" in offender && offender.restart !== "temporary")
      this.#count(event.pid, "id" in offender ? offender.id : undefined);
  }

  #count(supervisor: AnyPid, id: unknown): void {
    this.#total++;
    const count = this.#counts.get(supervisor) ?? { sum: 0, byId: new Map<unknown, number>() };
    this.#counts.set(supervisor, count);
    count.sum++;
    if (id !== undefined && (count.byId.size < IDS_MAX || count.byId.has(id)))
      count.byId.set(id, (count.byId.get(id) ?? 0) + 1);
  }
}
