// Theme genstatem, first part: states, events and replies.

import { call, cast, exit, isAlive, monitor, StartError } from "@krarup/core";
import { raiseError } from "../stage/exceptions.ts";
import type { Lab, Scenarios } from "../stage/lab.ts";
import { bare, type MachineEvent, startMachine } from "../stage/machine.ts";
import { callCaught } from "../stage/server.ts";
import type { Step } from "../stage/step.ts";

export const machines: Scenarios = {
  *sm_enter_calls(lab) {
    const machine = yield* startMachine(lab, "m", {
      hasEnterCalls: true,
      handle: ({ content }) => NEXT_STATES.get(content),
    });
    yield* lab.settle();
    for (const content of ["to_b", "keep", "same", "repeat", "to_a"]) {
      cast(machine, content);
      yield* lab.settle();
    }
    yield* lab.killSilently(machine);
  },

  *sm_postpone_order(lab) {
    const machine = yield* startMachine(lab, "m", {
      handle({ content, state }) {
        if (state !== "a") return undefined;
        if (Array.isArray(content)) return ["keep_state_and_data", "postpone"];
        return content === "open" ? ["next_state", "b", null] : undefined;
      },
    });
    for (const content of [["req", 1], "x", ["req", 2], "open", ["req", 3], "y"]) cast(machine, content);
    yield* lab.settle();
    yield* lab.killSilently(machine);
  },

  *sm_inserted_events_order(lab) {
    const machine = yield* startMachine(lab, "m", {
      handle({ content }) {
        if (content === "start") return ["keep_state_and_data", STARTING];
        if (content === "i1") return ["keep_state_and_data", ["next_event", "internal", "i3"]];
        return undefined;
      },
    });
    for (const content of ["start", "ext1", "ext2"]) cast(machine, content);
    yield* lab.settle();
    yield* lab.killSilently(machine);
  },

  *sm_replies(lab) {
    const machine = yield* startMachine(lab, "m", {
      logs: ["init", "call", "cast", "terminate"],
      handle: answer,
    });
    const c = yield* lab.puppet();
    c.begins(function* (self) {
      lab.log("c", "got", yield* callCaught(self, machine, "later"));
    });
    yield* lab.settle();
    lab.log("s", "got", yield* callCaught(lab.script, machine, "now"));
    cast(machine, "open");
    yield* lab.settle();
    const farewell = yield* callCaught(lab.script, machine, "bye");
    yield* lab.settle();
    lab.log("s", "got", farewell);
    lab.log("s", "alive", isAlive(machine));
  },

  *sm_late_reply_is_dropped(lab) {
    const machine = yield* startMachine(lab, "m", {
      logs: [],
      handle({ content, from }) {
        if (content === "quick") return ["keep_state_and_data", ["reply", from, "quick"]];
        if (content === "slow") return ["keep_state_and_data", ["state_timeout", 400, from]];
        return ["keep_state_and_data", ["reply", content, "done"]];
      },
    });
    const c = yield* lab.puppet();
    yield* c.does(function* (self) {
      lab.log("c", "call", yield* callCaught(self, machine, "slow", 40));
    });
    yield* lab.sleep(600);
    yield* lab.outcome("c", c);
    yield* c.does(function* () {
      lab.log("c", "call", ["ok", yield* call(machine, "quick")]);
    });
    yield* lab.outcome("c", c);
    yield* lab.killSilently(machine, c);
  },

  *sm_init_variants(lab) {
    yield* initVariant(lab, "actions", () => ["ok", "a", null, FIRST_ACTIONS]);
    yield* initVariant(lab, "ignore", () => "ignore");
    yield* initVariant(lab, "stop", () => ["stop", "why"]);
    yield* initVariant(lab, "error", () => raiseError("why"));
    yield* initVariant(lab, "bad", () => "garbage");
  },

  *sm_crash_and_terminate(lab) {
    const handlers: readonly ((event: MachineEvent) => unknown)[] = [
      () => raiseError("why"),
      ({ kind }) => (kind === "cast" ? ["next_state", "b", null, ["next_event", "internal", 1]] : exit("inner")),
      () => ["stop", ["shutdown", "x"]],
      () => "stop",
      () => "garbage",
    ];
    for (const handle of handlers) {
      const machine = yield* startMachine(lab, "m", { logs: ["terminate"], handle });
      const life = monitor(machine);
      cast(machine, "go");
      yield* lab.settle();
      lab.log("s", "ended", yield* lab.endReason(life));
    }
  },
};

const NEXT_STATES: ReadonlyMap<unknown, unknown> = new Map([
  ["to_b", ["next_state", "b", null]],
  ["same", ["next_state", "b", null]],
  ["repeat", ["repeat_state", null]],
  ["to_a", ["next_state", "a", null]],
]);

const STARTING = [
  ["next_event", "internal", "i1"],
  ["next_event", "internal", "i2"],
  ["next_event", "cast", "c1"],
];

const FIRST_ACTIONS = [
  ["next_event", "internal", "i1"],
  ["state_timeout", 50, "st"],
];

function answer({ content, state, from }: MachineEvent): unknown {
  switch (content) {
    case "open":
      return ["next_state", "b", null];
    case "bye":
      return ["stop_and_reply", "normal", ["reply", from, "farewell"]];
    case "later":
      if (state === "a") return ["keep_state_and_data", "postpone"];
  }
  return ["keep_state_and_data", ["reply", from, [content, state]]];
}

function* initVariant(lab: Lab, kind: string, init: () => unknown): Step<void> {
  try {
    const machine = yield* startMachine(lab, "m", { hasEnterCalls: true, init });
    yield* lab.settle();
    yield* lab.sleep(120);
    lab.log("s", kind, "ok");
    yield* lab.killSilently(machine);
  } catch (failure) {
    if (!(failure instanceof StartError)) throw failure;
    yield* lab.settle();
    // gen_statem tells the starter of an error in init without the stack.
    lab.log("s", kind, failure.isIgnored ? "ignore" : ["error", bare(failure.reason)]);
  }
}
