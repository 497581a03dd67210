import { exit } from "@krarup/core";
import { startApplication, stopApplication, Supervisor, whichApplications } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { begin, inside, loggedApplication, sleeping, startedApplication } from "./logged-application.ts";
import { Stage } from "./stage.ts";

describe("stopApplication", () => {
  it("calls prepStop, takes the tree down in reverse order, calls stop", () => {
    const stage = new Stage();
    const app = loggedApplication(stage, "clocks");
    startedApplication(stage, app);
    expect(stage.ask(() => stopApplication(app))).toBe("ok");
    expect(stage.take()).toEqual([
      "clocks prep_stop",
      "clocks_b terminate shutdown",
      "clocks_a terminate shutdown",
      "clocks stop",
    ]);
    expect(stage.ask(() => stopApplication("clocks"))).toBe("not_started");
  });

  it("leaves those that depend on it alone", () => {
    const stage = new Stage();
    const gears = loggedApplication(stage, "gears");
    startedApplication(stage, gears);
    startedApplication(stage, loggedApplication(stage, "clocks", { applications: [gears] }));
    stage.ask(() => stopApplication(gears));
    expect(inside(stage, () => whichApplications().map(({ name }) => name))).toEqual(["clocks"]);
  });

  it("means nothing for the node, whatever the type", () => {
    const stage = new Stage();
    const app = loggedApplication(stage, "clocks");
    startedApplication(stage, loggedApplication(stage, "others"));
    startedApplication(stage, app, { type: "permanent" });
    stage.ask(() => stopApplication(app));
    expect(inside(stage, () => whichApplications().map(({ name }) => name))).toEqual(["others"]);
  });

  it("waits for callbacks that wait", () => {
    const stage = new Stage();
    const app = loggedApplication(stage, "clocks", {
      *prepStop() {
        yield* Supervisor.countChildren("clocks_root");
        stage.log("drained");
      },
      start: () => ({ name: "clocks_root", children: [stage.child("a")] }),
    });
    startedApplication(stage, app);
    stage.ask(() => stopApplication(app));
    expect(stage.take()).toEqual(["drained", "a terminate shutdown", "clocks stop"]);
  });

  it("waits for its start to be over", () => {
    const stage = new Stage();
    const app = loggedApplication(stage, "clocks", {
      *start() {
        yield* sleeping(100);
        return yield* Supervisor.startLink({});
      },
    });
    begin(stage, () => startApplication(app));
    begin(stage, function* () {
      stage.log(yield* stopApplication(app));
    });
    expect(stage.take()).toEqual([]);
    stage.advance(100);
    expect(stage.take()).toEqual(["clocks prep_stop", "clocks stop", "ok"]);
  });

  it("takes the tree down and calls stop although prepStop fails, and tells", () => {
    const stage = new Stage();
    const app = loggedApplication(stage, "clocks", {
      prepStop: () => exit("not ready"),
    });
    startedApplication(stage, app);
    const failures: unknown[] = [];
    stage.ask(function* () {
      try {
        yield* stopApplication(app);
      } catch (failure) {
        failures.push(failure);
      }
    });
    expect(failures).toMatchObject([{ reason: ["not ready", {}] }]);
    expect(stage.take()).toEqual(["clocks_b terminate shutdown", "clocks_a terminate shutdown", "clocks stop"]);
  });
});

describe("an application whose root ends", () => {
  it("has stop called, not prepStop, and can be started again", () => {
    const stage = new Stage();
    const app = loggedApplication(stage, "clocks");
    const root = startedApplication(stage, app);
    stage.crash("clocks_a");
    expect(stage.take()).toEqual(["clocks_a terminate boom", "clocks_b terminate shutdown", "clocks stop"]);
    expect(stage.state(root)).toBe("shutdown");
    startedApplication(stage, app);
  });
});
