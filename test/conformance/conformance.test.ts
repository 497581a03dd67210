import { describe, expect, it } from "vitest";
import { IMPLEMENTED } from "./implemented.ts";
import { IN_REAL_TIME } from "./in-real-time.ts";
import { NOT_YET } from "./not-yet.ts";
import { describedScenarios, recordedNames, recordedTrace } from "./recorded.ts";
import { performInRealTime } from "./stage/perform-in-real-time.ts";
import { performScenario } from "./stage/perform-scenario.ts";

const SEEDS = [1, 2, 3, 4, 5];

/** Traces that show the order of the run queue itself. */
const ORDERED_BY_QUEUE = new Set(["mail_priority_order"]);

describe("the traces of the BEAM", () => {
  it.each(Object.entries(IMPLEMENTED))("%s is the same here", (name, scenario) => {
    expect(performScenario(scenario)).toBe(recordedTrace(name));
  });

  it.each(Object.entries(IMPLEMENTED).filter(([name]) => !ORDERED_BY_QUEUE.has(name)))(
    "%s is the same here in whatever order processes run",
    (name, scenario) => {
      const traces = SEEDS.map((seed) => performScenario(scenario, { seed, shuffle: true }));
      expect(new Set(traces)).toEqual(new Set([recordedTrace(name)]));
    },
  );

  it.each(Object.entries(IN_REAL_TIME))("%s is the same here, in real time", async (name, scenario) => {
    expect(await performInRealTime(scenario)).toBe(recordedTrace(name));
  });

  it("are one for each scenario that scenarios.md describes", () => {
    const described = describedScenarios().map(({ name }) => name);
    expect(described.toSorted()).toEqual(recordedNames());
  });

  it("are each either compared above or listed as not yet", () => {
    const accounted = [IMPLEMENTED, IN_REAL_TIME, NOT_YET].flatMap((list) => Object.keys(list));
    expect(accounted.toSorted()).toEqual(recordedNames());
  });
});
