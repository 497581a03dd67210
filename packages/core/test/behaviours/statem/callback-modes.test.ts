import {
  call,
  cast,
  type EventType,
  type Pid,
  type Request,
  type Self,
  spawn,
  startStatem,
  type StatemResult,
  stop,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { live, type Steps } from "../task/task-owner.ts";

type State = "shut" | "open";
type Result = StatemResult<State, number>;
type Lines = [state: State, type: string, content: unknown, pushes: number][];

/** A door: calls wait while it is shut, a push opens it, and it shuts by itself. */
function judge(state: State, type: EventType | "enter", pushes: number): Result {
  if (type === "cast") return ["next_state", "open", pushes + 1];
  if (type === "enter") return state === "open" ? ["keep_state", pushes, ["state_timeout", 10, "shuts"]] : KEEP;
  if (type === "state_timeout") return ["next_state", "shut", pushes, ["next_event", "internal", "click"]];
  if (typeof type === "string" || type[0] !== "call") return KEEP;
  return state === "shut" ? ["keep_state_and_data", "postpone"] : ["keep_state_and_data", ["reply", type[1], pushes]];
}

const KEEP = "keep_state_and_data";

/** Both forms of the same machine. */
function doors(lines: Lines) {
  const handle = (state: State, type: EventType | "enter", content: unknown, pushes: number): Result => {
    lines.push([state, typeof type === "string" ? type : type[0], content, pushes]);
    return judge(state, type, pushes);
  };
  const init = () => ["ok", "shut", 0] as const;
  const terminate = (reason: unknown, state: State, pushes: number): unknown =>
    lines.push([state, "terminate", reason, pushes]);
  return {
    state_functions: () =>
      startStatem<State, number, null>(
        {
          callbackMode: ["state_functions", "state_enter"],
          init,
          terminate,
          states: {
            shut: (...event) => handle("shut", ...event),
            open: (...event) => handle("open", ...event),
          },
        },
        null,
      ),
    handle_event_function: () =>
      startStatem<State, number, null>(
        {
          callbackMode: ["handle_event_function", "state_enter"],
          init,
          terminate,
          handleEvent: (type, content, state, pushes) => handle(state, type, content, pushes),
        },
        null,
      ),
  };
}

describe("the two callback modes", () => {
  it.each(["state_functions", "handle_event_function"] as const)("behave alike: %s", (mode) => {
    const lines: Lines = [];
    const seen = live(function* (me): Steps<unknown> {
      const door = (yield* doors(lines)[mode]()) as Pid<Request<string, number>>; // what it is asked
      spawn(function* (pusher: Self) {
        yield* pusher.sleep(5);
        cast(door, "push");
      });
      const pushes = yield* call(door, "pushes");
      yield* me.sleep(20);
      yield* stop(door);
      return pushes;
    });
    expect(seen).toBe(1);
    expect(lines).toEqual([
      ["shut", "enter", "shut", 0],
      ["shut", "call", "pushes", 0],
      ["shut", "cast", "push", 0],
      ["open", "enter", "shut", 1],
      ["open", "call", "pushes", 1],
      ["open", "state_timeout", "shuts", 1],
      ["shut", "enter", "open", 1],
      ["shut", "internal", "click", 1],
      ["shut", "terminate", "normal", 1],
    ]);
  });
});
