// Whole supervisors at work, line by line as the BEAM runs them (OTP 25).

import { exit, isAlive, send } from "@krarup/core";
import { Supervisor } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { Stage } from "./stage.ts";

const CAUSES = ["normal", "shutdown", ["shutdown", "x"], "boom", "kill"] as const;

describe("a child that ends", () => {
  it.each([
    //            normal       shutdown     tuple        boom   kill
    ["permanent", "pid", "pid", "pid", "pid", "pid"],
    ["transient", "undefined", "undefined", "undefined", "pid", "pid"],
    ["temporary", null, null, null, null, null],
  ] as const)("is restarted, kept or forgotten: %s", (restart, ...expected) => {
    const kids = CAUSES.map((cause) => {
      const stage = new Stage();
      const supervisor = stage.start({ children: [stage.child("a", { restart })] });
      if (cause === "kill") stage.kill(stage.pid("a"));
      else stage.stop("a", cause);
      return stage.kids(supervisor);
    });
    expect(kids).toEqual(expected.map((where) => (where === null ? "" : `a:${where}`)));
  });

  it("restarts nobody else under one_for_one", () => {
    const stage = new Stage();
    stage.start({ children: stage.children("a b c") });
    stage.take();
    stage.crash("b");
    expect(stage.take()).toEqual(["b terminate boom", "b init"]);
  });
});

describe("one_for_all", () => {
  it("ends the others in reverse order and starts all in order", () => {
    const stage = new Stage();
    const supervisor = stage.start({ strategy: "one_for_all", children: stage.children("a b c") });
    expect(stage.take()).toEqual(["a init", "b init", "c init"]);
    stage.crash("b");
    expect(stage.take()).toEqual([
      "b terminate boom",
      "c terminate shutdown",
      "a terminate shutdown",
      "a init",
      "b init",
      "c init",
    ]);
    stage.kill(stage.pid("c"));
    expect(stage.take()).toEqual(["b terminate shutdown", "a terminate shutdown", "a init", "b init", "c init"]);
    expect(stage.kids(supervisor)).toBe("a:pid b:pid c:pid");
  });

  it("starts a stopped transient child again with the group, and forgets a temporary one", () => {
    const stage = new Stage();
    const supervisor = stage.start({
      strategy: "one_for_all",
      children: [
        ...stage.children("t1 t2", { restart: "temporary" }),
        stage.child("r1", { restart: "transient" }),
        stage.child("p1"),
      ],
    });
    stage.crash("t1");
    expect(stage.kids(supervisor)).toBe("t2:pid r1:pid p1:pid");
    stage.stop("r1", ["shutdown", "x"]);
    expect(stage.kids(supervisor)).toBe("t2:pid r1:undefined p1:pid");
    stage.take();
    stage.stop("p1", "normal");
    expect(stage.take()).toEqual(["p1 terminate normal", "t2 terminate shutdown", "r1 init", "p1 init"]);
    expect(stage.kids(supervisor)).toBe("r1:pid p1:pid");
  });

  it("counts one restart when two children end together", () => {
    const stage = new Stage();
    const supervisor = stage.start({ strategy: "one_for_all", intensity: 1, children: stage.children("a b c") });
    stage.take();
    exit(stage.pid("a"), "kill");
    exit(stage.pid("c"), "kill");
    stage.settle();
    expect(stage.take()).toEqual(["b terminate shutdown", "a init", "b init", "c init"]);
    expect(stage.state(supervisor)).toBe("alive");
  });
});

describe("rest_for_one", () => {
  it("takes those down that were started later, and nobody else", () => {
    const stage = new Stage();
    const supervisor = stage.start({ strategy: "rest_for_one", children: stage.children("a b c d") });
    stage.take();
    stage.crash("b");
    expect(stage.take()).toEqual([
      "b terminate boom",
      "d terminate shutdown",
      "c terminate shutdown",
      "b init",
      "c init",
      "d init",
    ]);
    stage.kill(stage.pid("d"));
    expect(stage.take()).toEqual(["d init"]);
    stage.crash("a");
    expect(stage.take().slice(1)).toEqual([
      "d terminate shutdown",
      "c terminate shutdown",
      "b terminate shutdown",
      "a init",
      "b init",
      "c init",
      "d init",
    ]);
    expect(stage.kids(supervisor)).toBe("a:pid b:pid c:pid d:pid");
  });
});

describe("a restart whose start fails", () => {
  it("is tried again at once, and every attempt counts", () => {
    const stage = new Stage();
    const attempt = (number: number) => (number === 2 || number === 3 ? { no: number } : "up");
    const supervisor = stage.start({ intensity: 5, children: [stage.child("a"), stage.child("f", { attempt })] });
    stage.take();
    stage.crash("f");
    expect(stage.take()).toEqual(["f terminate boom", "f init", "f init", "f init"]);
    expect(stage.kids(supervisor)).toBe("a:pid f:pid");
    stage.crash("f");
    stage.crash("f");
    expect(stage.state(supervisor)).toBe("alive");
    stage.crash("f");
    expect(stage.state(supervisor)).toBe("shutdown");
  });

  it("goes on until the intensity is used up", () => {
    const stage = new Stage();
    const attempt = (number: number) => (number === 1 ? "up" : { no: number });
    const supervisor = stage.start({ intensity: 3, children: [stage.child("f", { attempt })] });
    stage.crash("f");
    expect(stage.take()).toEqual(["f init", "f terminate boom", "f init", "f init", "f init"]);
    expect(stage.state(supervisor)).toBe("shutdown");
  });

  it("takes the siblings that were up again down once more under one_for_all", () => {
    const stage = new Stage();
    const attempt = (number: number) => (number === 2 ? { no: number } : "up");
    stage.start({
      strategy: "one_for_all",
      children: [stage.child("a"), stage.child("f", { attempt }), stage.child("c")],
    });
    stage.take();
    stage.crash("c");
    expect(stage.take()).toEqual([
      "c terminate boom",
      "f terminate shutdown",
      "a terminate shutdown",
      "a init",
      "f init",
      "a terminate shutdown",
      "a init",
      "f init",
      "c init",
    ]);
  });

  it("only concerns those behind the failing one under rest_for_one", () => {
    const stage = new Stage();
    const attempt = (number: number) => (number === 2 ? { no: number } : "up");
    stage.start({
      strategy: "rest_for_one",
      children: [stage.child("a"), stage.child("f", { attempt }), stage.child("c")],
    });
    stage.take();
    stage.crash("a");
    expect(stage.take()).toEqual([
      "a terminate boom",
      "c terminate shutdown",
      "f terminate shutdown",
      "a init",
      "f init",
      "f init",
      "c init",
    ]);
  });

  it("lets requests in between: they see that it is restarting, and may end that", () => {
    const stage = new Stage();
    const attempt = (number: number) => (number === 1 ? "up" : { no: number });
    const supervisor = stage.start({ intensity: 100, children: [stage.child("f", { attempt })] });
    stage.take();
    send(stage.pid("f"), { do: "exit", reason: "boom" });
    const answers = stage.ask(function* () {
      const [seen] = yield* Supervisor.whichChildren(supervisor);
      const restarted = yield* Supervisor.restartChild(supervisor, "f");
      const deleted = yield* Supervisor.deleteChild(supervisor, "f");
      const terminated = yield* Supervisor.terminateChild(supervisor, "f");
      return [seen?.pid, restarted.type, deleted, terminated];
    });
    expect(answers).toEqual(["restarting", "restarting", "restarting", "ok"]);
    const lines = stage.take();
    stage.settle();
    expect(stage.take()).toEqual([]);
    expect(lines.length).toBeLessThan(8);
    expect(stage.kids(supervisor)).toBe("f:undefined");
  });
});

describe("a child that asks to be left out", () => {
  it("stays listed, not running, unless it is temporary", () => {
    const stage = new Stage();
    const attempt = () => "ignore" as const;
    const supervisor = stage.start({
      children: [stage.child("a", { attempt }), stage.child("b", { attempt, restart: "temporary" })],
    });
    expect(stage.kids(supervisor)).toBe("a:undefined");
  });

  it("does so at a restart as well", () => {
    const stage = new Stage();
    const attempt = (number: number) => (number === 1 ? "up" : "ignore");
    const supervisor = stage.start({ children: [stage.child("a", { attempt })] });
    stage.crash("a");
    expect(stage.kids(supervisor)).toBe("a:undefined");
  });
});

describe("a start that fails", () => {
  it("ends those before it in reverse order; those behind it are never started", () => {
    const stage = new Stage();
    const attempt = () => ({ no: "no" });
    const { reason, parent } = stage.tryStart(() =>
      Supervisor.startLink({ children: [...stage.children("a b"), stage.child("f", { attempt }), stage.child("c")] }),
    );
    expect(stage.take()).toEqual(["a init", "b init", "f init", "b terminate shutdown", "a terminate shutdown"]);
    expect(reason).toEqual(["shutdown", ["failed_to_start_child", "f", "no"]]);
    expect(stage.mail.map((message) => message.reason)).toEqual([reason]);
    expect(isAlive(parent)).toBe(true);
  });

  it("says so when the start function itself fails", () => {
    const stage = new Stage();
    const start = () => {
      throw new TypeError("undef");
    };
    const { reason } = stage.tryStart(() => Supervisor.startLink({ children: [stage.child("a"), { id: "e", start }] }));
    expect(reason).toMatchObject(["shutdown", ["failed_to_start_child", "e", ["EXIT", { message: "undef" }]]]);
  });
});
