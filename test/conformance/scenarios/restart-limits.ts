// Theme suprestart, second part: when a supervisor gives up or has nothing left to do, and what it reports.

import { StartError } from "@krarup/core";
import { type SupervisorSpec } from "@krarup/supervisor";
import { Family } from "../stage/family.ts";
import type { Lab, Scenarios } from "../stage/lab.ts";
import type { Step } from "../stage/step.ts";

export const restartLimits: Scenarios = {
  *supr_intensity_exceeded(lab) {
    const family = new Family(lab);
    const supervisor = yield* family.start({
      ...TWO_IN_30_S,
      children: family.children("a", "b", "c"),
    });
    for (const id of ["b", "b", "b"]) {
      yield* family.exits(id, "boom");
      yield* family.logState(supervisor);
    }
  },

  *supr_intensity_zero(lab) {
    const family = new Family(lab);
    const limits = { intensity: 0, periodMs: 1000 };
    const first = yield* family.start({ ...limits, children: family.children("a", "b") });
    yield* family.exits("a", "boom");
    yield* family.logState(first);
    const second = yield* family.start({
      ...limits,
      children: [family.child("a"), family.child("b", { restart: "transient" })],
    });
    yield* family.stops("b", "normal");
    yield* family.logState(second);
    yield* family.exits("a", "boom");
    yield* family.logState(second);
  },

  *supr_intensity_shared_by_children(lab) {
    const family = new Family(lab);
    for (const [strategy, order] of [
      ["one_for_one", ["a", "b", "c"]],
      ["one_for_all", ["b", "a", "c"]],
    ] as const) {
      const children = family.children("a", "b", "c");
      const supervisor = yield* family.start({ ...TWO_IN_30_S, strategy, children });
      for (const id of order) {
        yield* family.exits(id, "boom");
        yield* family.logState(supervisor);
      }
    }
  },

  *supr_nested_escalation(lab) {
    const family = new Family(lab);
    const inner: SupervisorSpec = { intensity: 0, children: family.children("x", "y") };
    const top = yield* family.start({
      intensity: 1,
      children: [family.child("w"), { id: "inner", type: "supervisor", start: () => family.start(inner) }],
    });
    for (const id of ["x", "x"]) {
      yield* family.exits(id, "boom");
      yield* family.logState(top);
    }
  },

  *supr_significant_any(lab) {
    const family = new Family(lab);
    yield* anySignificant(lab, family, "transient_normal", () => family.stops("s1", "normal"));
    yield* anySignificant(lab, family, "transient_boom", () => family.exits("s1", "boom"));
    yield* anySignificant(lab, family, "temporary_boom", () => family.exits("s2", "boom"));
    yield* anySignificant(lab, family, "insignificant", () => family.exits("a", "boom"));
  },

  *supr_significant_all(lab) {
    const family = new Family(lab);
    const significant = { significant: true, restart: "transient" } as const;
    const supervisor = yield* family.start({
      autoShutdown: "all_significant",
      children: [family.child("a"), family.child("s1", significant), family.child("s2", significant)],
    });
    yield* family.stops("s1", "normal");
    yield* family.logKids(supervisor);
    yield* family.logState(supervisor);
    yield* family.exits("s2", "boom");
    yield* family.logState(supervisor);
    yield* family.stops("s2", "shutdown");
    yield* family.logState(supervisor);
  },

  *supr_log_reports(lab) {
    const family = new Family(lab);
    const silent = { server: { logs: [] } };
    const labels: string[] = [];
    lab.node.subscribe(["report"], (event) => {
      if (event.type === "report") labels.push(event.report.label);
    });
    const children = [family.child("a", silent), family.child("b", silent)];
    yield* family.start({ intensity: 1, children });
    lab.log("s", "start", labels.splice(0));
    yield* family.exits("b", "boom");
    lab.log("s", "crash", labels.splice(0));
    yield* family.exits("b", ["shutdown", "x"]);
    lab.log("s", "give_up", labels.splice(0));
    const failing = family.child("f", { server: { logs: [], init: () => ["stop", "no"] } });
    yield* startInVain(family, { children: [family.child("a", silent), failing] });
    lab.log("s", "failed_start", labels.splice(0));
  },
};

const TWO_IN_30_S = { intensity: 2, periodMs: 30_000 };

function* anySignificant(lab: Lab, family: Family, variant: string, happen: () => Step<void>): Step<void> {
  lab.log("s", "variant", variant);
  const supervisor = yield* family.start({
    autoShutdown: "any_significant",
    intensity: 5,
    children: [
      family.child("a"),
      family.child("s1", { significant: true, restart: "transient" }),
      family.child("s2", { significant: true, restart: "temporary" }),
    ],
  });
  yield* happen();
  yield* family.logState(supervisor);
  yield* family.discard(supervisor);
}

function* startInVain(family: Family, spec: SupervisorSpec): Step<void> {
  try {
    yield* family.start(spec);
  } catch (failure) {
    if (!(failure instanceof StartError)) throw failure;
  }
}
