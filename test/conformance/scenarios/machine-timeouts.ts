// Theme genstatem, second part: time-outs.

import { cast } from "@krarup/core";
import type { Lab, Scenarios } from "../stage/lab.ts";
import { type AnyMachine, type MachineEvent, startMachine } from "../stage/machine.ts";
import type { Step } from "../stage/step.ts";

export const machineTimeouts: Scenarios = {
  *sm_state_timeout(lab) {
    const machine = yield* startMachine(lab, "m", { handle: obeyStateTimeouts });
    yield* step(lab, machine, 1, [[["arm", 60, "t1"], 150]]);
    yield* step(lab, machine, 2, [
      [["arm", 300, "t2"], 20],
      ["to_b", 450],
    ]);
    yield* step(lab, machine, 3, [
      [["arm", 150, "t3"], 20],
      ["poke", 300],
    ]);
    yield* step(lab, machine, 4, [
      [["arm", 300, "t4"], 0],
      [["arm", 40, "t5"], 450],
    ]);
    yield* step(lab, machine, 5, [
      [["arm", 150, "t6"], 0],
      ["cancel", 300],
    ]);
    yield* step(lab, machine, 6, [
      [["arm", 300, "t7"], 0],
      ["same", 450],
    ]);
    yield* lab.killSilently(machine);
  },

  *sm_named_timeouts(lab) {
    const machine = yield* startMachine(lab, "m", { handle: obeyNamedTimeouts });
    yield* step(lab, machine, 1, [
      [["arm", "x", 120, "t1"], 0],
      [["arm", "y", 60, "t2"], 0],
      ["to_b", 250],
    ]);
    yield* step(lab, machine, 2, [
      [["arm", "x", 400, "t3"], 0],
      [["arm", "x", 60, "t4"], 550],
    ]);
    yield* step(lab, machine, 3, [
      [["arm", "x", 150, "t5"], 0],
      [["arm", "y", 150, "t6"], 0],
      [["cancel", "x"], 300],
    ]);
    yield* lab.killSilently(machine);
  },

  *sm_timeout_update(lab) {
    const machine = yield* startMachine(lab, "m", {
      handle({ content }) {
        if (content === "arm") return ["keep_state_and_data", ["state_timeout", 200, "old"]];
        if (content === "upd") return ["keep_state_and_data", ["state_timeout", "update", "new"]];
        return undefined;
      },
    });
    yield* step(lab, machine, 1, [
      ["arm", 20],
      ["upd", 350],
    ]);
    yield* step(lab, machine, 2, [["upd", 0]]);
    yield* lab.killSilently(machine);
  },
};

/** Logs the number of the step; casts, and sleeps after each cast as long as it says. */
function* step(
  lab: Lab,
  machine: AnyMachine,
  number: number,
  casts: readonly (readonly [unknown, number])[],
): Step<void> {
  lab.log("s", "step", number);
  for (const [content, ms] of casts) {
    cast(machine, content);
    yield* lab.sleep(ms);
  }
}

function obeyStateTimeouts({ content, state }: MachineEvent): unknown {
  if (Array.isArray(content)) {
    const [, ms, tag]: readonly unknown[] = content;
    return ["keep_state_and_data", ["state_timeout", ms, tag]];
  }
  switch (content) {
    case "to_b":
      return ["next_state", "b", null];
    case "same":
      return ["next_state", state, null];
    case "cancel":
      return ["keep_state_and_data", ["state_timeout", "cancel"]];
    default:
      return undefined;
  }
}

function obeyNamedTimeouts({ content }: MachineEvent): unknown {
  if (content === "to_b") return ["next_state", "b", null];
  if (!Array.isArray(content)) return undefined;
  const [word, name, ms, tag]: readonly unknown[] = content;
  if (word === "cancel") return ["keep_state_and_data", [["timeout", name], "cancel"]];
  return ["keep_state_and_data", [["timeout", name], ms, tag]];
}
