import { DynamicSupervisor, SpecError, Supervisor } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { backOffDelay, checkedBackOff, Waits } from "../src/back-off.ts";
import { begin } from "./logged-application.ts";
import { Stage } from "./stage.ts";

const STEADY = { minMs: 100, maxMs: 1_000, factor: 3, jitter: 0, resetAfterMs: 5_000 };

describe("backOffDelay", () => {
  it("grows by the factor, up to the maximum", () => {
    expect([0, 1, 2, 3, 1_000].map((before) => backOffDelay(STEADY, before, 0.5))).toEqual([
      100, 300, 900, 1_000, 1_000,
    ]);
  });

  it("is cut short by chance, up to the part that jitter says", () => {
    expect([0, 0.5, 1].map((chance) => backOffDelay({ ...STEADY, jitter: 0.2 }, 0, chance))).toEqual([100, 90, 80]);
  });

  it("has defaults that fit together", () => {
    expect(checkedBackOff({})).toEqual({ minMs: 100, maxMs: 10_000, factor: 2, jitter: 0.2, resetAfterMs: 10_000 });
    expect(checkedBackOff({ minMs: 20_000 })).toMatchObject({ maxMs: 20_000, resetAfterMs: 20_000 });
  });
});

describe("Waits", () => {
  it("begin anew after a child that was up for long enough", () => {
    const waits = new Waits(STEADY);
    expect([0, 4_999, 5_000, 0].map((upMs) => waits.next(upMs, 0))).toEqual([100, 300, 100, 300]);
  });
});

describe("a child with back-off", () => {
  it.each([
    { minMs: -1 },
    { minMs: 2, maxMs: 1 },
    { maxMs: 86_400_001 },
    { factor: 0.5 },
    { jitter: 1.5 },
    { resetAfterMs: Number.NaN },
  ])("does not come with %j", (backOff) => {
    expect(() => Supervisor.startLink({ children: [new Stage().child("a", { backOff })] })).toThrow(SpecError);
  });

  it("is restarted after its wait, which grows", () => {
    const stage = new Stage();
    const supervisor = stage.start({ children: [stage.child("a", { backOff: STEADY })] });
    for (const waitMs of [100, 300, 900]) {
      stage.take();
      stage.crash("a");
      stage.advance(waitMs - 1);
      expect([stage.take(), stage.kids(supervisor)]).toEqual([["a terminate boom"], "a:restarting"]);
      stage.advance(1);
      expect(stage.take()).toEqual(["a init"]);
    }
  });

  it("waits between attempts that fail, too", () => {
    const stage = new Stage();
    const attempt = (number: number): "up" | { no: string } => (number === 1 || number === 4 ? "up" : { no: "no" });
    stage.start({ children: [stage.child("a", { attempt, backOff: STEADY })] });
    stage.take();
    stage.crash("a");
    stage.advance(100);
    stage.advance(300);
    stage.advance(899);
    expect(stage.take()).toEqual(["a terminate boom", "a init", "a init"]);
    stage.advance(1);
    expect(stage.take()).toEqual(["a init"]);
  });

  it("takes its group down at once, and is started with it", () => {
    const stage = new Stage();
    const children = [stage.child("a"), stage.child("b", { backOff: STEADY }), stage.child("c")];
    const supervisor = stage.start({ strategy: "one_for_all", children });
    stage.take();
    stage.crash("b");
    expect(stage.take()).toEqual(["b terminate boom", "c terminate shutdown", "a terminate shutdown"]);
    expect(stage.kids(supervisor)).toBe("a:undefined b:restarting c:undefined");
    stage.advance(100);
    expect(stage.take()).toEqual(["a init", "b init", "c init"]);
  });

  it("stays down when it is terminated while it waits", () => {
    const stage = new Stage();
    const supervisor = stage.start({ children: [stage.child("a", { backOff: STEADY })] });
    stage.crash("a");
    stage.take();
    expect(stage.ask(() => Supervisor.terminateChild(supervisor, "a"))).toBe("ok");
    stage.advance(1_000);
    expect([stage.take(), stage.kids(supervisor)]).toEqual([[], "a:undefined"]);
  });

  it("waits its own time after it was restarted by hand, not what was left of the last", () => {
    const stage = new Stage();
    const supervisor = stage.start({ children: [stage.child("a", { backOff: STEADY })] });
    stage.crash("a");
    stage.ask(() => Supervisor.terminateChild(supervisor, "a"));
    stage.ask(() => Supervisor.restartChild(supervisor, "a"));
    stage.crash("a");
    stage.take();
    stage.advance(299);
    expect(stage.take()).toEqual([]);
    stage.advance(1);
    expect(stage.take()).toEqual(["a init"]);
  });

  it("is counted when it is restarted", () => {
    const stage = new Stage();
    const supervisor = stage.start({ intensity: 1, children: [stage.child("a", { backOff: STEADY })] });
    stage.crash("a");
    stage.advance(100);
    stage.crash("a");
    expect(stage.state(supervisor)).toBe("alive");
    stage.advance(300);
    expect(stage.state(supervisor)).toBe("shutdown");
  });

  it("may be a dynamic one", () => {
    const stage = new Stage();
    const { pid: supervisor } = stage.tryStart(() => DynamicSupervisor.startLink());
    if (supervisor === undefined) throw new Error("not started");
    begin(stage, () => DynamicSupervisor.startChild(supervisor, stage.anonymous("a", { backOff: STEADY })));
    for (const waitMs of [100, 300]) {
      stage.take();
      stage.crash("a");
      stage.advance(waitMs - 1);
      expect(stage.take()).toEqual(["a terminate boom"]);
      stage.advance(1);
      expect(stage.take()).toEqual(["a init"]);
    }
  });
});
