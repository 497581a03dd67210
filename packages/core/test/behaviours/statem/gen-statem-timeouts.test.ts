// What is expected here was seen on OTP 25, unless a test says otherwise.

import { cast, monotonicTime, resume, self, startStatem, suspend } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { laboratory } from "../../laboratory.ts";
import { machineOf, run } from "./scripted-machine.ts";

describe("time-outs", () => {
  it("of an event are taken back by any event", () => {
    const init = ["ok", "a", "d", ["timeout", 20, "e"]] as const;
    expect(run({ init }, 50).lines).toEqual(["timeout e in a"]);
    expect(run({ init, casts: ["m"] }, 50).lines).toEqual(["cast m in a"]);
  });

  it("may be a bare number, which is an event time-out with itself as content", () => {
    expect(run({ init: ["ok", "a", "d", 20] }, 50).lines).toEqual(["timeout 20 in a"]);
    expect(run({ init: ["ok", "a", "d", "infinity"] }, 50).lines).toEqual([]);
  });

  it("of a state are taken back by a change of state, not by the same state", () => {
    const init = ["ok", "a", "d", ["state_timeout", 20, "s"]] as const;
    const results = { b: ["next_state", "b", "d"], same: ["repeat_state", "d"] };
    expect(run({ init, results, casts: ["b"] }, 50).lines).toEqual(["cast b in a"]);
    expect(run({ init, results, casts: ["same"] }, 50).lines).toEqual(["cast same in a", "state_timeout s in a"]);
  });

  it("never happen once taken back, even if the timer has run out before", () => {
    // b is cast by a timer of the same deadline, which was set first: both messages wait in the mailbox.
    const { platform, run: spawn } = laboratory();
    const lines: string[] = [];
    spawn(function* () {
      const machine = yield* startStatem(
        machineOf(
          { init: ["ok", "a", "d", ["state_timeout", 20, "s"]], results: { b: ["next_state", "b", "d"] } },
          lines,
        ),
        null,
      );
      yield* suspend(machine);
      cast(machine, "b");
      yield* self().sleep(30);
      yield* resume(machine);
    });
    platform.advance(50);
    expect(lines).toEqual(["cast b in a"]);
  });

  it("are updated in their place, or due at once if there is none to update", () => {
    const results = { u: ["keep_state_and_data", [["state_timeout", "update", "new"]]] };
    expect(run({ init: ["ok", "a", "d", ["state_timeout", 20, "old"]], results, casts: ["u"] }, 50).lines).toEqual([
      "cast u in a",
      "state_timeout new in a",
    ]);
    expect(run({ results, casts: ["u", "m"] }).lines).toEqual(["cast u in a", "state_timeout new in a", "cast m in a"]);
  });

  it("can be set for a time on the node's clock", () => {
    const { platform, run: spawn } = laboratory();
    platform.advance(100);
    const lines: string[] = [];
    spawn(function* () {
      const at = monotonicTime() + 20;
      yield* startStatem(machineOf({ init: ["ok", "a", "d", ["state_timeout", at, "s", { abs: true }]] }, lines), null);
    });
    platform.advance(19);
    expect(lines).toEqual([]);
    platform.advance(1);
    expect(lines).toEqual(["state_timeout s in a"]);
  });

  it("are replaced by one set for longer while due: OTP 25 loses it then and hands the handler its timer message", () => {
    const init = [
      "ok",
      "a",
      "d",
      [
        ["state_timeout", 0, "now"],
        ["next_event", "internal", "i"],
      ],
    ] as const;
    const results = { i: ["keep_state_and_data", [["state_timeout", 20, "later"]]] };
    expect(run({ init, results }, 50).lines).toEqual(["internal i in a", "state_timeout later in a"]);
  });
});

describe("what is no result", () => {
  it.each([
    ["garbage", ["bad_return_from_state_function", "garbage"]],
    [["keep_state"], ["bad_return_from_state_function", ["keep_state"]]],
    [
      ["keep_state", "d", ["nonsense"]],
      ["bad_action_from_state_function", "nonsense"],
    ],
    [
      ["keep_state", "d", ["state_timeout", -1, "x"]],
      ["bad_action_from_state_function", ["state_timeout", -1, "x"]],
    ],
    [
      ["keep_state", "d", ["next_event", "bogus", "x"]],
      ["bad_action_from_state_function", ["next_event", "bogus", "x"]],
    ],
    [
      ["stop_and_reply", "normal", ["postpone"]],
      ["bad_reply_action_from_state_function", "postpone"],
    ],
  ])("%j ends the machine with OTP's reason", (result, value) => {
    const { lines, reason } = run({ results: { go: result }, casts: ["go"] });
    expect(reason).toMatchObject({ code: "ERR_BAD_RETURN", value });
    expect(lines.at(-1)).toBe(`terminate ${JSON.stringify(value)} in a`);
  });

  it("ends it in the new state if only the actions are wrong", () => {
    const { lines } = run({ results: { go: ["next_state", "b", "d", ["nonsense"]] }, casts: ["go"] });
    expect(lines.at(-1)).toMatch(/in b$/);
  });

  it("reads an array as one action if it can be one", () => {
    const both = { go: ["next_state", "b", "d", [["timeout", "cancel"], 5, "hibernate"]] };
    expect(run({ results: both, casts: ["go"] }, 20).lines.at(-1)).toBe("timeout cancel hibernate in b");
    const list = { go: ["next_state", "b", "d", [["timeout", "cancel"], 5]] };
    expect(run({ results: list, casts: ["go"] }, 20).lines.at(-1)).toBe("timeout 5 in b");
  });
});
