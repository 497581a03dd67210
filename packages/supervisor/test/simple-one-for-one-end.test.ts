import { SimpleOneForOne } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { Stage } from "./stage.ts";

describe("the end of a SimpleOneForOne", () => {
  it("tells all children at once, and kills those that are still there when the one time for all is up", () => {
    const stage = new Stage();
    const takes: Readonly<Record<string, number>> = { quick: 50, slow: 300, deaf: 400 };
    const { pid: supervisor } = stage.tryStart(() =>
      SimpleOneForOne.startLink({
        template: {
          id: "kid",
          shutdown: 100,
          start: (name: string) => stage.anonymous(name, { terminateMs: takes[name] ?? 0 }).start(),
        },
      }),
    );
    if (supervisor === undefined) throw new Error("not started");
    const names = Object.keys(takes);
    for (const name of names) stage.ask(() => SimpleOneForOne.startChild(supervisor, name));
    const pids = names.map((name) => stage.pid(name));
    stage.take();
    stage.signalFromParent(supervisor, "shutdown");
    expect(stage.take()).toEqual(names.map((name) => `${name} terminate shutdown`));
    stage.advance(99);
    expect([...pids, supervisor].map((pid) => stage.state(pid))).toEqual(["shutdown", "alive", "alive", "alive"]);
    stage.advance(1);
    expect([...pids, supervisor].map((pid) => stage.state(pid))).toEqual(["shutdown", "killed", "killed", "shutdown"]);
  });
});
