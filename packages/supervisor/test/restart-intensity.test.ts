import { exit, type Self, spawnLink } from "@krarup/core";
import { Supervisor } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { RestartWindow } from "../src/restart-intensity.ts";
import { Stage } from "./stage.ts";

describe("RestartWindow", () => {
  it.each([
    // intensity, period, stamps, tolerated
    [0, 1_000, [0], [false]],
    [1, 1_000, [0, 0], [true, false]],
    [1, 1_000, [0, 1_000], [true, false]],
    [1, 1_000, [0, 1_001, 2_002], [true, true, true]],
    [2, 10, [0, 4, 8, 11, 12], [true, true, false, false, false]],
    [2, 10, [0, 11, 22, 33, 34, 35], [true, true, true, true, true, false]],
  ] as const)("of intensity %d in %d ms judges restarts at %j: %j", (intensity, periodMs, stamps, tolerated) => {
    const window = new RestartWindow(intensity, periodMs);
    expect(stamps.map((at) => window.add(at))).toEqual(tolerated);
  });

  it("keeps no more than what still counts", () => {
    const window = new RestartWindow(1_000_000, 10);
    for (let at = 0; at < 10_000; at++) window.add(at);
    expect(window.count).toBe(11);
  });
});

describe("the restart intensity", () => {
  it("is exceeded by one restart too many: children end in reverse order, the supervisor with shutdown", () => {
    const stage = new Stage();
    const supervisor = stage.start({ intensity: 2, periodMs: 30_000, children: stage.children("a b c") });
    stage.crash("b");
    stage.crash("b");
    expect(stage.state(supervisor)).toBe("alive");
    stage.take();
    stage.crash("b");
    expect(stage.take()).toEqual(["b terminate boom", "c terminate shutdown", "a terminate shutdown"]);
    expect(stage.state(supervisor)).toBe("shutdown");
  });

  it("of 0 gives up at the first restart, not at an end without one", () => {
    const stage = new Stage();
    const supervisor = stage.start({
      intensity: 0,
      periodMs: 1_000,
      children: [stage.child("a"), stage.child("b", { restart: "transient" })],
    });
    stage.stop("b", "normal");
    expect(stage.state(supervisor)).toBe("alive");
    stage.crash("a");
    expect(stage.state(supervisor)).toBe("shutdown");
  });

  it("is shared by the children, and a group counts once", () => {
    const stage = new Stage();
    const supervisor = stage.start({ strategy: "one_for_all", intensity: 2, children: stage.children("a b c") });
    stage.crash("b");
    stage.crash("a");
    expect(stage.state(supervisor)).toBe("alive");
    stage.crash("c");
    expect(stage.state(supervisor)).toBe("shutdown");
  });

  it("forgets restarts that are older than the period", () => {
    const stage = new Stage();
    const supervisor = stage.start({ intensity: 1, periodMs: 1_000, children: stage.children("a") });
    for (let i = 0; i < 5; i++) {
      stage.crash("a");
      stage.advance(1_001);
    }
    expect(stage.state(supervisor)).toBe("alive");
  });

  it.each([
    ["one_for_one", 0],
    ["one_for_all", 1],
    ["rest_for_one", 7],
    ["one_for_one", 99_999],
  ] as const)("of %s and %d restarts is exceeded by exactly the next crash of a storm", (strategy, intensity) => {
    const stage = new Stage();
    let starts = 0;
    const start = () => {
      starts++;
      return spawnLink(() => exit("boom"));
    };
    const supervisor = stage.start({ strategy, intensity, children: [stage.child("a"), { id: "storm", start }] });
    expect(starts).toBe(intensity + 1);
    expect(stage.reports.filter((label) => label === "child_terminated")).toHaveLength(intensity + 1);
    expect(stage.reports.filter((label) => label === "shutdown")).toHaveLength(1);
    expect(stage.state(supervisor)).toBe("shutdown");
  });

  it("of 9,999 is not exceeded by a crash each millisecond while the period holds no more of them", () => {
    const stage = new Stage();
    const start = () =>
      spawnLink(function* storm(me: Self) {
        yield* me.sleep(1);
        exit("boom");
      });
    const spec = { intensity: 9_999, children: [{ id: "storm", start }] };
    const [tolerated, exceeded] = [9_998, 10_000].map((periodMs) => stage.start({ ...spec, periodMs }));
    stage.advance(20_000);
    expect([tolerated, exceeded].map((pid) => pid && stage.state(pid))).toEqual(["alive", "shutdown"]);
  });

  it("of an inner supervisor is passed on to the outer one, as an end with shutdown", () => {
    const stage = new Stage();
    const inner = () => Supervisor.startLink({ intensity: 0, children: stage.children("x y") });
    const top = stage.start({
      intensity: 1,
      children: [stage.child("w"), { id: "inner", type: "supervisor", start: inner }],
    });
    expect(stage.take()).toEqual(["w init", "x init", "y init"]);
    stage.crash("x");
    expect(stage.take()).toEqual(["x terminate boom", "y terminate shutdown", "x init", "y init"]);
    expect(stage.state(top)).toBe("alive");
    stage.crash("x");
    expect(stage.take()).toEqual(["x terminate boom", "y terminate shutdown", "w terminate shutdown"]);
    expect(stage.state(top)).toBe("shutdown");
  });
});
