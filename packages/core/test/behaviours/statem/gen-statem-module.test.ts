// What is expected here of orders and reasons was seen on OTP 25, unless a test says otherwise.

import {
  call,
  cast,
  exit,
  getState,
  getStatus,
  type HandleEventModule,
  type Pid,
  replaceState,
  type Request,
  self,
  send,
  StartError,
  startStatem,
  type StateFunctionsModule,
  type StatemInit,
  stop,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { laboratory, thrownBy } from "../../laboratory.ts";
import { machineOf, run } from "./scripted-machine.ts";

describe("the order of events", () => {
  it("is: inserted ones, then due time-outs as they were set, then the mailbox", () => {
    const init = [
      "ok",
      "a",
      "d",
      [
        ["state_timeout", 0, "s"],
        ["timeout", 0, "e"],
        [["timeout", "n"], 0, "g"],
        ["next_event", "internal", "i"],
      ],
    ] as const;
    expect(run({ init, casts: ["m"] }).lines).toEqual([
      "internal i in a",
      // The event time-out is gone: the internal event was one.
      "state_timeout s in a",
      "timeout n g in a",
      "cast m in a",
    ]);
  });

  it("gives a time-out that is set again the later place", () => {
    const init = [
      "ok",
      "a",
      "d",
      [
        ["state_timeout", 0, "s1"],
        [["timeout", "n"], 0, "g"],
        ["state_timeout", 0, "s2"],
      ],
    ] as const;
    expect(run({ init, casts: ["m"] }).lines).toEqual(["timeout n g in a", "state_timeout s2 in a", "cast m in a"]);
  });

  it("retries postponed events before queued ones, and again at each change of state", () => {
    const results = {
      p: ["keep_state_and_data", "postpone"],
      b: ["next_state", "b", "d"],
      c: ["next_state", "c", "d"],
    };
    expect(run({ results, casts: ["p", "b", "c"] }).lines).toEqual([
      "cast p in a",
      "cast b in a",
      "cast p in b",
      "cast c in b",
      "cast p in c",
    ]);
  });

  it("puts inserted events before retried ones", () => {
    const results = {
      "cast p": ["keep_state_and_data", "postpone"],
      b: ["next_state", "b", "d", ["next_event", "internal", "i"]],
    };
    expect(run({ results, casts: ["p", "b"] }).lines).toEqual([
      "cast p in a",
      "cast b in a",
      "internal i in b",
      "cast p in b",
    ]);
  });
});

describe("postpone", () => {
  it.each([
    ["the same state", ["next_state", "a", "d"]],
    ["an equal state", ["next_state", "a", "d2"]],
    ["repeat_state", ["repeat_state", "d"]],
    ["repeat_state_and_data", "repeat_state_and_data"],
  ])("keeps the event through %s", (_case, result) => {
    const results = { p: ["keep_state_and_data", "postpone"], r: result };
    expect(run({ results, casts: ["p", "r"] }).lines).toEqual(["cast p in a", "cast r in a"]);
  });

  it("is taken back by a later action that says false", () => {
    const results = { p: ["keep_state", "d", ["postpone", ["postpone", false]]], b: ["next_state", "b", "d"] };
    expect(run({ results, casts: ["p", "b"] }).lines).toEqual(["cast p in a", "cast b in a"]);
  });
});

describe("states", () => {
  it("may be any term and are compared by value", () => {
    const results = {
      p: ["keep_state_and_data", "postpone"],
      same: ["next_state", ["s", { n: 1 }], "d"],
      other: ["next_state", ["s", { n: 2 }], "d"],
    };
    const { lines } = run({ init: ["ok", ["s", { n: 1 }], "d"], results, casts: ["p", "same", "other"] });
    expect(lines).toHaveLength(4);
    expect(lines[3]).toMatch(/^cast p/);
  });
});

describe("enter calls", () => {
  it("happen at the start, for a different state and for repeat_state, before inserted events", () => {
    const init = ["ok", "a", "d", ["next_event", "internal", "i"]] as const;
    const results = { b: ["next_state", "b", "d"], same: ["next_state", "b", "d"], again: ["repeat_state", "d"] };
    expect(run({ hasEnterCalls: true, init, results, casts: ["b", "same", "again"] }).lines).toEqual([
      "enter a in a",
      "internal i in a",
      "cast b in a",
      "enter a in b",
      "cast same in b",
      "cast again in b",
      "enter b in b",
    ]);
  });

  it("may set time-outs, which overrule those of the event's own handler", () => {
    const results = {
      b: ["next_state", "b", "d", ["state_timeout", 10, "handler"]],
      "enter a": ["keep_state", "d", ["state_timeout", 20, "enter"]],
    };
    expect(run({ hasEnterCalls: true, results, casts: ["b"] }, 50).lines.at(-1)).toBe("state_timeout enter in b");
  });

  it.each([
    ["postpone", "bad_state_enter_action_from_state_function"],
    [["next_event", "internal", "i"], "bad_state_enter_action_from_state_function"],
    [["state_timeout", -1, "x"], "bad_action_from_state_function"],
  ])("may not ask for %j", (action, word) => {
    const { lines } = run({ hasEnterCalls: true, results: { "enter a": ["keep_state", "d", [action]] } });
    expect(lines.at(-1)).toBe(`terminate ${JSON.stringify([word, action])} in a`);
  });

  it("may name the present state as the next, and no other", () => {
    expect(run({ hasEnterCalls: true, results: { "enter a": ["next_state", "a", "d"] } }).reason).toBeUndefined();
    expect(run({ hasEnterCalls: true, results: { "enter a": ["next_state", "b", "d"] } }).reason).toMatchObject({
      value: ["bad_state_enter_return_from_state_function", ["next_state", "b", "d"]],
    });
  });
});

describe("startStatem", () => {
  const failing = (init: () => unknown): unknown =>
    thrownBy(() =>
      laboratory().play(function* () {
        const module = { ...machineOf({}, []), init: init as () => StatemInit<unknown, unknown> }; // nonsense is tested
        return yield* startStatem(module, null);
      }),
    );

  it.each([
    ["ignore", "ignore", "ignore"],
    ["stop", ["stop", "why"], "why"],
    ["error", ["error", "why"], "why"],
    ["nonsense", "garbage", ["bad_return_from_init", "garbage"]],
  ])("fails when init returns %s", (_case, result, reason) => {
    expect(failing(() => result)).toEqual(reason);
  });

  it("fails with what init threw", () => {
    expect(failing(() => exit("why"))).toBe("why");
    expect(
      failing(() => {
        throw new Error("boom");
      }),
    ).toMatchObject({ message: "boom" });
  });

  it("says by the error whether it was ignored", () => {
    const answer = laboratory().play(function* () {
      try {
        yield* startStatem({ ...machineOf({}, []), init: () => "ignore" }, null);
      } catch (error) {
        return error instanceof StartError && error.isIgnored;
      }
      return false;
    });
    expect(answer).toBe(true);
  });
});

const turnstile: StateFunctionsModule<"locked" | "open", number, null> = {
  callbackMode: "state_functions",
  init: () => ["ok", "locked", 0],
  states: {
    locked(type, content, coins) {
      if (typeof type !== "string" && type[0] === "call") return ["keep_state_and_data", "postpone"];
      return content === "coin" ? ["next_state", "open", coins + 1] : "keep_state_and_data";
    },
    open(type, content, coins) {
      if (content === "bye" && typeof type !== "string" && type[0] === "call")
        return ["stop_and_reply", "normal", ["reply", type[1], coins]];
      if (typeof type !== "string" && type[0] === "call")
        return ["next_state", "locked", coins, ["reply", type[1], content]];
      return "keep_state_and_data";
    },
  },
};

describe("state functions", () => {
  it("handle the events of their state, and a call may be answered in another", () => {
    const replies = laboratory().play(function* () {
      const gate = (yield* startStatem(turnstile, null)) as Pid<Request<unknown, unknown>>; // it answers any request
      cast(gate, "push");
      cast(gate, "coin");
      const first = yield* call(gate, "through");
      cast(gate, "coin");
      return [first, yield* call(gate, "bye")];
    });
    expect(replies).toEqual(["through", 2]);
  });

  it("end the machine when there is none for its state", () => {
    const { run: spawn, ends, platform } = laboratory();
    let machine: Pid<unknown> | undefined;
    spawn(function* () {
      const module = { ...turnstile, init: () => ["ok", "ajar", 0] as const };
      machine = yield* startStatem(module as unknown as typeof turnstile, null); // which the compiler would refuse
      send(machine, "x");
    });
    platform.settle();
    expect(machine === undefined ? undefined : ends.get(machine)).toEqual(["undef", ["ajar", "info", "x"]]);
  });
});

describe("the system protocol", () => {
  it("shows and replaces state and data as a pair", () => {
    const seen = laboratory().play(function* () {
      const gate = yield* startStatem(turnstile, null);
      const before = yield* getState(gate);
      yield* replaceState(gate, ["open", 7]);
      return [before, yield* getStatus(gate)];
    });
    expect(seen).toEqual([["locked", 0], { status: "running", state: ["open", 7] }]);
  });

  it("stops in order, and terminate sees the state", () => {
    const lines: string[] = [];
    laboratory().play(function* () {
      const machine = yield* startStatem(machineOf({ init: ["ok", "b", "d"] }, lines), null);
      yield* stop(machine, "shutdown");
    });
    expect(lines).toEqual(['terminate "shutdown" in b']);
  });
});

describe("a callback that waits", () => {
  it("is a generator, and the machine takes no other event meanwhile", () => {
    const { platform, run: spawn } = laboratory();
    const lines: string[] = [];
    const module: HandleEventModule<"a", null, null> = {
      callbackMode: "handle_event_function",
      init: () => ["ok", "a", null],
      *handleEvent(_type, content) {
        lines.push(`begin ${String(content)}`);
        yield* self().sleep(10);
        lines.push(`end ${String(content)}`);
        return "keep_state_and_data";
      },
    };
    spawn(function* () {
      const machine = yield* startStatem(module, null);
      cast(machine, 1);
      cast(machine, 2);
    });
    platform.advance(20);
    expect(lines).toEqual(["begin 1", "end 1", "begin 2", "end 2"]);
  });
});
