import { Supervisor } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { endsByItself, isExpectedEnd, judgeEnd, restartGroup } from "../src/strategy.ts";
import { Stage } from "./stage.ts";

const REASONS = ["normal", "shutdown", ["shutdown", "x"], "killed", "boom"] as const;

describe("judgeEnd", () => {
  it.each([
    //            normal     shutdown   tuple      killed     boom
    ["permanent", "restart", "restart", "restart", "restart", "restart"],
    ["transient", "forget", "forget", "forget", "restart", "restart"],
    ["temporary", "forget", "forget", "forget", "forget", "forget"],
  ] as const)("of a %s child: %s %s %s %s %s", (restart, ...expected) => {
    expect(REASONS.map((reason) => judgeEnd(restart, reason).do)).toEqual(expected);
  });

  it.each([
    ["permanent", true, true, true, true, true],
    ["transient", false, false, false, true, true],
    ["temporary", false, false, false, true, true],
  ] as const)("reports the end of a %s child: %s %s %s %s %s", (restart, ...expected) => {
    expect(REASONS.map((reason) => judgeEnd(restart, reason).isReported)).toEqual(expected);
  });
});

describe("restartGroup", () => {
  it.each([
    ["one_for_one", "b"],
    ["one_for_all", "abcd"],
    ["rest_for_one", "bcd"],
  ] as const)("under %s is %s", (strategy, group) => {
    expect(restartGroup(strategy, "abcd", "b").join("")).toBe(group);
  });
});

describe("endsByItself", () => {
  const significant = { significant: true };
  const active = { significant: true, isActive: true };
  const ended = { significant: true, isActive: false };
  const bystander = { significant: false, isActive: true };

  it.each([
    ["never", significant, [], false],
    ["any_significant", significant, [active], true],
    ["any_significant", bystander, [], false],
    ["all_significant", significant, [active, ended], false],
    ["all_significant", significant, [ended, bystander], true],
    ["all_significant", bystander, [ended], false],
  ] as const)("%s, with %j gone and %j left: %s", (autoShutdown, gone, left, expected) => {
    expect(endsByItself(autoShutdown, gone, () => left)).toBe(expected);
  });
});

describe("isExpectedEnd", () => {
  it.each([
    //                             normal shutdown tuple  killed boom
    [1_000, "permanent", false, true, false, false, false],
    [1_000, "transient", true, true, true, false, false],
    ["infinity", "temporary", true, true, true, false, false],
    ["brutal_kill", "permanent", false, false, false, true, false],
    ["brutal_kill", "transient", true, true, true, true, false],
  ] as const)("with shutdown %s for a %s child: %s %s %s %s %s", (shutdown, restart, ...expected) => {
    expect(REASONS.map((reason) => isExpectedEnd(shutdown, restart, reason))).toEqual(expected);
  });
});

describe("autoShutdown", () => {
  const family = (stage: Stage) => [
    stage.child("a"),
    stage.child("s1", { significant: true, restart: "transient" }),
    stage.child("s2", { significant: true, restart: "temporary" }),
  ];

  it.each([
    ["s1 stops normally", "s1", "normal", ["s1 terminate normal", "s2 terminate shutdown", "a terminate shutdown"]],
    ["s2 crashes", "s2", "boom", ["s2 terminate boom", "s1 terminate shutdown", "a terminate shutdown"]],
  ] as const)("any_significant ends the supervisor when %s", (_what, id, reason, lines) => {
    const stage = new Stage();
    const supervisor = stage.start({ autoShutdown: "any_significant", children: family(stage) });
    stage.take();
    stage.stop(id, reason);
    expect(stage.take()).toEqual(lines);
    expect(stage.state(supervisor)).toBe("shutdown");
  });

  it.each([
    ["s1", "boom"],
    ["a", "boom"],
    ["a", "normal"],
  ])("any_significant does not when %s ends with %s, as it is restarted", (id, reason) => {
    const stage = new Stage();
    const supervisor = stage.start({ autoShutdown: "any_significant", children: family(stage) });
    stage.stop(id, reason);
    expect(stage.state(supervisor)).toBe("alive");
  });

  it("all_significant waits for the last", () => {
    const stage = new Stage();
    const significant = { significant: true, restart: "transient" } as const;
    const supervisor = stage.start({
      autoShutdown: "all_significant",
      children: [stage.child("a"), stage.child("s1", significant), stage.child("s2", significant)],
    });
    stage.stop("s1", "normal");
    stage.crash("s2");
    expect(stage.state(supervisor)).toBe("alive");
    expect(stage.kids(supervisor)).toBe("a:pid s1:undefined s2:pid");
    stage.stop("s2", "shutdown");
    expect(stage.state(supervisor)).toBe("shutdown");
  });

  it("does not count a child that was terminated by request", () => {
    const stage = new Stage();
    const supervisor = stage.start({ autoShutdown: "any_significant", children: family(stage) });
    stage.ask(() => Supervisor.terminateChild(supervisor, "s1"));
    expect(stage.state(supervisor)).toBe("alive");
  });
});
