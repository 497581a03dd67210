// The supervisor with named children and three strategies, OTP's `supervisor` without simple_one_for_one.

import { type AnyPid, isAlive } from "@krarup/core";
import { collect, type Process, type StartAnswer } from "@krarup/core/internal";
import {
  checkChildSpec,
  type CheckedChildSpec,
  type ChildDescription,
  type ChildId,
  describeSpec,
} from "./child-spec.ts";
import { type Child, ChildTable, isRunning } from "./child-table.ts";
import type { RestartChildResult, StartNamedChildResult, SupervisorRequest } from "./management.ts";
import { reportEnd, reportError, reportProgress } from "./reports.ts";
import { shutDown } from "./shut-down.ts";
import { startChild, type StartOutcome } from "./start-child.ts";
import { endsByItself, isExpectedEnd, judgeEnd, restartGroup, type Significance, type Strategy } from "./strategy.ts";
import { READY, type Step, SupervisingBody } from "./supervising-body.ts";
import type { CheckedSupervisorSpec } from "./supervisor-spec.ts";

interface FailedStart {
  readonly child: Child;
  readonly reason: unknown;
}

/** The running part of one `Supervisor`. */
export class SupervisorBody extends SupervisingBody<SupervisorRequest> {
  readonly #spec: CheckedSupervisorSpec;
  protected readonly children: ChildTable = new ChildTable();

  constructor(
    process: Process,
    acknowledge: (answer: StartAnswer) => void,
    isLinked: boolean,
    spec: CheckedSupervisorSpec,
  ) {
    super(process, acknowledge, isLinked, spec);
    this.#spec = spec;
  }

  protected override get strategy(): Strategy {
    return this.#spec.strategy;
  }

  protected override *startChildren(): Step<StartAnswer> {
    const failed = yield* this.#startAll(this.#spec.children.map((spec) => this.children.add(spec)));
    if (failed === null) return READY;
    yield* this.endChildren();
    const reason = ["shutdown", ["failed_to_start_child", failed.child.spec.id, failed.reason]];
    return { type: "failed", reason, isIgnored: false };
  }

  protected override childEnded(pid: AnyPid, reason: unknown): Step | undefined {
    const child = this.children.findRunning(pid);
    // A stranger, or a child that we have ended ourselves.
    if (child === undefined) return undefined;
    const verdict = judgeEnd(child.spec.restart, reason);
    const decision = this.decide(child, pid, verdict.do);
    if (verdict.isReported) reportEnd(this.process, reason, child, decision);
    switch (decision.do) {
      case "restart":
        return this.#restartGroup(child);
      case "restart_later":
        return this.#restartLater(child, decision.delayMs);
      case "give_up":
        this.giveUp(child);
        this.children.retire(child);
        return undefined;
      case "forget":
        this.children.retire(child);
        if (endsByItself(this.#spec.autoShutdown, child.spec, () => significanceOf(this.children)))
          this.stopWith("shutdown");
        return undefined;
    }
  }

  protected override tryAgain(key: unknown): Step | undefined {
    // A key that is no id is nobody's.
    const child = this.children.find(key as ChildId);
    return child?.pid === "restarting" ? this.#restart(child) : undefined;
  }

  protected override *serve(request: SupervisorRequest): Step<unknown> {
    switch (request.do) {
      case "start_child":
        return yield* this.#startNew(collect(request.spec));
      case "restart_child":
        return yield* this.#restartByHand(this.children.find(request.id));
      case "terminate_child":
        return yield* this.#terminateByHand(this.children.find(request.id));
      case "delete_child":
        return this.#delete(this.children.find(request.id));
      case "get_child_spec":
        return this.#describe(this.children.find(request.id));
      case "which_children":
        return this.listChildren();
      case "count_children":
        return this.countChildren(({ pid }) => isRunning(pid) && isAlive(pid));
    }
  }

  protected override *endChildren(): Step {
    yield* this.#endAll([...this.children]);
  }

  /** Restarts `child` and its group, if that is not one restart too many. */
  #restart(child: Child): Step | undefined {
    if (this.countRestart(child)) return this.#restartGroup(child);
    this.children.retire(child);
    return undefined;
  }

  *#restartGroup(child: Child): Step {
    this.children.place(child, undefined);
    const group = restartGroup(this.#spec.strategy, this.children, child);
    // Alone in its group it takes nobody down with it.
    if (group.length > 1) yield* this.#endAll(group);
    const failed = yield* this.#startAll(group.filter(({ spec }) => spec.restart !== "temporary"));
    if (failed === null) return;
    this.children.place(failed.child, "restarting");
    this.remind(failed.child.spec.id, failed.child.spec);
  }

  /** Ends the group of `child` now; the reminder will start it. */
  *#restartLater(child: Child, delayMs: number): Step {
    this.children.place(child, undefined);
    yield* this.#endAll(restartGroup(this.#spec.strategy, this.children, child));
    this.children.place(child, "restarting");
    this.remindAfter(delayMs, child.spec.id);
  }

  /** Starts children in order, up to the first that fails. */
  *#startAll(children: readonly Child[]): Step<FailedStart | null> {
    for (const child of children) {
      const outcome = yield* this.#start(child);
      if (outcome.type === "failed") {
        reportError(this.process, "start_error", outcome.reason, child);
        return { child, reason: outcome.reason };
      }
      if (outcome.type === "ignored") this.children.retire(child);
    }
    return null;
  }

  *#start(child: Child): Step<StartOutcome> {
    const outcome = yield* startChild(this.process, child.spec);
    if (outcome.type === "started") {
      this.children.place(child, outcome.pid);
      reportProgress(this.process, child);
    }
    return outcome;
  }

  /** Ends children, given in start order, in the opposite one. Temporary ones are forgotten. */
  *#endAll(children: readonly Child[]): Step {
    for (const child of children.toReversed()) yield* this.#end(child);
  }

  *#end(child: Child): Step {
    const { pid, spec } = child;
    if (isRunning(pid)) {
      const reason = yield* shutDown(this.process, pid, spec.shutdown);
      if (!isExpectedEnd(spec.shutdown, spec.restart, reason))
        reportError(this.process, "shutdown_error", reason, child);
    }
    this.children.retire(child);
  }

  *#startNew(given: unknown): Step<StartNamedChildResult> {
    const checked = checkChildSpec(given, this.#spec.autoShutdown);
    if (checked.type === "flaw") return { type: "invalid_child_spec", reason: checked.reason };
    const { spec } = checked;
    const present = this.#presenceOf(spec);
    if (present !== null) return present;
    const child = this.children.add(spec);
    const outcome = yield* this.#start(child);
    if (outcome.type === "started") return { type: "ok", pid: outcome.pid };
    // Of a failed start nothing stays behind; a child that asked to be left out stays, unless it is temporary.
    if (outcome.type === "failed") this.children.remove(child);
    else this.children.retire(child);
    return outcome;
  }

  #presenceOf({ id }: CheckedChildSpec): StartNamedChildResult | null {
    const present = id === undefined ? undefined : this.children.find(id);
    if (present === undefined) return null;
    return isRunning(present.pid) ? { type: "already_started", pid: present.pid } : { type: "already_present" };
  }

  *#restartByHand(child: Child | undefined): Step<RestartChildResult> {
    if (child === undefined) return { type: "not_found" };
    if (child.pid !== undefined) return { type: child.pid === "restarting" ? "restarting" : "running" };
    const outcome = yield* this.#start(child);
    return outcome.type === "started" ? { type: "ok", pid: outcome.pid } : outcome;
  }

  *#terminateByHand(child: Child | undefined): Step<"ok" | "not_found"> {
    if (child === undefined) return "not_found";
    yield* this.#end(child);
    return "ok";
  }

  #delete(child: Child | undefined): "ok" | "running" | "restarting" | "not_found" {
    if (child === undefined) return "not_found";
    if (child.pid !== undefined) return child.pid === "restarting" ? "restarting" : "running";
    this.children.remove(child);
    return "ok";
  }

  #describe(child: Child | undefined): ChildDescription | "not_found" {
    if (child === undefined) return "not_found";
    return describeSpec(child.spec);
  }
}

function* significanceOf(children: ChildTable): Generator<Significance, void, void> {
  for (const { spec, pid } of children) yield { significant: spec.significant, isActive: pid !== undefined };
}
