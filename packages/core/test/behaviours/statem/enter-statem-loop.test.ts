import {
  call,
  cast,
  type EnteredStatemModule,
  enterStatemLoop,
  getState,
  type Pid,
  type Request,
  type Self,
  spawn,
  stop,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf } from "../../laboratory.ts";
import { live } from "../task/task-owner.ts";

/** A door that writes down what happens to it. */
function door(lines: unknown[]): EnteredStatemModule<string, number> {
  return {
    callbackMode: ["handle_event_function", "state_enter"],
    handleEvent(type, content, state, pushes) {
      if (Array.isArray(type) && type[0] === "call")
        return ["keep_state_and_data", ["reply", type[1], [state, pushes]]];
      lines.push([type, content, state]);
      return type === "cast" ? ["next_state", "open", pushes + 1] : "keep_state_and_data";
    },
    terminate: (reason) => lines.push(reason),
  };
}

describe("enterStatemLoop", () => {
  it("enters its state, then takes what the actions insert, then the messages that waited", () => {
    const lines: unknown[] = [];
    const seen = live(function* () {
      const pid = spawn(function* (_self: Self<unknown>) {
        yield* enterStatemLoop(door(lines), "shut", 0, ["next_event", "internal", "first"]);
      });
      cast(pid, "push");
      const answer: unknown = yield* call(pid as Pid<Request<string, unknown>>, "state"); // what it understands
      return [answer, yield* getState(pid), yield* stop(pid, "done")];
    });
    expect(seen).toEqual([["open", 1], ["open", 1], "ok"]);
    expect(lines).toEqual([
      ["enter", "shut", "shut"],
      ["internal", "first", "shut"],
      ["cast", "push", "shut"],
      ["enter", "shut", "open"],
      "done",
    ]);
  });

  it("is refused outside processes", () => {
    expect(codeOf(() => enterStatemLoop(door([]), "shut", 0)[Symbol.iterator]().next())).toBe("ERR_NOT_IN_PROCESS");
  });
});
