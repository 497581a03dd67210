// Theme suprestart, first part: who is restarted.

import { DynamicSupervisor, type RestartType } from "@krarup/supervisor";
import { Family } from "../stage/family.ts";
import type { Lab, Scenarios } from "../stage/lab.ts";
import type { Step } from "../stage/step.ts";

const RESTART_TYPES: readonly RestartType[] = ["permanent", "transient", "temporary"];

export const restarts: Scenarios = {
  *supr_one_for_one_matrix(lab) {
    const family = new Family(lab);
    for (const restart of RESTART_TYPES) {
      for (const cause of CAUSES.keys()) yield* oneForOneCase(lab, family, restart, cause);
    }
  },

  *supr_one_for_all_order(lab) {
    const family = new Family(lab);
    const supervisor = yield* family.start({
      strategy: "one_for_all",
      children: family.children("a", "b", "c"),
    });
    yield* family.exits("b", "boom");
    yield* family.logKids(supervisor);
    yield* family.killed("c");
    yield* family.logKids(supervisor);
    yield* family.discard(supervisor);
  },

  *supr_rest_for_one_order(lab) {
    const family = new Family(lab);
    const supervisor = yield* family.start({
      strategy: "rest_for_one",
      children: family.children("a", "b", "c", "d"),
    });
    yield* family.exits("b", "boom");
    yield* family.logKids(supervisor);
    yield* family.killed("d");
    yield* family.exits("a", "boom");
    yield* family.logKids(supervisor);
    yield* family.discard(supervisor);
  },

  *supr_one_for_all_causes_without_restart(lab) {
    const family = new Family(lab);
    const supervisor = yield* family.start({
      strategy: "one_for_all",
      children: [
        family.child("t1", { restart: "temporary" }),
        family.child("r1", { restart: "transient" }),
        family.child("p1"),
      ],
    });
    yield* family.exits("t1", "boom");
    yield* family.logKids(supervisor);
    yield* family.stops("r1", ["shutdown", "x"]);
    yield* family.logKids(supervisor);
    yield* family.stops("p1", "normal");
    yield* family.logKids(supervisor);
    yield* family.discard(supervisor);
  },

  *supr_restart_fails_then_succeeds(lab) {
    const family = new Family(lab);
    let attempts = 0;
    const init = (): unknown => {
      const attempt = ++attempts;
      if (attempt !== 2 && attempt !== 3) return ["ok", "state"];
      lab.log("f", "attempt", attempt, "fails");
      return ["stop", ["no", attempt]];
    };
    const supervisor = yield* family.start({
      intensity: 5,
      periodMs: 30_000,
      children: [family.child("a"), family.child("f", { server: { init } })],
    });
    for (const crash of ["boom", "boom"]) {
      yield* family.exits("f", crash);
      yield* family.logKids(supervisor);
      yield* family.logState(supervisor);
    }
    yield* family.discard(supervisor);
  },

  *supr_dynamic_restarts(lab) {
    const family = new Family(lab);
    for (const restart of RESTART_TYPES) {
      lab.log("s", "type", restart);
      const supervisor = yield* DynamicSupervisor.startLink({ intensity: 10, periodMs: 10_000 });
      for (const name of ["k1", "k2"]) {
        yield* DynamicSupervisor.startChild(supervisor, family.child(name, { restart }));
      }
      yield* family.exits("k1", "boom");
      yield* family.stops("k2", "normal");
      lab.log("s", "live", (yield* DynamicSupervisor.whichChildren(supervisor)).length);
      yield* family.discard(supervisor);
    }
  },
};

/** How a child is made to end; `kill` by a signal, the others by stopping with the reason. */
const CAUSES: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["normal", "normal"],
  ["shutdown", "shutdown"],
  ["shutdown_tuple", ["shutdown", "x"]],
  ["boom", "boom"],
  ["kill", "kill"],
]);

function* oneForOneCase(lab: Lab, family: Family, restart: RestartType, cause: string): Step<void> {
  const supervisor = yield* family.start({ children: [family.child("a", { restart })] });
  lab.log("s", "case", restart, cause);
  if (cause === "kill") yield* family.killed("a");
  else yield* family.stops("a", CAUSES.get(cause));
  yield* family.logKids(supervisor);
  yield* family.discard(supervisor);
}
