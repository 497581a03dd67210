import {
  loadApplication,
  loadedApplications,
  stopApplication,
  unloadApplication,
  whichApplications,
} from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { inside, loggedApplication, startedApplication } from "./logged-application.ts";
import { Stage } from "./stage.ts";

describe("loadApplication and unloadApplication", () => {
  it("say what they find", () => {
    const stage = new Stage();
    const app = loggedApplication(stage, "clocks");
    const load = (): unknown => inside(stage, () => loadApplication(app));
    const unload = (): unknown => inside(stage, () => unloadApplication(app));
    expect([unload(), load(), load()]).toEqual(["not_loaded", "ok", "already_loaded"]);
    startedApplication(stage, "clocks");
    expect(unload()).toBe("running");
    stage.ask(() => stopApplication(app));
    expect([unload(), unload()]).toEqual(["ok", "not_loaded"]);
  });
});

describe("loadedApplications and whichApplications", () => {
  it("list in the order of loading, and the last started first", () => {
    const stage = new Stage();
    const clocks = loggedApplication(stage, "clocks", { description: "They tick", version: "1.2.3" });
    inside(stage, () => loadApplication(clocks));
    const gears = startedApplication(stage, loggedApplication(stage, "gears"));
    const root = startedApplication(stage, clocks, { type: "permanent" });
    expect(inside(stage, loadedApplications)).toEqual([
      { name: "clocks", description: "They tick", version: "1.2.3" },
      { name: "gears", description: "", version: "" },
    ]);
    expect(inside(stage, whichApplications)).toEqual([
      { name: "clocks", description: "They tick", version: "1.2.3", type: "permanent", root },
      { name: "gears", description: "", version: "", type: "temporary", root: gears },
    ]);
  });

  it("are those of the node on which they are asked for", () => {
    const stage = new Stage();
    startedApplication(stage, loggedApplication(stage, "clocks"));
    expect(inside(new Stage(), loadedApplications)).toEqual([]);
  });
});
