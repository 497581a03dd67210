// Theme elixir: children that come and go.

import { type AnyPid, exit, isAlive } from "@krarup/core";
import { DynamicSupervisor, type DynamicSupervisorPid, type StartDynamicChildResult } from "@krarup/supervisor";
import { Family } from "../stage/family.ts";
import type { Lab, Scenarios } from "../stage/lab.ts";
import type { Step } from "../stage/step.ts";

export const dynamicSupervisors: Scenarios = {
  *ex_dynamic_supervisor(lab) {
    const family = new Family(lab);
    const supervisor = yield* DynamicSupervisor.startLink({ maxChildren: 2 });
    for (const name of ["k1", "k2", "k3"]) {
      const result = yield* DynamicSupervisor.startChild(supervisor, family.child(name));
      lab.log("s", "start", elixirResult(result));
    }
    const { specs, active, supervisors, workers } = yield* DynamicSupervisor.countChildren(supervisor);
    lab.log("s", "count", [specs, active, supervisors, workers]);
    yield* family.exits("k1", "boom");
    const k2 = family.pidOf("k2");
    yield* logTerminate(lab, supervisor, k2);
    yield* logTerminate(lab, supervisor, k2);
    const ignoring = family.child("i", { server: { init: () => "ignore" } });
    const failing = family.child("f", { server: { init: () => ["stop", "no"] } });
    const ignored = yield* DynamicSupervisor.startChild(supervisor, ignoring);
    lab.log("s", "start_ignore", elixirResult(ignored));
    const failed = yield* DynamicSupervisor.startChild(supervisor, failing);
    lab.log("s", "start_fail", elixirResult(failed));
    const listed = yield* DynamicSupervisor.whichChildren(supervisor);
    lab.log(
      "s",
      "ids",
      listed.every(({ id }) => id === undefined),
    );
    lab.log("s", "active", (yield* DynamicSupervisor.countChildren(supervisor)).active);
    exit(supervisor, "shutdown");
    yield* lab.settle();
    lab.log("s", "alive", isAlive(supervisor));
  },
};

function* logTerminate(lab: Lab, supervisor: DynamicSupervisorPid, pid: AnyPid): Step<void> {
  const answer = yield* DynamicSupervisor.terminateChild(supervisor, pid);
  lab.log("s", "terminate", answer === "ok" ? "ok" : ["error", answer]);
}

/** What Elixir's `start_child` returns, pids left out. */
function elixirResult(result: StartDynamicChildResult): unknown {
  switch (result.type) {
    case "ok":
      return "ok";
    case "ignored":
      return "ignore";
    case "max_children":
      return ["error", "max_children"];
    case "failed":
    case "invalid_child_spec":
      return ["error", result.reason];
  }
}
