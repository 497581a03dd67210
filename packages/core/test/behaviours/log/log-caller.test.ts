import { logger, self } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { laboratory } from "../../laboratory.ts";

describe("handlers and filters", () => {
  it("run in the process that logs, before it goes on", () => {
    const { play } = laboratory();
    const steps: unknown[] = [];
    play(function* (me) {
      logger.addPrimaryFilter("where", () => (steps.push(["primary", self() === me]), "ignore"));
      logger.addHandler("where", {
        filters: { where: () => (steps.push(["filter", self() === me]), "ignore") },
        log: () => steps.push(["handler", self() === me]),
      });
      logger.info("hello");
      steps.push("behind");
    });
    expect(steps).toEqual([["primary", true], ["filter", true], ["handler", true], "behind"]);
  });
});
