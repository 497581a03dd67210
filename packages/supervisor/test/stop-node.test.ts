import { exit, print, spawnOpt } from "@krarup/core";
import {
  ensureAllStarted,
  type NodeStop,
  nodeStopped,
  startApplication,
  stopNode,
  Supervisor,
  whichApplications,
} from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { begin, inside, loggedApplication, sleeping, startedApplication } from "./logged-application.ts";
import { idle, Stage } from "./stage.ts";

describe("stopNode", () => {
  it("stops the applications, the last started first, and then the node", async () => {
    const stage = new Stage();
    const gears = loggedApplication(stage, "gears");
    stage.ask(() => ensureAllStarted(loggedApplication(stage, "clocks", { applications: [gears] })));
    const stranger = spawnOpt(idle, [], { node: stage.node });
    stage.take();
    expect(inside(stage, stopNode)).toBe("ok");
    expect(stage.take()).toEqual([
      "clocks prep_stop",
      "clocks_b terminate shutdown",
      "clocks_a terminate shutdown",
      "clocks stop",
      "gears prep_stop",
      "gears_b terminate shutdown",
      "gears_a terminate shutdown",
      "gears stop",
    ]);
    expect([stage.node.processCount, stage.state(stranger)]).toEqual([0, "killed"]);
    expect(await nodeStopped(stage.node)).toEqual({ cause: { type: "asked" }, failures: [] });
  });

  it("gives each application its own time, and kills it when that is up", async () => {
    const stage = new Stage();
    const hangs = { prepStop: () => sleeping(60_000) };
    startedApplication(stage, loggedApplication(stage, "gears", { ...hangs, shutdownTimeoutMs: 500 }));
    startedApplication(stage, loggedApplication(stage, "clocks", { ...hangs, shutdownTimeoutMs: 1_000 }));
    begin(stage, function* () {
      stopNode();
    });
    stage.advance(1_499);
    expect(stage.node.processCount).toBeGreaterThan(0);
    stage.advance(1);
    expect(stage.node.processCount).toBe(0);
    expect((await nodeStopped(stage.node)).failures).toEqual([
      { application: "clocks", reason: "killed" },
      { application: "gears", reason: "killed" },
    ]);
  });

  it("goes on where an application fails to stop, and tells", async () => {
    const stage = new Stage();
    startedApplication(stage, loggedApplication(stage, "gears"));
    startedApplication(stage, loggedApplication(stage, "clocks", { stop: () => exit("stuck") }));
    inside(stage, stopNode);
    expect(stage.take().at(-1)).toBe("gears stop");
    expect((await nodeStopped(stage.node)).failures).toEqual([{ application: "clocks", reason: "stuck" }]);
  });

  it("lets nothing start any more", () => {
    const stage = new Stage();
    startedApplication(stage, loggedApplication(stage, "clocks", { prepStop: () => sleeping(100) }));
    inside(stage, stopNode);
    const { reason } = stage.tryStart(() => startApplication(loggedApplication(stage, "gears")));
    expect(reason).toBe("stopping");
  });

  it("stops also what was still starting", async () => {
    const stage = new Stage();
    const app = loggedApplication(stage, "clocks", {
      *start() {
        yield* sleeping(100);
        return yield* Supervisor.startLink({});
      },
    });
    begin(stage, () => startApplication(app));
    inside(stage, stopNode);
    stage.advance(100);
    expect((await nodeStopped(stage.node)).cause).toEqual({ type: "asked" });
  });

  it("hands on what was printed before it halts", async () => {
    const stage = new Stage();
    startedApplication(
      stage,
      loggedApplication(stage, "clocks", {
        stop: () => {
          for (let line = 0; line < 3; line++) print(`line ${line}`);
        },
      }),
    );
    inside(stage, stopNode);
    await nodeStopped(stage.node);
    expect(stage.platform.output).toBe("line 0\nline 1\nline 2\n");
  });
});

describe("the end of an application by itself", () => {
  it.each(["permanent", "transient"] as const)("stops the node, where it is %s", async (type) => {
    const stage = new Stage();
    startedApplication(stage, loggedApplication(stage, "gears"));
    const root = startedApplication(stage, loggedApplication(stage, "clocks"), { type });
    stage.crash("clocks_a");
    expect(stage.take()).toEqual([
      "clocks_a terminate boom",
      "clocks_b terminate shutdown",
      "clocks stop",
      "gears prep_stop",
      "gears_b terminate shutdown",
      "gears_a terminate shutdown",
      "gears stop",
    ]);
    expect(await nodeStopped(stage.node)).toEqual<NodeStop>({
      cause: { type: "application_terminated", application: "clocks", root, reason: "shutdown" },
      failures: [],
    });
  });

  it("leaves the others alone, where it is temporary", () => {
    const stage = new Stage();
    startedApplication(stage, loggedApplication(stage, "gears"));
    startedApplication(stage, loggedApplication(stage, "clocks"));
    stage.crash("clocks_a");
    expect(inside(stage, () => whichApplications().map(({ name }) => name))).toEqual(["gears"]);
  });

  it("stops nothing on a node that has been halted", () => {
    const stage = new Stage();
    startedApplication(stage, loggedApplication(stage, "clocks"), { type: "permanent" });
    stage.node.halt();
    stage.settle();
    expect(stage.take()).toEqual([]);
  });
});
