import { whichApplications } from "@krarup/supervisor";
import { self, send, spawnLink, type AnyPid, type Pid } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { inside, loggedApplication, startedApplication } from "./logged-application.ts";
import { Stage } from "./stage.ts";

/** Starts an application whose root ends with `normal` as soon as it is sent anything. @returns the root */
function startFinite(stage: Stage, type: "transient" | "permanent" | "temporary"): AnyPid {
  const app = loggedApplication(stage, "finite", {
    *start() {
      return spawnLink(function* () {
        yield* self<unknown>().receive();
      });
    },
  });
  return startedApplication(stage, app, { type });
}

describe("an application whose root ends with normal", () => {
  it.each([
    ["temporary", ["gears"]],
    ["transient", ["gears"]],
    ["permanent", []],
  ] as const)("%s, leaves running %j", (type, left) => {
    const stage = new Stage();
    startedApplication(stage, loggedApplication(stage, "gears"));
    const root = startFinite(stage, type);
    stage.ask(function* () {
      send(root as Pid<unknown>, "end"); // it takes any message
    });
    expect(stage.state(root)).toBe("normal");
    expect(stage.node.processCount > 0 ? runningIn(stage) : []).toEqual(left);
  });
});

function runningIn(stage: Stage): string[] {
  return inside(stage, () => whichApplications().map(({ name }) => name));
}
