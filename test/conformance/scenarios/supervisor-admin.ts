// Theme supadmin, second part: children started, ended and listed by hand.

import { type ChildSpec, type StartNamedChildResult, Supervisor, type SupervisorPid } from "@krarup/supervisor";
import { Family } from "../stage/family.ts";
import type { Lab, Scenarios } from "../stage/lab.ts";
import type { Step } from "../stage/step.ts";
import { partAt, tagOfExit, undefinedFunction } from "../stage/undefined-function.ts";

export const supervisorAdmin: Scenarios = {
  *supa_start_child_results(lab) {
    const family = new Family(lab);
    const supervisor = yield* family.start({ children: [family.child("a")] });
    const failing = family.child("f", { server: { init: () => ["stop", "no"] } });
    const start = (spec: ChildSpec) => Supervisor.startChild(supervisor, spec);
    lab.log("s", "new", otpResult(yield* start(family.child("b"))));
    lab.log("s", "duplicate", otpResult(yield* start(family.child("b"))));
    lab.log("s", "failing", otpResult(yield* start(failing)));
    lab.log("s", "failing_again", otpResult(yield* start(failing)));
    lab.log("s", "undefined_fun", failureTag(yield* start({ id: "u", start: undefinedFunction })));
    // That it is no spec is the point.
    lab.log("s", "bad_spec", failureTag(yield* start("garbage" as unknown as ChildSpec)));
    yield* Supervisor.terminateChild(supervisor, "b");
    lab.log("s", "already_present", otpResult(yield* start(family.child("b"))));
    yield* family.logKids(supervisor);
    yield* family.discard(supervisor);
  },

  *supa_terminate_restart_delete(lab) {
    const family = new Family(lab);
    const supervisor = yield* family.start({
      children: [
        family.child("a"),
        family.child("t", { restart: "temporary" }),
        family.child("r", { restart: "transient" }),
      ],
    });
    for (const [step, operation] of ADMIN_STEPS) {
      const answer = yield* operation(supervisor);
      yield* lab.settle();
      lab.log("s", step, okOrError(answer));
    }
    yield* family.stops("r", "normal");
    const answer = yield* Supervisor.restartChild(supervisor, "r");
    lab.log("s", "restart_transient", okOrError(answer.type));
    yield* family.logKids(supervisor);
    yield* family.discard(supervisor);
  },

  *supa_listing(lab) {
    const family = new Family(lab);
    const sub: ChildSpec = { id: "sub", type: "supervisor", start: () => family.start({}) };
    const supervisor = yield* family.start({
      children: [family.child("a"), sub, family.child("b")],
    });
    yield* Supervisor.terminateChild(supervisor, "b");
    yield* logWhich(lab, supervisor);
    const { specs, active, supervisors, workers } = yield* Supervisor.countChildren(supervisor);
    lab.log("s", "count", [specs, active, supervisors, workers]);
    const spec = yield* Supervisor.getChildSpec(supervisor, "a");
    if (spec !== "not_found") lab.log("s", "spec", [spec.restart, spec.shutdown, spec.type, spec.significant]);
    const unknown = yield* Supervisor.getChildSpec(supervisor, "nosuch");
    lab.log("s", "spec_unknown", okOrError(unknown));
    yield* Supervisor.startChild(supervisor, family.child("c"));
    yield* logWhich(lab, supervisor);
    yield* family.discard(supervisor);
  },
};

type AdminStep = (supervisor: SupervisorPid) => Step<string>;

const ADMIN_STEPS: readonly (readonly [string, AdminStep])[] = [
  ["terminate", terminate("a")],
  ["terminate_again", terminate("a")],
  ["restart", restart("a")],
  ["restart_running", restart("a")],
  ["delete_running", remove("a")],
  ["terminate", terminate("a")],
  ["delete", remove("a")],
  ["delete_again", remove("a")],
  ["restart_deleted", restart("a")],
  ["terminate_unknown", terminate("nosuch")],
  ["terminate_temp", terminate("t")],
  ["restart_temp", restart("t")],
];

function terminate(id: string): AdminStep {
  return function* (supervisor) {
    return yield* Supervisor.terminateChild(supervisor, id);
  };
}

function restart(id: string): AdminStep {
  return function* (supervisor) {
    return (yield* Supervisor.restartChild(supervisor, id)).type;
  };
}

function remove(id: string): AdminStep {
  return function* (supervisor) {
    return yield* Supervisor.deleteChild(supervisor, id);
  };
}

/** OTP says `ok`, or wraps the word. */
function okOrError(answer: unknown): unknown {
  return answer === "ok" ? "ok" : ["error", answer];
}

/** What OTP's `start_child` returns, pids and child descriptions shown as words. */
function otpResult(result: StartNamedChildResult): unknown {
  switch (result.type) {
    case "ok":
      return "ok";
    case "ignored":
      return ["ok", "undefined"];
    case "already_started":
      return ["error", ["already_started", "pid"]];
    case "already_present":
      return ["error", "already_present"];
    case "failed":
      return ["error", [result.reason, "@child"]];
    case "invalid_child_spec":
      return ["error", result.reason];
  }
}

/** `error` and the word for what was wrong. */
function failureTag(result: StartNamedChildResult): unknown {
  if (result.type === "failed") return ["error", tagOfExit(result.reason)];
  return result.type === "invalid_child_spec" ? ["error", partAt(result.reason, 0)] : result.type;
}

function* logWhich(lab: Lab, supervisor: SupervisorPid): Step<void> {
  const listed = yield* Supervisor.whichChildren(supervisor);
  lab.log(
    "s",
    "which",
    listed.map(({ id, pid, type }) => [id, typeof pid === "object" ? "pid" : pid, type]),
  );
}
