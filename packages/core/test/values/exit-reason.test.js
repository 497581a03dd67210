import { isOrderly } from "@krarup/core";
import { describe, expect, it } from "vitest";
describe("isOrderly", () => {
    it.each([
        ["normal", true],
        ["shutdown", true],
        [["shutdown", "detail"], true],
        [["shutdown"], false],
        [["shutdown", 1, 2], false],
        ["kill", false],
        ["killed", false],
        ["noproc", false],
        [undefined, false],
        [{ type: "shutdown" }, false],
        [new Error("normal"), false],
    ])("%j: %s", (reason, expected) => {
        expect(isOrderly(reason)).toBe(expected);
    });
});
