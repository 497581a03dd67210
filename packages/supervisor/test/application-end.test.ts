import type { KernelEvent } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { judgeApplicationEnd } from "../src/application-end.ts";
import { loggedApplication, startedApplication } from "./logged-application.ts";
import { Stage } from "./stage.ts";

describe("judgeApplicationEnd", () => {
  it.each([
    //            normal       shutdown     crash
    ["permanent", "stop_node", "stop_node", "stop_node"],
    ["transient", "go_on", "stop_node", "stop_node"],
    ["temporary", "go_on", "go_on", "go_on"],
  ] as const)("a %s application that ends by itself: %s, %s, %s", (type, ...expected) => {
    expect(["normal", "shutdown", "crash"].map((reason) => judgeApplicationEnd(type, reason))).toEqual(expected);
  });
});

describe("the end of an application", () => {
  it("is reported, with its reason and type", () => {
    const stage = new Stage();
    const reports: KernelEvent[] = [];
    startedApplication(stage, loggedApplication(stage, "clocks"));
    stage.node.subscribe(["report"], (event) => reports.push(event));
    stage.crash("clocks_a");
    expect(reports.at(-1)).toMatchObject({
      report: {
        label: "application_exited",
        level: "debug",
        details: { application: "clocks", exited: "shutdown", type: "temporary" },
      },
    });
  });
});
