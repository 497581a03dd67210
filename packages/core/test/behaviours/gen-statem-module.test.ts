// What is expected here of orders and reasons was seen on OTP 25, unless a test says otherwise.

import {
  call,
  cast,
  exit,
  getState,
  getStatus,
  type HandleEventModule,
  monotonicTime,
  type Pid,
  replaceState,
  type Request,
  resume,
  self,
  send,
  StartError,
  startStatem,
  type StateFunctionsModule,
  type StatemInit,
  type StatemResult,
  stop,
  suspend,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { laboratory, thrownBy } from "../laboratory.ts";

type Result = StatemResult<unknown, unknown>;

interface Part {
  readonly init?: StatemInit<unknown, unknown>;
  readonly hasEnterCalls?: boolean;
  /** What the handler returns for an event, by its content; else it keeps everything. */
  readonly results?: Readonly<Record<string, unknown>>;
  /** What is cast while the machine cannot run yet. */
  readonly casts?: readonly unknown[];
}

/** Runs a machine for `ms` milliseconds. @returns one line for each callback, and the reason of its end */
function run(part: Part, ms = 0): { lines: string[]; reason: unknown } {
  const { platform, ends, run: spawn } = laboratory();
  const lines: string[] = [];
  let machine: Pid<unknown> | undefined;
  spawn(function* () {
    machine = yield* startStatem(machineOf(part, lines), null);
    yield* self().receive(() => false);
  });
  platform.advance(ms);
  return { lines, reason: machine === undefined ? undefined : ends.get(machine) };
}

function machineOf(part: Part, lines: string[]): HandleEventModule<unknown, unknown, null> {
  return {
    callbackMode: part.hasEnterCalls === true ? ["handle_event_function", "state_enter"] : "handle_event_function",
    init() {
      for (const content of part.casts ?? []) cast(self(), content);
      return part.init ?? ["ok", "a", "d"];
    },
    handleEvent(type, content, state) {
      const kind = typeof type === "string" ? type : type[0] === "timeout" ? `timeout ${String(type[1])}` : "call";
      lines.push(`${kind} ${String(content)} in ${String(state)}`);
      const result = part.results?.[`${kind} ${String(content)}`] ?? part.results?.[String(content)];
      return (result ?? "keep_state_and_data") as Result; // nonsense is part of what is tested
    },
    terminate(reason, state) {
      const value = reason instanceof Error && "value" in reason ? reason.value : reason;
      lines.push(`terminate ${JSON.stringify(value)} in ${String(state)}`);
    },
  };
}

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
