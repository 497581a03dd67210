// The management of a running supervisor: results word for word as OTP gives them (the traces supa_*).

import { type AnyPid, getState, isPid, processInfo, send, stop } from "@krarup/core";
import { DynamicSupervisor, Supervisor } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { idle, Stage } from "./stage.ts";

describe("startLink", () => {
  it("registers under a name, once", () => {
    const stage = new Stage();
    const supervisor = stage.start({ name: "root", children: stage.children("a") });
    const { reason } = stage.tryStart(() => Supervisor.startLink({ name: "root" }));
    expect(reason).toEqual(["already_started", supervisor]);
    expect(stage.ask(() => Supervisor.countChildren("root")).active).toBe(1);
  });

  it("frees the name when a child does not come up", () => {
    const stage = new Stage();
    const attempt = (number: number) => (number === 1 ? { no: 1 } : "up");
    const spec = { name: "root", children: [stage.child("a", { attempt })] };
    expect(stage.tryStart(() => Supervisor.startLink(spec)).pid).toBeUndefined();
    const { pid } = stage.tryStart(() => Supervisor.startLink(spec));
    expect(isPid(pid) && processInfo(pid)?.registeredName).toBe("root");
    expect(stage.ask(() => Supervisor.countChildren("root")).active).toBe(1);
  });

  it("without children waits for some", () => {
    const stage = new Stage();
    const supervisor = stage.start({});
    expect(stage.ask(() => Supervisor.countChildren(supervisor))).toEqual({
      specs: 0,
      active: 0,
      supervisors: 0,
      workers: 0,
    });
  });

  it("takes specs as they are at that moment", () => {
    const stage = new Stage();
    const children = stage.children("a");
    const supervisor = stage.start({ children });
    children.length = 0;
    stage.crash("a");
    expect(stage.kids(supervisor)).toBe("a:pid");
  });
});

describe("startChild", () => {
  it("adds a child at the end", () => {
    const stage = new Stage();
    const supervisor = stage.start({ children: stage.children("a") });
    const result = stage.ask(() => Supervisor.startChild(supervisor, stage.child("b")));
    expect(result).toEqual({ type: "ok", pid: stage.pid("b") });
    expect(stage.kids(supervisor)).toBe("a:pid b:pid");
  });

  it("refuses an id that is running", () => {
    const stage = new Stage();
    const supervisor = stage.start({ children: stage.children("a") });
    const result = stage.ask(() => Supervisor.startChild(supervisor, stage.child("a")));
    expect(result).toEqual({ type: "already_started", pid: stage.pid("a") });
  });

  it("refuses an id that is known and not running", () => {
    const stage = new Stage();
    const supervisor = stage.start({ children: stage.children("a") });
    stage.ask(() => Supervisor.terminateChild(supervisor, "a"));
    expect(stage.ask(() => Supervisor.startChild(supervisor, stage.child("a")))).toEqual({ type: "already_present" });
  });

  it("that fails leaves nothing behind", () => {
    const stage = new Stage();
    const supervisor = stage.start({});
    const start = () => Supervisor.startChild(supervisor, stage.child("f", { attempt: () => ({ no: "no" }) }));
    expect(stage.ask(start)).toEqual({ type: "failed", reason: "no" });
    expect(stage.ask(start)).toEqual({ type: "failed", reason: "no" });
    expect(stage.kids(supervisor)).toBe("");
  });

  it.each([
    ["permanent", "i:undefined"],
    ["transient", "i:undefined"],
    ["temporary", ""],
  ] as const)("that is ignored keeps a %s child as %j", (restart, kids) => {
    const stage = new Stage();
    const supervisor = stage.start({});
    const spec = stage.child("i", { restart, attempt: () => "ignore" });
    expect(stage.ask(() => Supervisor.startChild(supervisor, spec))).toEqual({ type: "ignored" });
    expect(stage.kids(supervisor)).toBe(kids);
  });

  it.each([
    ["garbage", ["invalid_child_spec", "garbage"]],
    [{ start: false }, "missing_id"],
    [{ id: "x" }, "missing_start"],
    [{ id: "x", start: idle, shutdown: -1 }, ["invalid_shutdown", -1]],
    [
      { id: "x", start: idle, restart: "transient", significant: true },
      ["bad_combination", { auto_shutdown: "never", significant: true }],
    ],
  ])("says what is wrong with %j", (spec, reason) => {
    const stage = new Stage();
    const supervisor = stage.start({});
    // What does not compile may still arrive from JavaScript.
    const result = stage.ask(() => Supervisor.startChild(supervisor, spec as never));
    expect(result).toEqual({ type: "invalid_child_spec", reason });
  });

  it("fails as a call does when there is no supervisor", () => {
    const stage = new Stage();
    expect(() => stage.ask(() => Supervisor.startChild("nobody", stage.child("a")))).toThrow("no answer");
    expect([...stage.ends.values()]).toMatchObject([["noproc", {}]]);
  });
});

describe("terminateChild, restartChild, deleteChild", () => {
  it("answer step by step as OTP does", () => {
    const stage = new Stage();
    const supervisor = stage.start({
      children: [
        stage.child("a"),
        stage.child("t", { restart: "temporary" }),
        stage.child("r", { restart: "transient" }),
      ],
    });
    const terminate = (id: string) => stage.ask(() => Supervisor.terminateChild(supervisor, id));
    const restart = (id: string) => stage.ask(() => Supervisor.restartChild(supervisor, id)).type;
    const remove = (id: string) => stage.ask(() => Supervisor.deleteChild(supervisor, id));
    stage.take();
    expect([terminate("a"), terminate("a")]).toEqual(["ok", "ok"]);
    expect([restart("a"), restart("a"), remove("a")]).toEqual(["ok", "running", "running"]);
    expect([terminate("a"), remove("a"), remove("a")]).toEqual(["ok", "ok", "not_found"]);
    expect([restart("a"), terminate("nosuch")]).toEqual(["not_found", "not_found"]);
    expect([terminate("t"), restart("t")]).toEqual(["ok", "not_found"]);
    stage.stop("r", "normal");
    expect(restart("r")).toBe("ok");
    expect(stage.kids(supervisor)).toBe("r:pid");
    expect(stage.take()).toEqual([
      "a terminate shutdown",
      "a init",
      "a terminate shutdown",
      "t terminate shutdown",
      "r terminate normal",
      "r init",
    ]);
  });

  it("let a failed restart be tried again", () => {
    const stage = new Stage();
    const attempt = (number: number) => (number === 2 ? { no: 2 } : number === 3 ? "ignore" : "up");
    const supervisor = stage.start({ children: [stage.child("f", { attempt })] });
    stage.ask(() => Supervisor.terminateChild(supervisor, "f"));
    const results = [1, 2, 3].map(() => stage.ask(() => Supervisor.restartChild(supervisor, "f")));
    expect(results).toEqual([{ type: "failed", reason: 2 }, { type: "ignored" }, { type: "ok", pid: stage.pid("f") }]);
  });
});

describe("whichChildren, countChildren, getChildSpec", () => {
  it("list the newest first, count by kind, and tell the spec", () => {
    const stage = new Stage();
    const supervisor = stage.start({
      children: [
        stage.child("a", { shutdown: 2_000 }),
        { id: "sub", type: "supervisor", start: () => Supervisor.startLink({}) },
        stage.child("b"),
      ],
    });
    stage.ask(() => Supervisor.terminateChild(supervisor, "b"));
    const list = () => stage.ask(() => Supervisor.whichChildren(supervisor)).map(({ id, type }) => [id, type]);
    expect(list()).toEqual([
      ["b", "worker"],
      ["sub", "supervisor"],
      ["a", "worker"],
    ]);
    expect(stage.ask(() => Supervisor.countChildren(supervisor))).toEqual({
      specs: 3,
      active: 2,
      supervisors: 1,
      workers: 2,
    });
    expect(stage.ask(() => Supervisor.getChildSpec(supervisor, "a"))).toEqual({
      id: "a",
      restart: "permanent",
      shutdown: 2_000,
      type: "worker",
      significant: false,
    });
    expect(stage.ask(() => Supervisor.getChildSpec(supervisor, "sub"))).toMatchObject({ shutdown: "infinity" });
    expect(stage.ask(() => Supervisor.getChildSpec(supervisor, "nosuch"))).toBe("not_found");
    stage.ask(() => Supervisor.startChild(supervisor, stage.child("c")));
    expect(list()[0]).toEqual(["c", "worker"]);
  });
});

describe("a supervisor as a behaviour", () => {
  it("stops in order, with its children", () => {
    const stage = new Stage();
    const supervisor = stage.start({ children: stage.children("a b") });
    stage.take();
    stage.ask(() => stop(supervisor));
    expect(stage.take()).toEqual(["b terminate shutdown", "a terminate shutdown"]);
    expect(stage.state(supervisor)).toBe("normal");
  });

  it("shows its children as its state", () => {
    const stage = new Stage();
    const supervisor = stage.start({ children: stage.children("a") });
    stage.crash("a");
    expect(stage.ask(() => getState(supervisor))).toMatchObject({ children: [{ id: "a" }], restarts: 1 });
  });

  it("reports and drops what it does not understand", () => {
    const stage = new Stage();
    const supervisor: AnyPid = stage.start({});
    // Its type takes requests only; anything may come from elsewhere.
    send(supervisor as never, "hello" as never);
    stage.settle();
    expect(stage.reports).toEqual(["unexpected_message"]);
    expect(stage.state(supervisor)).toBe("alive");
  });

  it("supervises a dynamic one, which it waits for", () => {
    const stage = new Stage();
    const start = () => DynamicSupervisor.startLink({ name: "calls" });
    const supervisor = stage.start({ children: [{ id: "calls", type: "supervisor", start }] });
    stage.ask(() => DynamicSupervisor.startChild("calls", stage.anonymous("k", { terminateMs: 10_000 })));
    stage.take();
    stage.signalFromParent(supervisor, "shutdown");
    stage.advance(4_999);
    expect(stage.state(supervisor)).toBe("alive");
    stage.advance(1);
    expect(stage.state(supervisor)).toBe("shutdown");
    expect(stage.take()).toEqual(["k terminate shutdown"]);
  });
});
