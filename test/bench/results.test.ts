import { describe, expect, it } from "vitest";
import { mergeResults, readResults, resultPath } from "../../bench/results.ts";
import { describeMachine } from "../../bench/machine.ts";
import type { Result } from "../../bench/summary.ts";

const machine = { ...describeMachine() };
const resultOf = (name: string, ns: number): Result => ({
  workload: { name, group: "kernel", title: name, program: [name] },
  runs: { krarup: [{ n: 1, ns }] },
});

describe("mergeResults", () => {
  it("takes each workload from the last file that has it, in the order of the first", () => {
    const older = { machine, results: [resultOf("a", 1), resultOf("b", 2)] };
    const newer = { machine, results: [resultOf("c", 3), resultOf("a", 4)] };
    expect(mergeResults([older, newer])).toEqual([resultOf("a", 4), resultOf("b", 2), resultOf("c", 3)]);
  });
});

describe("resultPath", () => {
  it("names a file for its time and commit, in results/", () => {
    const path = resultPath({ ...machine, date: "2026-11-24T20:41:12.537Z", commit: "41bfcd5+" });
    expect(path).toMatch(/results\/2026-11-24T204112-41bfcd5\+\.json$/);
  });
});

describe("readResults", () => {
  it("says where it looked for a file that is not there", () => {
    expect(() => readResults("nothing.json")).toThrow("Cannot read nothing.json: it is not in bench/results");
  });
});
