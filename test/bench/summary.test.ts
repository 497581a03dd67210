import { describe, expect, it } from "vitest";
import type { Figures } from "../../bench/measure.ts";
import type { Workload } from "../../bench/plan.ts";
import { judge, measuredOf, ratioOf, type Result, summarise } from "../../bench/summary.ts";

const runs = (...ns: number[]): Figures[] => ns.map((each) => ({ n: 1, ns: each, timerLagMs: each / 100 }));

function resultOf(bySystem: Result["runs"], terms: Partial<Workload> = {}): Result {
  return { workload: { name: "w", group: "kernel", title: "W", program: ["w"], ...terms }, runs: bySystem };
}

describe("summarise", () => {
  it.each([
    { values: [5, 1, 3], expected: { median: 3, min: 1, max: 5 } },
    { values: [4, 1, 3, 2], expected: { median: 2.5, min: 1, max: 4 } },
    { values: [7], expected: { median: 7, min: 7, max: 7 } },
  ])("takes the middle of $values, or between the two middles", ({ values, expected }) => {
    expect(summarise(runs(...values))).toEqual(expected);
  });

  it("has nothing to say of a system that was not measured, or of a figure that it has not", () => {
    expect(summarise(undefined)).toBeNull();
    expect(summarise([])).toBeNull();
    expect(summarise(runs(1), "heapBytes")).toBeNull();
  });
});

describe("measuredOf", () => {
  it("takes the largest lag of all runs", () => {
    expect(measuredOf(resultOf({ krarup: runs(100, 900, 300) }), "krarup")).toMatchObject({ median: 300, lagMs: 9 });
  });

  it("knows no lag where none was watched", () => {
    expect(measuredOf(resultOf({ old: [{ n: 1, ns: 5 }] }), "old")).toMatchObject({ lagMs: null });
  });
});

describe("ratioOf", () => {
  it("divides their median by ours", () => {
    expect(ratioOf(resultOf({ krarup: runs(100, 50, 120), go: runs(400, 250, 900) }), "go")).toBe(4);
  });

  it("is null without either", () => {
    expect(ratioOf(resultOf({ krarup: runs(100) }), "go")).toBeNull();
    expect(ratioOf(resultOf({ go: runs(100) }), "go")).toBeNull();
  });
});

describe("judge", () => {
  it.each([
    { erlang: 200, isMet: true },
    { erlang: 199, isMet: false },
  ])("wants a ratio of at least the target: $erlang against 100 is $isMet", ({ erlang, isMet }) => {
    const result = resultOf({ krarup: runs(100), erlang: runs(erlang) }, { ratioMin: 2 });
    expect(judge(result)).toEqual([{ target: "ratio >= 2", isMet }]);
  });

  it("cannot tell without Erlang", () => {
    expect(judge(resultOf({ krarup: runs(100) }, { ratioMin: 2 }))).toEqual([{ target: "ratio >= 2", isMet: null }]);
  });

  it.each([
    { limit: 3, isMet: true },
    { limit: 2.9, isMet: false },
  ])("wants a figure of at most its limit: 3 against $limit is $isMet", ({ limit, isMet }) => {
    const result = resultOf({ krarup: runs(300) }, { limits: { timerLagMs: limit } });
    expect(judge(result)).toEqual([{ target: `timerLagMs 3 <= ${limit}`, isMet }]);
  });

  it("names those that we are ahead of, those that are not behind, and leaves out those not measured", () => {
    const result = resultOf(
      { krarup: runs(100), go: runs(150), tokio: runs(50), nact: runs(100), xstate: runs(900) },
      { aheadOf: ["go", "tokio", "nact", "xstate", "effect"] },
    );
    expect(judge(result)).toEqual([
      { target: "ahead of go, xstate", isMet: true },
      { target: "ahead of tokio, nact", isMet: false },
    ]);
  });

  it("asks nothing of a workload without targets", () => {
    expect(judge(resultOf({ krarup: runs(100), erlang: runs(1) }))).toEqual([]);
  });
});
