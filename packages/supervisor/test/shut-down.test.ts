import { exit, spawnLink } from "@krarup/core";
import { Supervisor } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { idle, Stage } from "./stage.ts";

describe("the end of a supervisor", () => {
  it.each(["shutdown", "custom", ["shutdown", "x"]])(
    "follows the parent's exit signal %j; children see shutdown",
    (reason) => {
      const stage = new Stage();
      const supervisor = stage.start({ children: stage.children("a b c") });
      stage.take();
      stage.signalFromParent(supervisor, reason);
      expect(stage.take()).toEqual(["c terminate shutdown", "b terminate shutdown", "a terminate shutdown"]);
      expect(stage.state(supervisor)).toEqual(reason);
    },
  );

  it("does not follow a stranger's", () => {
    const stage = new Stage();
    const supervisor = stage.start({ children: stage.children("a") });
    exit(supervisor, "shutdown");
    stage.settle();
    expect(stage.state(supervisor)).toBe("alive");
  });

  it("waits for a child's time, then kills it, and has patience with the others", () => {
    const stage = new Stage();
    const supervisor = stage.start({
      children: [
        stage.child("a", { shutdown: 2_000 }),
        stage.child("slow", { shutdown: 80, terminateMs: 1_500 }),
        stage.child("fast", { shutdown: 2_000, terminateMs: 30 }),
      ],
    });
    const pids = ["a", "slow", "fast"].map((id) => stage.pid(id));
    stage.take();
    stage.signalFromParent(supervisor, "shutdown");
    stage.advance(3_000);
    expect(stage.take()).toEqual([
      "fast terminate shutdown",
      "fast terminate_done",
      "slow terminate shutdown",
      "a terminate shutdown",
    ]);
    expect(pids.map((pid) => stage.state(pid))).toEqual(["shutdown", "killed", "shutdown"]);
    expect(stage.state(supervisor)).toBe("shutdown");
  });

  it("kills where the spec says brutal_kill, and a child that does not trap just ends", () => {
    const stage = new Stage();
    const plain = () => spawnLink(idle);
    const supervisor = stage.start({
      children: [stage.child("k", { shutdown: "brutal_kill" }), { id: "p", start: plain, shutdown: 1_000 }],
    });
    const k = stage.pid("k");
    const [p] = stage.ask(() => Supervisor.whichChildren(supervisor));
    stage.take();
    stage.signalFromParent(supervisor, "shutdown");
    expect(stage.take()).toEqual([]);
    expect(stage.state(k)).toBe("killed");
    // The newest child comes first and is running.
    expect(stage.ends.get(p?.pid as never)).toBe("shutdown");
  });

  it("by a kill takes the children down: those that trap exits end in order with killed", () => {
    const stage = new Stage();
    const plain = () => spawnLink(idle);
    const supervisor = stage.start({ children: [stage.child("a"), { id: "p", start: plain }] });
    stage.take();
    stage.kill(supervisor);
    expect(stage.take()).toEqual(["a terminate killed"]);
    expect(stage.state(supervisor)).toBe("killed");
    expect(stage.node.processCount).toBe(1);
  });
});
