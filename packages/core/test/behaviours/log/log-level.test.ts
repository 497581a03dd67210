import { LOG_LEVELS } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { letsThrough } from "../../../src/behaviours/log/log-level.ts";

describe("letsThrough", () => {
  it.each([
    ["none", []],
    ["emergency", ["emergency"]],
    ["error", ["emergency", "alert", "critical", "error"]],
    ["debug", LOG_LEVELS],
    ["all", LOG_LEVELS],
  ] as const)("at %s: %j", (threshold, levels) => {
    expect(LOG_LEVELS.filter((level) => letsThrough(threshold, level))).toEqual(levels);
  });
});
