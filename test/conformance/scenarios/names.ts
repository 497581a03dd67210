// Theme names: registered names.

import { exit, monitor, register, send, spawn, unregister, whereis } from "@krarup/core";
import { caught } from "../stage/exceptions.ts";
import { type Lab, type Scenarios } from "../stage/lab.ts";
import type { Action, AnySelf, Step } from "../stage/step.ts";

export const names: Scenarios = {
  *name_register_conflicts(lab) {
    const d = yield* lab.endedProcess();
    const a = yield* lab.puppet();
    const b = yield* lab.puppet();
    const steps: readonly (readonly [string, Action<unknown>])[] = [
      ["register", () => register("oracle_1", a.pid)],
      ["same_name", () => register("oracle_1", b.pid)],
      ["same_pid", () => register("oracle_2", a.pid)],
      ["undefined_name", () => register("undefined", b.pid)],
      ["dead_pid", () => register("oracle_3", d)],
      ["whereis", () => whereis("oracle_1")],
      ["whereis_missing", () => whereis("oracle_3")],
      ["unregister", () => unregister("oracle_1")],
      ["unregister_again", () => unregister("oracle_1")],
      ["reuse", () => register("oracle_1", b.pid)],
      ["whereis", () => whereis("oracle_1")],
    ];
    for (const [step, action] of steps) {
      lab.log("s", step, ...(yield* caught(lab.script, action)));
    }
    yield* lab.killSilently(a, b);
    yield* lab.settle();
    lab.log("s", "whereis", ...(yield* caught(lab.script, () => whereis("oracle_1"))));
  },

  *name_auto_unregister(lab) {
    const b = yield* lab.puppet();
    for (const way of ["return", "crash", "kill"] as const) {
      yield* endNamedProcess(lab, way);
      lab.log("s", way, ["whereis", whereis("oracle_auto")]);
      lab.log("s", way, ["reregister", register("oracle_auto", b.pid)]);
      yield* b.does(() => unregister("oracle_auto"));
    }
  },

  *name_takeover(lab) {
    const [w, a, b] = [yield* lab.puppet(), yield* lab.puppet(), yield* lab.puppet()];
    yield* a.does(() => register("oracle_svc", a.pid));
    yield* w.does(() => monitor("oracle_svc"));
    send("oracle_svc", "one");
    yield* a.exits("gone");
    register("oracle_svc", b.pid);
    send("oracle_svc", "two");
    yield* lab.outcome("b", b);
    yield* lab.outcome("w", w);
  },
};

/** Starts a process that registers itself as oracle_auto, ends it, and returns on its DOWN. */
function* endNamedProcess(lab: Lab, way: "return" | "crash" | "kill"): Step<void> {
  const pid = spawn(function* (self: AnySelf) {
    register("oracle_auto", self);
    send(lab.script, "registered");
    if ((yield* self.receive()) === "crash") exit("boom");
  });
  const end = monitor(pid);
  yield* lab.script.receive("registered");
  if (way === "kill") exit(pid, "kill");
  else send(pid, way);
  yield* lab.script.receive(end);
}
