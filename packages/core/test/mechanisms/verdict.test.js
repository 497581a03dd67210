import { describe, expect, it } from "vitest";
import { judgeExitSignal } from "../../src/mechanisms/verdict.ts";
describe("an exit signal", () => {
    it.each([
        // origin     reason      trapping   receiver
        ["link", "normal", false, { do: "ignore" }],
        ["link", "normal", true, { do: "deliver" }],
        ["link", "shutdown", false, { do: "end", reason: "shutdown" }],
        ["link", "crash", false, { do: "end", reason: "crash" }],
        ["link", "crash", true, { do: "deliver" }],
        ["link", "kill", false, { do: "end", reason: "kill" }],
        ["link", "kill", true, { do: "deliver" }],
        ["explicit", "normal", false, { do: "ignore" }],
        ["explicit", "normal", true, { do: "deliver" }],
        ["explicit", "crash", false, { do: "end", reason: "crash" }],
        ["explicit", "crash", true, { do: "deliver" }],
        ["explicit", "kill", false, { do: "end", reason: "killed" }],
        ["explicit", "kill", true, { do: "end", reason: "killed" }],
        ["self", "normal", false, { do: "end", reason: "normal" }],
        ["self", "normal", true, { do: "deliver" }],
        ["self", "crash", false, { do: "end", reason: "crash" }],
        ["self", "kill", true, { do: "end", reason: "killed" }],
    ])("%s, %s, trapping %s: %j", (origin, reason, trapsExits, verdict) => {
        expect(judgeExitSignal(origin, reason, trapsExits)).toEqual(verdict);
    });
});
