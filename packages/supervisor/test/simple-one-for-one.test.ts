import { type AnyPid, exit, isAlive, type Pid, spawnOpt } from "@krarup/core";
import { SimpleOneForOne, type SimpleOneForOnePid, SpecError } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { type ChildPart, idle, Stage } from "./stage.ts";

type Sessions = SimpleOneForOnePid<[name: string]>;

function sessions(stage: Stage, part: ChildPart = {}): Sessions {
  const { pid } = stage.tryStart(() =>
    SimpleOneForOne.startLink({
      template: {
        id: "session",
        ...(part.restart === undefined ? {} : { restart: part.restart }),
        start: (name: string) => stage.anonymous(name, part).start(),
      },
    }),
  );
  if (pid === undefined) throw new Error("not started");
  return pid;
}

function started(stage: Stage, supervisor: Sessions, name: string): AnyPid {
  const result = stage.ask(() => SimpleOneForOne.startChild(supervisor, name));
  if (result.type !== "ok") throw new Error(result.type);
  return result.pid;
}

describe("SimpleOneForOne", () => {
  it("makes children from its template and their arguments, and again from the same when they are restarted", () => {
    const stage = new Stage();
    const supervisor = sessions(stage);
    started(stage, supervisor, "agner");
    started(stage, supervisor, "joe");
    stage.crash("agner");
    expect(stage.take()).toEqual(["agner init", "joe init", "agner terminate boom", "agner init"]);
  });

  it("counts one spec, and lists children without ids, the newest first", () => {
    const stage = new Stage();
    const supervisor = sessions(stage);
    expect(stage.ask(() => SimpleOneForOne.countChildren(supervisor))).toMatchObject({ specs: 1, active: 0 });
    const pids = ["agner", "joe"].map((name) => started(stage, supervisor, name));
    expect(stage.ask(() => SimpleOneForOne.countChildren(supervisor))).toEqual({
      specs: 1,
      active: 2,
      supervisors: 0,
      workers: 2,
    });
    expect(stage.ask(() => SimpleOneForOne.whichChildren(supervisor))).toEqual(
      pids.toReversed().map((pid) => ({ id: undefined, pid, type: "worker" })),
    );
  });

  it.each([
    ["up", "ok"],
    ["ignore", "ignored"],
    [{ no: "no" }, "failed"],
  ] as const)("says of a child that comes %j: %s", (how, type) => {
    const stage = new Stage();
    const supervisor = sessions(stage, { attempt: () => how });
    expect(stage.ask(() => SimpleOneForOne.startChild(supervisor, "agner")).type).toBe(type);
  });

  it("terminates by pid: a child, a stranger, one that has ended", () => {
    const stage = new Stage();
    const supervisor = sessions(stage);
    const pid = started(stage, supervisor, "agner");
    const stranger = spawnOpt(idle, [], { node: stage.node });
    const terminate = (target: AnyPid): unknown => stage.ask(() => SimpleOneForOne.terminateChild(supervisor, target));
    expect([pid, stranger, pid].map(terminate)).toEqual(["ok", "not_found", "ok"]);
    expect(stage.take()).toEqual(["agner init", "agner terminate shutdown"]);
    expect(isAlive(stranger)).toBe(true);
  });

  it("refuses what needs ids", () => {
    const stage = new Stage();
    const supervisor = sessions(stage);
    const { terminateChild, restartChild, deleteChild } = SimpleOneForOne;
    const answers = [terminateChild, restartChild, deleteChild].map((act) =>
      stage.ask(() => act<[string]>(supervisor, "session")),
    );
    expect(answers).toEqual(["simple_one_for_one", "simple_one_for_one", "simple_one_for_one"]);
  });

  it("tells its template by the id of that, or by a child", () => {
    const stage = new Stage();
    const supervisor = sessions(stage, { restart: "transient" });
    const pid = started(stage, supervisor, "agner");
    const describe = (which: AnyPid | string): unknown =>
      stage.ask(() => SimpleOneForOne.getChildSpec(supervisor, which));
    expect(describe("session")).toMatchObject({ id: "session", restart: "transient" });
    expect(describe(pid)).toEqual(describe("session"));
    expect(describe("other")).toBe("not_found");
  });

  it("ends all its children with itself", () => {
    const stage = new Stage();
    const supervisor = sessions(stage);
    started(stage, supervisor, "agner");
    stage.take();
    exit(supervisor, "kill");
    stage.settle();
    expect(stage.take()).toEqual(["agner terminate killed"]);
  });

  it("can be reached by name", () => {
    const stage = new Stage();
    const start = (): Pid<unknown> => {
      throw new Error("no session today");
    };
    stage.tryStart(() => SimpleOneForOne.startLink({ name: "sessions", template: { id: "session", start } }));
    const result = stage.ask(() => SimpleOneForOne.startChild("sessions"));
    expect(result).toMatchObject({ type: "failed", reason: ["EXIT", { message: "no session today" }] });
  });

  it("checks its template before anything is made", () => {
    const stage = new Stage();
    expect(() =>
      SimpleOneForOne.startLink({ template: { ...stage.child("session"), restart: "sometimes" as "permanent" } }),
    ).toThrow(SpecError);
    expect(() => SimpleOneForOne.startLink({ template: stage.child("session"), intensity: -1 })).toThrow(SpecError);
  });
});
