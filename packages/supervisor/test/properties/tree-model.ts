// A naïve model of supervision trees, written from OTP's manual and sharing nothing with the implementation: plain loops over plain
// objects, where one thing happens at a time. It says which lines a tree logs when its workers end one by one.

import type { AutoShutdown, RestartType, Strategy } from "@krarup/supervisor";

/** What a worker is. */
export interface WorkerPlan {
  readonly kind: "worker";
  readonly restart: RestartType;
  readonly significant: boolean;
  /** Numbers of the starts, counted from 1, that fail. */
  readonly failing: readonly number[];
}

/** What a supervisor is. */
export interface SupervisorPlan {
  readonly kind: "supervisor";
  readonly restart: RestartType;
  readonly significant: boolean;
  readonly strategy: Strategy;
  readonly intensity: number;
  readonly periodMs: number;
  readonly autoShutdown: AutoShutdown;
  readonly children: readonly Plan[];
}

export type Plan = WorkerPlan | SupervisorPlan;

/** A worker that ends, `afterMs` milliseconds after the one before. */
export interface Incident {
  /** Which of the running workers, counted round. */
  readonly worker: number;
  readonly reason: "normal" | "shutdown" | "boom" | "kill";
  readonly afterMs: number;
}

interface ModelNode {
  readonly path: string;
  readonly plan: Plan;
  readonly parent: ModelNode | null;
  isRunning: boolean;
  children: ModelNode[];
  stamps: number[];
}

export class TreeModel {
  readonly lines: string[] = [];
  readonly root: ModelNode;
  nowMs = 0;
  readonly #starts = new Map<string, number>();

  constructor(plan: SupervisorPlan) {
    this.root = node("r", plan, null);
    this.#start(this.root);
  }

  /** The running workers, in start order, depth first. */
  workers(from: ModelNode = this.root): string[] {
    return this.#workersOf(from).map(({ path }) => path);
  }

  /** Lets a worker end by itself. */
  end(path: string, reason: string): void {
    const worker = this.#workersOf(this.root).find((each) => each.path === path);
    if (worker === undefined) throw new Error(`no worker ${path}`);
    if (reason !== "kill") this.lines.push(`${path} terminate ${reason}`);
    this.#ended(worker, reason === "kill" ? "killed" : reason);
  }

  /** `id:pid` and `id:undefined` of the children of every running supervisor. */
  shape(from: ModelNode = this.root): unknown {
    if (from.plan.kind === "worker") return from.isRunning;
    return from.isRunning ? from.children.map((child) => [child.path, this.shape(child)]) : false;
  }

  #workersOf(from: ModelNode): ModelNode[] {
    if (from.plan.kind === "worker") return from.isRunning ? [from] : [];
    return from.children.flatMap((child) => this.#workersOf(child));
  }

  #start(started: ModelNode): boolean {
    const { plan, path } = started;
    if (plan.kind === "worker") {
      this.lines.push(`${path} init`);
      const count = (this.#starts.get(path) ?? 0) + 1;
      this.#starts.set(path, count);
      started.isRunning = !plan.failing.includes(count);
      return started.isRunning;
    }
    started.stamps = [];
    started.children = plan.children.map((child, index) => node(`${path}.${index}`, child, started));
    for (const child of started.children) {
      if (this.#start(child)) continue;
      this.#endAll(started.children);
      started.children = [];
      return false;
    }
    started.isRunning = true;
    return true;
  }

  /** Ends a child on its supervisor's order. */
  #terminate(child: ModelNode): void {
    if (!child.isRunning) return;
    if (child.plan.kind === "worker") this.lines.push(`${child.path} terminate shutdown`);
    this.#endAll(child.children);
    child.children = [];
    child.isRunning = false;
  }

  #endAll(children: readonly ModelNode[]): void {
    for (const child of [...children].reverse()) this.#terminate(child);
  }

  /** A child has ended by itself. */
  #ended(child: ModelNode, reason: string): void {
    child.isRunning = false;
    const { parent, plan } = child;
    if (parent === null || parent.plan.kind === "worker") return;
    const isOrderly = reason === "normal" || reason === "shutdown";
    if (plan.restart === "permanent" || (plan.restart === "transient" && !isOrderly)) {
      this.#restart(parent, parent.plan, child);
      return;
    }
    if (plan.restart === "temporary") parent.children = parent.children.filter((each) => each !== child);
    const { autoShutdown } = parent.plan;
    const others = parent.children.filter((each) => each.plan.significant && each.isRunning);
    const isLast = autoShutdown === "all_significant" && others.length === 0;
    if (plan.significant && (autoShutdown === "any_significant" || isLast)) this.#giveUp(parent);
  }

  #restart(parent: ModelNode, plan: SupervisorPlan, cause: ModelNode): void {
    for (let failed: ModelNode | undefined = cause; failed !== undefined;) {
      parent.stamps = [...parent.stamps, this.nowMs].filter((stamp) => stamp >= this.nowMs - plan.periodMs);
      if (parent.stamps.length > plan.intensity) {
        this.#giveUp(parent);
        return;
      }
      const group = this.#groupOf(parent, plan.strategy, failed);
      this.#endAll(group);
      const isGone = (child: ModelNode) => group.includes(child) && child.plan.restart === "temporary";
      parent.children = parent.children.filter((child) => !isGone(child));
      failed = group.filter((child) => !isGone(child)).find((child) => !this.#start(child));
    }
  }

  #groupOf(parent: ModelNode, strategy: Strategy, failed: ModelNode): ModelNode[] {
    if (strategy === "one_for_one") return [failed];
    return strategy === "one_for_all" ? parent.children : parent.children.slice(parent.children.indexOf(failed));
  }

  #giveUp(supervisor: ModelNode): void {
    this.#endAll(supervisor.children);
    supervisor.children = [];
    this.#ended(supervisor, "shutdown");
  }
}

function node(path: string, plan: Plan, parent: ModelNode | null): ModelNode {
  return { path, plan, parent, isRunning: false, children: [], stamps: [] };
}
