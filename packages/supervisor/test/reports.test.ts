import { send } from "@krarup/core";
import { DynamicSupervisor, Supervisor } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { Stage } from "./stage.ts";

describe("the reports of a supervisor", () => {
  it("tell of starts, ends and giving up, with OTP's labels", () => {
    const stage = new Stage();
    const take = () => stage.reports.splice(0);
    stage.start({ intensity: 1, children: stage.children("a b") });
    expect(take()).toEqual(["progress", "progress"]);
    stage.crash("b");
    expect(take()).toEqual(["child_terminated", "progress"]);
    stage.stop("b", ["shutdown", "x"]);
    expect(take()).toEqual(["child_terminated", "shutdown"]);
    const failing = [stage.child("a"), stage.child("f", { attempt: () => ({ no: 1 }) })];
    stage.tryStart(() => Supervisor.startLink({ children: failing }));
    expect(take()).toEqual(["progress", "start_error"]);
  });

  it("name the supervisor, the reason and the child", () => {
    const stage = new Stage();
    const seen: unknown[] = [];
    stage.node.subscribe(["report"], (event) => {
      if (event.type === "report") seen.push(event.report);
    });
    const supervisor = stage.start({ name: "root", children: [stage.child("a", { shutdown: 100, terminateMs: 200 })] });
    const pid = stage.pid("a");
    const child = { pid, id: "a", restart: "permanent", shutdown: 100, type: "worker", significant: false };
    expect(seen).toEqual([{ label: "progress", level: "debug", details: { supervisor: "root", started: child } }]);
    stage.signalFromParent(supervisor, "shutdown");
    stage.advance(1_000);
    expect(seen.slice(1)).toEqual([
      { label: "shutdown_error", level: "error", details: { supervisor: "root", reason: "killed", offender: child } },
    ]);
  });

  it("give the true reason of a child that ended just before it was told to", () => {
    const stage = new Stage();
    const seen: unknown[] = [];
    stage.start({ strategy: "one_for_all", children: stage.children("a b") });
    stage.node.subscribe(["report"], (event) => {
      if (event.type === "report" && event.report.level === "error")
        seen.push([event.report.label, event.report.details["reason"]]);
    });
    for (const id of ["a", "b"]) send(stage.pid(id), { do: "exit", reason: `${id}_boom` });
    stage.settle();
    expect(seen).toEqual([
      ["child_terminated", "a_boom"],
      ["shutdown_error", "b_boom"],
    ]);
  });

  it("do not call the child that was one too many a failed shutdown", () => {
    const stage = new Stage();
    const { pid } = stage.tryStart(() => DynamicSupervisor.startLink({ intensity: 0, name: "calls" }));
    stage.ask(() => DynamicSupervisor.startChild("calls", stage.anonymous("k")));
    stage.crash("k");
    expect(pid !== undefined && stage.state(pid)).toBe("shutdown");
    expect(stage.reports).toEqual(["progress", "child_terminated", "shutdown"]);
  });

  it("say nothing of ends that are no surprise", () => {
    const stage = new Stage();
    const supervisor = stage.start({ children: stage.children("a b", { restart: "transient" }) });
    stage.reports.length = 0;
    stage.stop("a", "normal");
    stage.signalFromParent(supervisor, "shutdown");
    expect(stage.reports).toEqual([]);
  });
});
