// Theme supadmin: children that are made from one template.

import { type AnyPid, spawn } from "@krarup/core";
import { SimpleOneForOne } from "@krarup/supervisor";
import { Family } from "../stage/family.ts";
import { type Scenarios, waitForever } from "../stage/lab.ts";

export const simpleOneForOne: Scenarios = {
  *supa_dynamic_children(lab) {
    const family = new Family(lab);
    const supervisor = yield* SimpleOneForOne.startLink({
      intensity: 10,
      periodMs: 10_000,
      template: {
        id: "kid",
        restart: "transient",
        shutdown: 2_000,
        start: (name: string) => family.child(name).start(),
      },
    });
    const { countChildren, whichChildren, terminateChild, restartChild, deleteChild } = SimpleOneForOne;
    const logCount = function* () {
      const { specs, active, workers } = yield* countChildren(supervisor);
      lab.log("s", "count", [specs, active, workers]);
    };
    for (const name of ["k1", "k2", "k3"])
      lab.log("s", "start", (yield* SimpleOneForOne.startChild(supervisor, name)).type);
    yield* logCount();
    const listed = yield* whichChildren(supervisor);
    lab.log("s", "which", [listed.length, listed.every(({ id }) => id === undefined)]);
    const stranger: AnyPid = spawn(waitForever);
    lab.log("s", "terminate", okOrError(yield* terminateChild(supervisor, family.pidOf("k2"))));
    lab.log("s", "terminate_id", okOrError(yield* terminateChild(supervisor, "k9")));
    lab.log("s", "terminate_stranger", okOrError(yield* terminateChild(supervisor, stranger)));
    lab.log("s", "restart", okOrError(yield* restartChild(supervisor, "kid")));
    lab.log("s", "delete", okOrError(yield* deleteChild(supervisor, "kid")));
    const spec = yield* SimpleOneForOne.getChildSpec(supervisor, family.pidOf("k1"));
    lab.log("s", "spec_restart", spec === "not_found" ? spec : spec.restart);
    yield* logCount();
    yield* family.stops("k1", "normal");
    lab.log("s", "active", (yield* countChildren(supervisor)).active);
    yield* family.discard(supervisor);
  },
};

/** OTP says `ok`, or wraps the word. */
function okOrError(answer: string): unknown {
  return answer === "ok" ? "ok" : ["error", answer];
}
