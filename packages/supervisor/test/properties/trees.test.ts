// Random trees, random incidents: the implementation against the model, and against what must hold under any schedule.

import { type AnyPid, exit, isPid, type Operation, processInfo } from "@krarup/core";
import {
  type ChildSpec,
  type RestartType,
  Supervisor,
  type SupervisorPid,
  type SupervisorSpec,
} from "@krarup/supervisor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs, timesAsOften } from "../../../core/test/properties/runs.ts";
import { Stage } from "../stage.ts";
import { type Incident, type Plan, type SupervisorPlan, TreeModel } from "./tree-model.ts";

/** Two seconds' worth on a quiet machine. */
const TREES = 10_000;
const PATIENCE = { timeout: 120_000 };
const restart = fc.constantFrom<RestartType[]>("permanent", "transient", "temporary");
const strategy = fc.constantFrom("one_for_one" as const, "one_for_all" as const, "rest_for_one" as const);
const autoShutdown = fc.constantFrom("never" as const, "any_significant" as const, "all_significant" as const);

const worker: fc.Arbitrary<Plan> = fc.record({
  kind: fc.constant("worker" as const),
  restart,
  significant: fc.boolean(),
  failing: fc.array(fc.integer({ min: 2, max: 6 }), { maxLength: 3 }),
});

function supervisor(depth: number): fc.Arbitrary<SupervisorPlan> {
  const child: fc.Arbitrary<Plan> =
    depth === 0 ? worker : fc.oneof({ weight: 3, arbitrary: worker }, supervisor(depth - 1));
  return fc
    .record({
      kind: fc.constant("supervisor" as const),
      restart,
      significant: fc.boolean(),
      strategy,
      intensity: fc.integer({ min: 0, max: 4 }),
      periodMs: fc.integer({ min: 1, max: 100 }),
      autoShutdown,
      children: fc.array(child, { minLength: 1, maxLength: 4 }),
    })
    .map((plan) => ({ ...plan, children: plan.children.map((each) => sensible(each, plan.autoShutdown)) }));
}

/** Only children that may be significant are. */
function sensible(plan: Plan, parent: SupervisorPlan["autoShutdown"]): Plan {
  return { ...plan, significant: plan.significant && parent !== "never" && plan.restart !== "permanent" };
}

const incident: fc.Arbitrary<Incident> = fc.record({
  worker: fc.nat(100),
  reason: fc.constantFrom("normal" as const, "shutdown" as const, "boom" as const, "kill" as const),
  afterMs: fc.integer({ min: 0, max: 60 }),
});

const incidents = fc.array(incident, { minLength: 1, maxLength: 12 });

function specOf(stage: Stage, path: string, plan: SupervisorPlan): SupervisorSpec {
  const { strategy: of, intensity, periodMs, autoShutdown: auto } = plan;
  const children = plan.children.map((child, index) => childOf(stage, `${path}.${index}`, child));
  return { strategy: of, intensity, periodMs, autoShutdown: auto, children };
}

function childOf(stage: Stage, path: string, plan: Plan): ChildSpec {
  const { restart: type, significant } = plan;
  if (plan.kind === "supervisor") {
    const start = (): Operation<AnyPid> => Supervisor.startLink(specOf(stage, path, plan));
    return { id: path, type: "supervisor", restart: type, significant, start };
  }
  const attempt = (number: number) => (plan.failing.includes(number) ? { no: number } : "up");
  return stage.child(path, { restart: type, significant, attempt });
}

/** The tree below `pid` as the model shows it: ids with true for a running worker, false for what does not run. */
function shapeOf(stage: Stage, pid: SupervisorPid): unknown {
  if (stage.state(pid) !== "alive") return false;
  const listed = stage.ask(() => Supervisor.whichChildren(pid));
  return listed.toReversed().map((child) => {
    if (!isPid(child.pid)) return [child.id, false];
    // The listing says that it is one.
    return [child.id, child.type === "supervisor" ? shapeOf(stage, child.pid as SupervisorPid) : true];
  });
}

describe("a tree of supervisors", () => {
  it("does what the model does, line by line, and stops in exactly the reverse of the start order", PATIENCE, () => {
    const seen = { incidents: 0, restarts: 0, rootsLeft: 0 };
    fc.assert(
      fc.property(supervisor(2), incidents, (plan, script) => {
        const stage = new Stage();
        const root = stage.start(specOf(stage, "r", plan));
        const model = new TreeModel(plan);
        for (const { worker: which, reason, afterMs } of script) {
          const running = model.workers();
          const path = running[which % running.length];
          if (path === undefined) break;
          stage.advance(afterMs);
          model.nowMs += afterMs;
          model.end(path, reason);
          seen.incidents++;
          seen.restarts += model.lines.filter((line) => line.endsWith("init")).length;
          if (reason === "kill") stage.kill(stage.pid(path));
          else stage.stop(path, reason);
          expect(stage.take()).toEqual(model.lines.splice(0));
        }
        expect(shapeOf(stage, root)).toEqual(model.shape());
        if (stage.state(root) !== "alive") return;
        seen.rootsLeft++;
        stage.signalFromParent(root, "shutdown");
        expect(stage.take()).toEqual(
          model
            .workers()
            .map((path) => `${path} terminate shutdown`)
            .toReversed(),
        );
        expect(stage.state(root)).toBe("shutdown");
      }),
      runs(TREES),
    );
    // That this was no walk through empty trees.
    expect(seen.incidents).toBeGreaterThan(timesAsOften(TREES) * 2);
    expect(seen.restarts).toBeGreaterThan(timesAsOften(TREES) * 5);
    expect(seen.rootsLeft).toBeGreaterThan(timesAsOften(TREES) / 4);
  });

  it("loses no process and leaves no message, whoever is killed when and whoever runs first", PATIENCE, () => {
    fc.assert(
      fc.property(
        supervisor(2),
        fc.array(fc.array(fc.nat(100), { maxLength: 4 }), { maxLength: 6 }),
        fc.nat(),
        (plan, rounds, seed) => {
          const stage = new Stage({ seed, shuffle: true });
          const root = stage.start({ ...specOf(stage, "r", plan), intensity: 1_000 });
          for (const victims of rounds) {
            const living = processesUnder(stage, root);
            for (const victim of victims) {
              const pid = living[victim % living.length];
              if (pid !== undefined && pid !== root) exit(pid, "kill");
            }
            stage.advance(10);
          }
          const living = processesUnder(stage, root);
          // Beside the tree there is the parent of the root.
          expect(stage.node.processCount).toBe(living.length + 1);
          for (const pid of living) expect(processInfo(pid)?.messageQueueLength).toBe(0);
        },
      ),
      runs(TREES),
    );
  });
});

/** `root` and everything that it and those below it list as running. */
function processesUnder(stage: Stage, root: SupervisorPid): AnyPid[] {
  if (stage.state(root) !== "alive") return [];
  const found: AnyPid[] = [root];
  for (const { pid, type } of stage.ask(() => Supervisor.whichChildren(root))) {
    if (!isPid(pid)) continue;
    // The listing says that it is one.
    found.push(...(type === "supervisor" ? processesUnder(stage, pid as SupervisorPid) : [pid]));
  }
  return found;
}
