import { exit, isAlive, send, spawn, spawnLink } from "@krarup/core";
import { DynamicSupervisor, type DynamicSupervisorPid, type DynamicSupervisorSpec } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { type ChildPart, idle, Stage } from "./stage.ts";

function start(stage: Stage, spec: DynamicSupervisorSpec = {}): DynamicSupervisorPid {
  const { pid, reason } = stage.tryStart(() => DynamicSupervisor.startLink({ intensity: 10, ...spec }));
  if (pid === undefined) throw new Error(`not started: ${JSON.stringify(reason)}`);
  return pid;
}

function add(stage: Stage, supervisor: DynamicSupervisorPid, name: string, part?: ChildPart): string {
  return stage.ask(() => DynamicSupervisor.startChild(supervisor, stage.anonymous(name, part))).type;
}

function active(stage: Stage, supervisor: DynamicSupervisorPid): number {
  return stage.ask(() => DynamicSupervisor.countChildren(supervisor)).active;
}

describe("a dynamic child that ends", () => {
  it.each([
    //            after boom  after normal
    ["permanent", 2, 2],
    ["transient", 2, 1],
    ["temporary", 1, 0],
  ] as const)("is restarted or forgotten: %s leaves %d, then %d", (restart, afterBoom, afterNormal) => {
    const stage = new Stage();
    const supervisor = start(stage);
    add(stage, supervisor, "k1", { restart });
    add(stage, supervisor, "k2", { restart });
    stage.crash("k1");
    expect(active(stage, supervisor)).toBe(afterBoom);
    stage.stop("k2", "normal");
    expect(active(stage, supervisor)).toBe(afterNormal);
  });

  it("and asks to be left out at the restart is forgotten", () => {
    const stage = new Stage();
    const supervisor = start(stage);
    add(stage, supervisor, "k", { attempt: (number) => (number === 1 ? "up" : "ignore") });
    stage.crash("k");
    expect(stage.ask(() => DynamicSupervisor.whichChildren(supervisor))).toEqual([]);
  });

  it("too often ends the supervisor and all its children", () => {
    const stage = new Stage();
    const supervisor = start(stage, { intensity: 1 });
    add(stage, supervisor, "k1");
    add(stage, supervisor, "k2");
    stage.crash("k1");
    stage.take();
    stage.crash("k1");
    expect(stage.take()).toEqual(["k1 terminate boom", "k2 terminate shutdown"]);
    expect(stage.state(supervisor)).toBe("shutdown");
  });

  it("and cannot be restarted is tried again, known by the pid it had", () => {
    const stage = new Stage();
    const supervisor = start(stage, { intensity: 100, maxChildren: 1 });
    add(stage, supervisor, "f", { attempt: (number) => (number === 1 ? "up" : { no: number }) });
    const former = stage.pid("f");
    send(former, { do: "exit", reason: "boom" });
    const seen = stage.ask(function* () {
      const [child] = yield* DynamicSupervisor.whichChildren(supervisor);
      const another = yield* DynamicSupervisor.startChild(supervisor, stage.anonymous("g"));
      const ended = yield* DynamicSupervisor.terminateChild(supervisor, former);
      return [child?.pid, another.type, ended];
    });
    expect(seen).toEqual(["restarting", "max_children", "ok"]);
    expect(stage.ask(() => DynamicSupervisor.whichChildren(supervisor))).toEqual([]);
  });
});

describe("the management of dynamic children", () => {
  it("answers step by step as Elixir does", () => {
    const stage = new Stage();
    const supervisor = start(stage, { maxChildren: 2 });
    expect(["k1", "k2", "k3"].map((name) => add(stage, supervisor, name))).toEqual(["ok", "ok", "max_children"]);
    expect(stage.ask(() => DynamicSupervisor.countChildren(supervisor))).toEqual({
      specs: 2,
      active: 2,
      supervisors: 0,
      workers: 2,
    });
    stage.crash("k1");
    const k2 = stage.pid("k2");
    const terminate = () => stage.ask(() => DynamicSupervisor.terminateChild(supervisor, k2));
    expect([terminate(), terminate()]).toEqual(["ok", "not_found"]);
    expect(add(stage, supervisor, "i", { attempt: () => "ignore" })).toBe("ignored");
    const failing = stage.anonymous("f", { attempt: () => ({ no: "no" }) });
    expect(stage.ask(() => DynamicSupervisor.startChild(supervisor, failing))).toEqual({
      type: "failed",
      reason: "no",
    });
    const listed = stage.ask(() => DynamicSupervisor.whichChildren(supervisor));
    expect(listed).toEqual([{ id: undefined, pid: stage.pid("k1"), type: "worker" }]);
  });

  it("leaves no timer behind that would come as a message later", () => {
    const stage = new Stage();
    const supervisor = start(stage);
    add(stage, supervisor, "k");
    stage.ask(() => DynamicSupervisor.terminateChild(supervisor, stage.pid("k")));
    stage.advance(10_000);
    expect(stage.reports).toEqual(["progress"]);
  });

  it("does not touch processes that are no children", () => {
    const stage = new Stage();
    const supervisor = start(stage);
    const stranger = stage.ask(function* () {
      yield* [];
      return spawn(idle);
    });
    expect(stage.ask(() => DynamicSupervisor.terminateChild(supervisor, stranger))).toBe("not_found");
    expect(stage.ask(() => DynamicSupervisor.getChildSpec(supervisor, stranger))).toBe("not_found");
    expect(isAlive(stranger)).toBe(true);
  });

  it("tells the spec by pid, and what is wrong with one", () => {
    const stage = new Stage();
    const supervisor = start(stage);
    add(stage, supervisor, "k", { restart: "transient" });
    const described = stage.ask(() => DynamicSupervisor.getChildSpec(supervisor, stage.pid("k")));
    expect(described).toMatchObject({ id: undefined, restart: "transient", shutdown: 5_000 });
    const wrong = { start: () => spawnLink(idle), restart: "always" };
    // What does not compile may still arrive from JavaScript.
    expect(stage.ask(() => DynamicSupervisor.startChild(supervisor, wrong as never))).toEqual({
      type: "invalid_child_spec",
      reason: ["invalid_restart_type", "always"],
    });
  });
});

describe("the end of a dynamic supervisor", () => {
  it("tells all children at once and waits for the slowest", () => {
    const stage = new Stage();
    const supervisor = start(stage);
    for (const name of ["k1", "k2", "k3"]) add(stage, supervisor, name, { terminateMs: 1_000 });
    stage.take();
    stage.signalFromParent(supervisor, "shutdown");
    expect(stage.take()).toEqual(["k1 terminate shutdown", "k2 terminate shutdown", "k3 terminate shutdown"]);
    stage.advance(999);
    expect(stage.state(supervisor)).toBe("alive");
    stage.advance(1);
    expect(stage.take()).toEqual(["k1 terminate_done", "k2 terminate_done", "k3 terminate_done"]);
    expect(stage.state(supervisor)).toBe("shutdown");
  });

  it("kills each child when its own time is up", () => {
    const stage = new Stage();
    const supervisor = start(stage);
    add(stage, supervisor, "brutal", { shutdown: "brutal_kill" });
    for (const ms of [100, 300]) add(stage, supervisor, `k${ms}`, { shutdown: ms, terminateMs: 200 });
    const pids = ["brutal", "k100", "k300"].map((name) => stage.pid(name));
    stage.signalFromParent(supervisor, "shutdown");
    stage.advance(100);
    expect(pids.map((pid) => stage.state(pid))).toEqual(["killed", "killed", "alive"]);
    stage.advance(100);
    expect(stage.state(pids[2] ?? supervisor)).toBe("shutdown");
    expect(stage.state(supervisor)).toBe("shutdown");
    expect(stage.reports.filter((label) => label === "shutdown_error")).toHaveLength(1);
  });

  it("leaves nothing behind, also when a child ends by itself meanwhile", () => {
    const stage = new Stage();
    const supervisor = start(stage);
    for (const name of ["k1", "k2"]) add(stage, supervisor, name);
    exit(stage.pid("k1"), "kill");
    stage.signalFromParent(supervisor, "shutdown");
    expect(stage.state(supervisor)).toBe("shutdown");
    // The parent only.
    expect(stage.node.processCount).toBe(1);
  });
});

describe("startLink", () => {
  it.each([
    [[] as DynamicSupervisorSpec, ["invalid_type", []]],
    [{ maxChildren: -1 }, ["invalid_max_children", -1]],
    [{ intensity: 0.5 }, ["invalid_intensity", 0.5]],
    [{ periodMs: 0 }, ["invalid_period", 0]],
  ])("refuses %j", (spec, reason) => {
    const { reason: refusal } = new Stage().tryStart(() => DynamicSupervisor.startLink(spec));
    expect(refusal).toEqual(["supervisor_data", reason]);
  });
});
