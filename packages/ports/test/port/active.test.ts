import { describe, expect, it } from "vitest";
import { type Active, afterDelivery, afterSetting, isActiveMode } from "../../src/port/active.ts";

describe("isActiveMode", () => {
  it.each([
    [true, true],
    [false, true],
    ["once", true],
    [1, true],
    [-32_767, true],
    [32_768, false],
    [1.5, false],
    ["twice", false],
    [null, false],
  ])("of %j: %s", (value, expected) => expect(isActiveMode(value)).toBe(expected));
});

describe("afterSetting", () => {
  it.each<[Active, Active, Active | null, boolean]>([
    //now   wanted   then    tells passive
    [false, true, true, false],
    [true, false, false, false],
    [5, "once", "once", false],
    [false, 3, 3, false],
    [2, 3, 5, false],
    [2, -1, 1, false],
    [2, -2, false, true],
    [false, 0, false, true],
    [true, 2, 2, false],
    [32_767, 1, null, false],
  ])("from %j, %j leads to %j", (now, wanted, active, tellsPassive) => {
    expect(afterSetting(now, wanted)).toEqual(active === null ? null : { active, tellsPassive });
  });
});

describe("afterDelivery", () => {
  it.each<[Active, Active, boolean]>([
    [true, true, false],
    ["once", false, false],
    [2, 1, false],
    [1, false, true],
  ])("of a message in mode %j the mode is %j", (now, active, tellsPassive) => {
    expect(afterDelivery(now)).toEqual({ active, tellsPassive });
  });
});
