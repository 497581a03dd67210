import { describe, expect, it } from "vitest";
import { Folding } from "../../../src/behaviours/log/log-folding.ts";
import { crashOf, eventOf, textEvent } from "./logged-event.ts";
import type { LogEvent } from "@krarup/core";

const crash = (reason: unknown, name = "mailer"): LogEvent =>
  eventOf({ type: "crash", report: crashOf(reason, { name }), lines: [] });

describe("Folding", () => {
  it("absorbs what has come lately, and tells of it when its time is up", () => {
    const folding = new Folding(10_000);
    expect([0, 1, 9_999].map((nowMs) => folding.absorbs(crash("boom"), nowMs))).toEqual([false, true, true]);
    expect([folding.isPending, folding.due(9_999)]).toEqual([true, []]);
    expect(folding.due(10_000)).toMatchObject([{ message: { type: "repeat", count: 2, withinMs: 10_000 } }]);
    expect([folding.isPending, folding.due(10_000)]).toEqual([false, []]);
    expect(folding.absorbs(crash("boom"), 10_001)).toBe(false);
  });

  it("says nothing of what came once", () => {
    const folding = new Folding(10_000);
    folding.absorbs(crash("boom"), 0);
    expect(folding.due(10_000)).toEqual([]);
  });

  it("tells everything at the end, with the time that it really took", () => {
    const folding = new Folding(10_000);
    folding.absorbs(crash("boom"), 0);
    folding.absorbs(crash("boom"), 0);
    expect(folding.due(300, true)).toMatchObject([{ message: { count: 1, withinMs: 300 } }]);
  });

  it.each([
    ["another reason", crash("boom"), crash("bang"), false],
    ["another name", crash("boom"), crash("boom", "printer"), false],
    ["another process of the name", crash(new Error("x")), crash(new Error("x")), true],
    ["texts", textEvent("hello"), textEvent("hello"), false],
    [
      "stray errors",
      eventOf({ type: "stray", error: "x", pid: null }),
      eventOf({ type: "stray", error: "x", pid: null }),
      true,
    ],
  ])("%s", (_what, first, second, isSame) => {
    const folding = new Folding(10_000);
    folding.absorbs(first, 0);
    expect(folding.absorbs(second, 1)).toBe(isSame);
  });

  it("can be switched off", () => {
    const folding = new Folding(0);
    expect([0, 0].map((nowMs) => folding.absorbs(crash("boom"), nowMs))).toEqual([false, false]);
  });

  it("remembers a bounded number of kinds", () => {
    const folding = new Folding(10_000);
    for (let kind = 0; kind < 1_000; kind++) folding.absorbs(crash(kind), 0);
    expect([0, 999].map((kind) => folding.absorbs(crash(kind), 1))).toEqual([false, true]);
  });
});
