import { describe, expect, it } from "vitest";
import { describeMachine } from "../../bench/machine.ts";
import { SECTIONS } from "../../bench/page/sections.ts";
import type { Workload } from "../../bench/plan.ts";
import type { Result } from "../../bench/summary.ts";

const resultOf = (name: string, bySystem: Readonly<Record<string, number>>, terms: Partial<Workload> = {}): Result => ({
  workload: { name, group: "kernel", title: name, program: [name], ...terms },
  runs: Object.fromEntries(Object.entries(bySystem).map(([system, ns]) => [system, [{ n: 1, ns, timerLagMs: 2 }]])),
});

function make(section: string, ...results: Result[]): string {
  const text = SECTIONS.get(section)?.({ files: [], results });
  if (text === undefined) throw new Error(`Cannot test ${section}: there is no such part`);
  return text;
}

function describeRun(runs: number, loadBefore: number): string {
  const { workload } = resultOf("spawn", {});
  const results = [{ workload, runs: { krarup: Array.from({ length: runs }, () => ({ n: 1, ns: 1 })) } }];
  const machine = { ...describeMachine(), loadBefore };
  return SECTIONS.get("machines")?.({ files: [{ file: "a.json", machine, results }], results }) ?? "";
}

describe("the machine", () => {
  it("comes with its result file", () => {
    expect(describeRun(5, 0)).toContain("[`a.json`](../bench/results/a.json)");
  });

  it.each([
    { runs: 5, loadBefore: 0.5, few: false, busy: false },
    { runs: 4, loadBefore: 0.5, few: true, busy: false },
    { runs: 5, loadBefore: 0.51, few: false, busy: true },
  ])("says of $runs runs at load $loadBefore that they are too few: $few, disturbed: $busy", (row) => {
    const text = describeRun(row.runs, row.loadBefore);
    expect(text.includes("Fewer runs")).toBe(row.few);
    expect(text.includes("was busy")).toBe(row.busy);
  });
});

describe("the tables", () => {
  it("show the median, the range and the largest timer lag beside each other", () => {
    expect(make("kernel", resultOf("spawn", { krarup: 100, erlang: 250 }, { ratioMin: 2 }))).toContain(
      "| spawn | 100 ns (100–100) · 2 ms | 250 ns (250–250) · 2 ms | **2.50x** | 2x |",
    );
  });

  it("have a column for each system that was measured, and a row for each workload that it has", () => {
    const table = make("native", resultOf("spawn", { krarup: 100, go: 50 }), resultOf("links", { krarup: 100 }));
    expect(table.split("\n")).toEqual([
      "| workload | krarup | Go |",
      "| --- | --- | --- |",
      "| spawn | 100 ns (100–100) · 2 ms | 50 ns (50–50) · 2 ms **0.50x** |",
    ]);
  });

  it("say so when nothing was measured", () => {
    expect(make("kernel")).toBe("Not measured.");
    expect(make("javascript", resultOf("spawn", { krarup: 100, go: 50 }))).toBe("Not measured.");
  });
});

describe("where krarup is behind", () => {
  it("lists every system that takes less time, also one that no target names", () => {
    const results = [
      resultOf("spawn", { krarup: 100, go: 50, promise: 99, nact: 100 }),
      resultOf("call", { krarup: 1, go: 2 }),
    ];
    expect(make("behind", ...results)).toBe("- spawn: krarup 100 ns; Go 50 ns (0.50x), promises 99 ns (0.99x)");
  });

  it("is nowhere when it is nowhere", () => {
    expect(make("behind", resultOf("call", { krarup: 1, go: 2 }))).toBe("Nowhere.");
  });
});

describe("the targets that are missed", () => {
  it("come with what was measured, and without those that are met", () => {
    const results = [
      resultOf(
        "spawn",
        { krarup: 100, erlang: 150, go: 10 },
        { ratioMin: 2, aheadOf: ["go"], limits: { timerLagMs: 1 } },
      ),
      resultOf("call", { krarup: 100, erlang: 900 }, { ratioMin: 2 }),
    ];
    expect(make("missed", ...results).split("\n")).toEqual([
      "- spawn: ratio >= 2, measured 1.50x",
      "- spawn: timerLagMs 2 <= 1",
      "- spawn: ahead of go",
    ]);
  });
});
