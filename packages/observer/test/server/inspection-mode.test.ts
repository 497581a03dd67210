import { describe, expect, it } from "vitest";
import { inspectionMode } from "../../src/server/inspection-mode.ts";

describe("inspectionMode", () => {
  it.each([
    // KRARUP_INSPECT, NODE_ENV, mode
    [undefined, undefined, "rw"],
    [undefined, "test", "rw"],
    [undefined, "production", "ro"],
    ["", "production", "ro"],
    ["off", undefined, "off"],
    ["ro", undefined, "ro"],
    ["rw", "production", "rw"],
  ])("with KRARUP_INSPECT=%s and NODE_ENV=%s is %s", (KRARUP_INSPECT, NODE_ENV, mode) => {
    expect(inspectionMode({ KRARUP_INSPECT, NODE_ENV })).toBe(mode);
  });

  it("refuses any other word", () => {
    expect(() => inspectionMode({ KRARUP_INSPECT: "yes" })).toThrow(
      expect.objectContaining({ code: "ERR_INSPECT_MODE", value: "yes" }),
    );
  });
});
