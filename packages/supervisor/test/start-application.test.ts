import { exit, isAlive, spawn, spawnLink, StartError, whereis } from "@krarup/core";
import {
  type Application,
  ensureAllStarted,
  startApplication,
  stopApplication,
  Supervisor,
  whichApplications,
} from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { begin, inside, loggedApplication, sleeping, startedApplication } from "./logged-application.ts";
import { idle, Stage } from "./stage.ts";

/** What `ensureAllStarted` answers, or the reason for which it failed. */
function outcomeOf(stage: Stage, app: Application | string): unknown {
  return stage.ask(function* () {
    try {
      return yield* ensureAllStarted(app);
    } catch (failure) {
      if (failure instanceof StartError) return failure.reason;
      throw failure;
    }
  });
}

describe("startApplication", () => {
  it("returns the root, whose parent is not the starter", () => {
    const stage = new Stage();
    const { pid, parent } = stage.tryStart(() => startApplication(loggedApplication(stage, "clocks")));
    expect(stage.take()).toEqual(["clocks_a init", "clocks_b init"]);
    stage.kill(parent);
    expect(pid !== undefined && isAlive(pid)).toBe(true);
  });

  it("hands type, arguments and environment to start, which may start the root itself", () => {
    const stage = new Stage();
    const seen: unknown[] = [];
    const app = loggedApplication(stage, "clocks", {
      env: { port: 80 },
      *start(args, how) {
        seen.push(args, how);
        return yield* Supervisor.startLink({ children: [stage.child("c")] });
      },
    });
    stage.tryStart(() => startApplication(app, { args: ["--loud"] }));
    expect(seen).toEqual([["--loud"], { type: "normal", env: { port: 80 } }]);
    expect(stage.take()).toEqual(["c init"]);
  });

  it("takes a root that is no supervisor", () => {
    const stage = new Stage();
    const app = loggedApplication(stage, "clocks", {
      *start() {
        return spawnLink(idle);
      },
    });
    const root = startedApplication(stage, app);
    expect(stage.ask(() => stopApplication("clocks"))).toBe("ok");
    expect(stage.state(root)).toBe("shutdown");
  });

  it.each<[string, () => unknown, unknown]>([
    ["one that is not linked", () => spawn(idle), { message: expect.stringContaining("is not linked") }],
    ["none", function* () {}, { message: expect.stringContaining("start must return the pid") }],
    ["a promise", () => Promise.resolve({}), ["supervisor_data", ["invalid_type", "an instance of Promise"]]],
    ["a list of children", () => [], ["supervisor_data", ["invalid_type", []]]],
    ["a number", () => 5, ["supervisor_data", ["invalid_type", 5]]],
  ])("refuses as a root %s", (_what, start, expected) => {
    const stage = new Stage();
    // What does not compile may still arrive from JavaScript.
    const app = loggedApplication(stage, "clocks", { start: start as unknown as Application["start"] });
    expect(stage.tryStart(() => startApplication(app)).reason).toMatchObject(expected as object);
    expect(inside(stage, whichApplications)).toEqual([]);
  });

  it("takes the pid of a root as well", () => {
    const stage = new Stage();
    const root = startedApplication(stage, loggedApplication(stage, "clocks", { start: () => spawnLink(idle) }));
    stage.ask(() => stopApplication("clocks"));
    expect(stage.state(root)).toBe("shutdown");
  });

  it("refuses one that runs", () => {
    const stage = new Stage();
    const app = loggedApplication(stage, "clocks");
    startedApplication(stage, app);
    expect(stage.tryStart(() => startApplication(app)).reason).toEqual(["already_started", "clocks"]);
    expect(stage.tryStart(() => startApplication("clocks")).reason).toEqual(["already_started", "clocks"]);
  });

  it("refuses a name that is not loaded, and another application of a name that is", () => {
    const stage = new Stage();
    startedApplication(stage, loggedApplication(stage, "clocks"));
    expect(stage.tryStart(() => startApplication("bells")).reason).toEqual(["not_loaded", "bells"]);
    const other = loggedApplication(stage, "clocks");
    expect(stage.tryStart(() => startApplication(other)).reason).toEqual(["already_loaded", "clocks"]);
  });

  it("names the first dependency that does not run", () => {
    const stage = new Stage();
    const app = loggedApplication(stage, "clocks", {
      applications: [loggedApplication(stage, "gears"), "springs"],
    });
    expect(stage.tryStart(() => startApplication(app)).reason).toEqual(["not_started", "gears"]);
    expect(stage.take()).toEqual([]);
  });

  it("fails with the reason of the root, and can be tried again", () => {
    const stage = new Stage();
    const attempt = (number: number): "up" | { no: string } => (number === 1 ? { no: "no" } : "up");
    const app = loggedApplication(stage, "clocks", { start: () => ({ children: [stage.child("f", { attempt })] }) });
    expect(stage.tryStart(() => startApplication(app)).reason).toEqual([
      "shutdown",
      ["failed_to_start_child", "f", "no"],
    ]);
    expect(stage.ask(() => stopApplication(app))).toBe("not_started");
    startedApplication(stage, app);
  });

  it("waits where another process starts it already, and shares what comes of it", () => {
    const stage = new Stage();
    const app = loggedApplication(stage, "clocks", {
      *start() {
        yield* sleeping(100);
        return spawnLink(idle);
      },
    });
    const answers: unknown[] = [];
    for (const _ of [1, 2])
      begin(stage, function* () {
        answers.push(yield* startApplication(app));
      });
    expect(answers).toEqual([]);
    stage.advance(100);
    expect(answers).toHaveLength(2);
    expect(answers[0]).toBe(answers[1]);
  });

  it("waits where another process stops it", () => {
    const stage = new Stage();
    const app = loggedApplication(stage, "clocks", { prepStop: () => sleeping(100) });
    startedApplication(stage, app);
    begin(stage, () => stopApplication(app));
    begin(stage, () => startApplication(app));
    expect(stage.take()).toEqual([]);
    stage.advance(100);
    expect(stage.take()).toEqual([
      "clocks_b terminate shutdown",
      "clocks_a terminate shutdown",
      "clocks stop",
      "clocks_a init",
      "clocks_b init",
    ]);
  });

  it("fails for both when the start that they share fails", () => {
    const stage = new Stage();
    const app = loggedApplication(stage, "clocks", {
      *start() {
        yield* sleeping(100);
        return exit("no gears");
      },
    });
    const reasons: unknown[] = [];
    for (const _ of [1, 2])
      begin(stage, function* () {
        try {
          yield* startApplication(app);
        } catch (failure) {
          reasons.push(failure instanceof StartError && failure.reason);
        }
      });
    stage.advance(100);
    expect(reasons).toEqual(["no gears", "no gears"]);
  });
});

describe("ensureAllStarted", () => {
  it("starts what an application depends on, dependencies first, each once", () => {
    const stage = new Stage();
    const gears = loggedApplication(stage, "gears");
    const hands = loggedApplication(stage, "hands", { applications: [gears] });
    const clocks = loggedApplication(stage, "clocks", { applications: [hands, gears] });
    expect(outcomeOf(stage, clocks)).toEqual(["gears", "hands", "clocks"]);
    expect(inside(stage, () => whichApplications().map(({ name }) => name))).toEqual(["clocks", "hands", "gears"]);
    expect(outcomeOf(stage, clocks)).toEqual([]);
  });

  it("hands the arguments to what was asked for, and not to what that needs", () => {
    const stage = new Stage();
    const seen: unknown[] = [];
    const noting = (name: string, ...needed: Application[]): Application =>
      loggedApplication(stage, name, {
        applications: needed,
        start(args) {
          seen.push([name, args]);
          return {};
        },
      });
    const gears = noting("gears");
    stage.ask(() => ensureAllStarted(noting("clocks", gears), { args: ["--loud"] }));
    expect(seen).toEqual([
      ["gears", []],
      ["clocks", ["--loud"]],
    ]);
  });

  it("stops what it has started when one does not start, and names that", () => {
    const stage = new Stage();
    const running = loggedApplication(stage, "running");
    startedApplication(stage, running);
    const gears = loggedApplication(stage, "gears", { applications: [running], start: () => ({}) });
    const hands = loggedApplication(stage, "hands", { applications: [gears], start: () => exit("bent") });
    const clocks = loggedApplication(stage, "clocks", { applications: [hands] });
    expect(outcomeOf(stage, clocks)).toEqual(["hands", "bent"]);
    expect(stage.take()).toEqual(["gears prep_stop", "gears stop"]);
    expect(inside(stage, () => whichApplications().map(({ name }) => name))).toEqual(["running"]);
  });

  it("refuses names that are not loaded, and applications that depend on themselves", () => {
    const stage = new Stage();
    expect(outcomeOf(stage, "bells")).toEqual(["bells", ["not_loaded", "bells"]]);
    const hen = loggedApplication(stage, "hen", { applications: ["egg"] });
    const egg = loggedApplication(stage, "egg", { applications: [hen] });
    expect(outcomeOf(stage, egg)).toEqual(["cyclic_dependency", ["egg", "hen", "egg"]]);
  });
});

describe("the master", () => {
  it("is registered while the application runs, and takes the tree with it when it is killed", () => {
    const stage = new Stage();
    const root = startedApplication(stage, loggedApplication(stage, "clocks"));
    const master = inside(stage, () => whereis("application_master clocks"));
    if (master === undefined) throw new Error("no master");
    stage.kill(master);
    expect(stage.state(root)).toBe("killed");
    expect(inside(stage, () => whichApplications())).toEqual([]);
  });
});
