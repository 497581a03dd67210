// The supervisor of children that come and go: any number, each with a spec of its own, known by their pids, restarted one for one.
//
// OTP's simple_one_for_one is a flag of `supervisor` that changes most of it; Elixir made it a module, DynamicSupervisor, and so do we.

import { type AnyPid, isAlive } from "@krarup/core";
import { collect, type Process, type StartAnswer } from "@krarup/core/internal";
import { checkDynamicChildSpec, type CheckedChildSpec, type ChildDescription, describeSpec } from "./child-spec.ts";
import { type Child, isRunning } from "./child-table.ts";
import { type DynamicSupervisorRequest, type StartDynamicChildResult } from "./management.ts";
import type { CheckedDynamicSupervisorSpec } from "./dynamic-supervisor-spec.ts";
import { reportEnd, reportError, reportProgress } from "./reports.ts";
import { shutDownAll } from "./shut-down-all.ts";
import { startChild } from "./start-child.ts";
import { isExpectedEnd, judgeEnd } from "./strategy.ts";
import { READY, type Step, SupervisingBody } from "./supervising-body.ts";

/** The running part of one `DynamicSupervisor`. */
export class DynamicSupervisorBody extends SupervisingBody<DynamicSupervisorRequest> {
  readonly #maxChildren: number;
  /** By pid; a child that is being restarted stays under the pid it had. */
  readonly #byPid = new Map<AnyPid, Child>();

  constructor(
    process: Process,
    acknowledge: (answer: StartAnswer) => void,
    isLinked: boolean,
    spec: CheckedDynamicSupervisorSpec,
  ) {
    super(process, acknowledge, isLinked, spec);
    this.#maxChildren = spec.maxChildren === "infinity" ? Number.POSITIVE_INFINITY : spec.maxChildren;
  }

  protected override get strategy(): "dynamic" {
    return "dynamic";
  }

  protected override get children(): Iterable<Child> {
    return this.#byPid.values();
  }

  protected override startChildren(): StartAnswer {
    return READY;
  }

  protected override childEnded(pid: AnyPid, reason: unknown): Step | undefined {
    const child = this.#byPid.get(pid);
    // A stranger, or a child that we have ended ourselves.
    if (child === undefined) return undefined;
    const verdict = judgeEnd(child.spec.restart, reason);
    const decision = this.decide(child, pid, verdict.do);
    if (verdict.isReported) reportEnd(this.process, reason, child, decision);
    switch (decision.do) {
      case "restart":
        return this.#startAgain(pid, child);
      case "restart_later":
        child.pid = "restarting";
        this.remindAfter(decision.delayMs, pid);
        return undefined;
      case "give_up":
        this.giveUp(child);
        this.#byPid.delete(pid);
        return undefined;
      case "forget":
        this.#byPid.delete(pid);
        return undefined;
    }
  }

  protected override tryAgain(key: unknown): Step | undefined {
    // A key that is no pid is nobody's.
    const pid = key as AnyPid;
    const child = this.#byPid.get(pid);
    return child?.pid === "restarting" ? this.#restart(pid, child) : undefined;
  }

  protected override *serve(request: DynamicSupervisorRequest): Step<unknown> {
    switch (request.do) {
      case "start_child":
        return yield* this.#startNew(collect(request.spec));
      case "terminate_child":
        return yield* this.#terminateByHand(request.pid);
      case "get_child_spec":
        return this.#describe(request.pid);
      case "which_children":
        return this.listChildren();
      case "count_children":
        return this.countChildren(({ pid }) => isRunning(pid) && isAlive(pid));
    }
  }

  protected override *endChildren(): Step {
    yield* this.#end(this.children);
  }

  #restart(formerPid: AnyPid, child: Child): Step | undefined {
    if (this.countRestart(child)) return this.#startAgain(formerPid, child);
    this.#byPid.delete(formerPid);
    return undefined;
  }

  *#startAgain(formerPid: AnyPid, child: Child): Step {
    const outcome = yield* startChild(this.process, child.spec);
    if (outcome.type === "failed") {
      child.pid = "restarting";
      reportError(this.process, "start_error", outcome.reason, child);
      this.remind(formerPid, child.spec);
      return;
    }
    this.#byPid.delete(formerPid);
    if (outcome.type === "started") this.#enter(child.spec, outcome.pid);
  }

  *#startNew(given: unknown): Step<StartDynamicChildResult> {
    const checked = checkDynamicChildSpec(given);
    if (checked.type === "flaw") return { type: "invalid_child_spec", reason: checked.reason };
    if (this.#byPid.size >= this.#maxChildren) return { type: "max_children" };
    const outcome = yield* startChild(this.process, checked.spec);
    if (outcome.type !== "started") return outcome;
    this.#enter(checked.spec, outcome.pid);
    return { type: "ok", pid: outcome.pid };
  }

  #enter(spec: CheckedChildSpec, pid: AnyPid): void {
    const child: Child = { spec, pid };
    this.#byPid.set(pid, child);
    reportProgress(this.process, child);
  }

  *#terminateByHand(pid: AnyPid): Step<"ok" | "not_found"> {
    const child = this.#byPid.get(pid);
    if (child === undefined) return "not_found";
    yield* this.#end([child]);
    this.#byPid.delete(pid);
    return "ok";
  }

  *#end(children: Iterable<Child>): Step {
    for (const { child, reason } of yield* shutDownAll(this.process, children)) {
      const { shutdown, restart } = child.spec;
      if (!isExpectedEnd(shutdown, restart, reason)) reportError(this.process, "shutdown_error", reason, child);
    }
  }

  #describe(pid: AnyPid): ChildDescription | "not_found" {
    const child = this.#byPid.get(pid);
    return child === undefined ? "not_found" : describeSpec(child.spec);
  }
}
