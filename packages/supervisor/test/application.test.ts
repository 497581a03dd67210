import { type AnyPid, exit, isAlive, KrarupError, spawnLink } from "@krarup/core";
import {
  application,
  type ApplicationDefinition,
  isApplication,
  startApplication,
  stopApplication,
  Supervisor,
} from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { idle, Stage } from "./stage.ts";

function clocks(stage: Stage, more: Partial<ApplicationDefinition> = {}): ReturnType<typeof application> {
  return application({
    name: "clocks",
    start: () => ({ intensity: 0, children: [stage.child("a"), stage.child("b")] }),
    prepStop: () => stage.log("clocks prep_stop"),
    stop: () => stage.log("clocks stop"),
    ...more,
  });
}

function started(stage: Stage, app: ReturnType<typeof application>, args?: readonly string[]): AnyPid {
  const { pid, reason } = stage.tryStart(() => startApplication(app, args));
  if (pid === undefined) throw new Error(`not started: ${JSON.stringify(reason)}`);
  return pid;
}

describe("application", () => {
  it("makes what isApplication knows", () => {
    expect(isApplication(clocks(new Stage()))).toBe(true);
    expect([undefined, null, "application", { name: "clocks", start: () => ({}) }].map(isApplication)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it.each([{ name: "" }, { name: 1 }, { start: "x" }])("refuses %j", (wrong) => {
    // What does not compile may still arrive from JavaScript.
    expect(() => clocks(new Stage(), wrong as object)).toThrow(KrarupError);
  });
});

describe("startApplication", () => {
  it("returns the root, whose parent is not the starter", () => {
    const stage = new Stage();
    const { pid, parent } = stage.tryStart(() => startApplication(clocks(stage)));
    expect(stage.take()).toEqual(["a init", "b init"]);
    stage.kill(parent);
    expect(pid !== undefined && isAlive(pid)).toBe(true);
  });

  it("hands the arguments to start, which may start the root itself", () => {
    const stage = new Stage();
    const seen: unknown[] = [];
    const app = clocks(stage, {
      *start(args) {
        seen.push(...args);
        return yield* Supervisor.startLink({ children: [stage.child("c")] });
      },
    });
    started(stage, app, ["--loud"]);
    expect(seen).toEqual(["--loud"]);
    expect(stage.take()).toEqual(["c init"]);
  });

  it("takes a root that is no supervisor", () => {
    const stage = new Stage();
    const root = started(
      stage,
      clocks(stage, {
        *start() {
          return spawnLink(idle);
        },
      }),
    );
    expect(stage.ask(() => stopApplication({ name: "clocks" }))).toBe("ok");
    expect(stage.state(root)).toBe("shutdown");
  });

  it("refuses a second one of the name", () => {
    const stage = new Stage();
    started(stage, clocks(stage));
    const { reason } = stage.tryStart(() => startApplication(clocks(stage)));
    expect(reason).toEqual(["already_started", "clocks"]);
  });

  it("fails with the reason of the root", () => {
    const stage = new Stage();
    const app = clocks(stage, { start: () => ({ children: [stage.child("f", { attempt: () => ({ no: "no" }) })] }) });
    const { reason } = stage.tryStart(() => startApplication(app));
    expect(reason).toEqual(["shutdown", ["failed_to_start_child", "f", "no"]]);
    expect(stage.ask(() => stopApplication(app))).toBe("not_started");
  });
});

describe("stopApplication", () => {
  it("calls prepStop, takes the tree down in reverse order, calls stop", () => {
    const stage = new Stage();
    const app = clocks(stage);
    started(stage, app);
    stage.take();
    expect(stage.ask(() => stopApplication(app))).toBe("ok");
    expect(stage.take()).toEqual(["clocks prep_stop", "b terminate shutdown", "a terminate shutdown", "clocks stop"]);
    expect(stage.ask(() => stopApplication(app))).toBe("not_started");
  });

  it("waits for callbacks that wait", () => {
    const stage = new Stage();
    const app = clocks(stage, {
      *prepStop() {
        yield* Supervisor.countChildren("clocks_root");
        stage.log("drained");
      },
      start: () => ({ name: "clocks_root", children: [stage.child("a")] }),
    });
    started(stage, app);
    stage.take();
    stage.ask(() => stopApplication(app));
    expect(stage.take()).toEqual(["drained", "a terminate shutdown", "clocks stop"]);
  });

  it("takes the tree down and calls stop although prepStop fails, and tells", () => {
    const stage = new Stage();
    const app = clocks(stage, {
      prepStop: () => exit("not ready"),
    });
    started(stage, app);
    stage.take();
    const failures: unknown[] = [];
    stage.ask(function* () {
      try {
        yield* stopApplication(app);
      } catch (failure) {
        failures.push(failure);
      }
    });
    expect(failures).toMatchObject([{ reason: ["not ready", {}] }]);
    expect(stage.take()).toEqual(["b terminate shutdown", "a terminate shutdown", "clocks stop"]);
  });
});

describe("an application whose root ends", () => {
  it("has stop called, not prepStop, and can be started again", () => {
    const stage = new Stage();
    const app = clocks(stage);
    const root = started(stage, app);
    stage.take();
    stage.crash("a");
    expect(stage.take()).toEqual(["a terminate boom", "b terminate shutdown", "clocks stop"]);
    expect(stage.state(root)).toBe("shutdown");
    started(stage, app);
    expect(stage.take()).toEqual(["a init", "b init"]);
  });
});
