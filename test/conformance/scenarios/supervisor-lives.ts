// Theme supadmin, first part: how supervisors come up and go down.

import { exit, isAlive, monitor, type Pid, type Ref, self, spawnLink } from "@krarup/core";
import type { ChildSpec, SupervisorPid } from "@krarup/supervisor";
import { raiseError } from "../stage/exceptions.ts";
import { Family } from "../stage/family.ts";
import { drain, type Lab, type Scenarios, waitForever } from "../stage/lab.ts";
import { startResult } from "../stage/server.ts";
import type { AnySelf, Step } from "../stage/step.ts";
import { partAt, tagOfExit, undefinedFunction } from "../stage/undefined-function.ts";

export const supervisorLives: Scenarios = {
  *supa_start_and_stop_order(lab) {
    const family = new Family(lab);
    for (const [ids, reason] of [
      [["a", "b", "c"], "shutdown"],
      [["d", "e"], "custom"],
    ] as const) {
      const supervisor = yield* family.start({ children: family.children(...ids) });
      exit(supervisor, reason);
      yield* family.logState(supervisor);
    }
  },

  *supa_init_failure_rolls_back(lab) {
    const family = new Family(lab);
    const refusing = family.child("f", { server: { init: () => ["stop", "no"] } });
    const raising = family.child("e", { server: { init: () => raiseError("no") } });
    for (const failing of [refusing, raising]) {
      lab.log("s", "ret", yield* startAround(family, failing));
      yield* lab.settle();
      lab.log("s", "mail", yield* drain(lab.script));
    }
    const undefinedStart: ChildSpec = { id: "u", start: undefinedFunction };
    lab.log("s", "ret_tag", tagOfFailedStart(yield* startAround(family, undefinedStart)));
  },

  *supa_shutdown_timeout_kills(lab) {
    const family = new Family(lab);
    const supervisor = yield* family.start({
      children: [
        family.child("a"),
        family.child("slow", {
          shutdown: 80,
          server: { terminate: sleepThenLog(lab, "slow", 1500) },
        }),
        family.child("fast", { server: { terminate: sleepThenLog(lab, "fast", 30) } }),
      ],
    });
    yield* shutDownWatching(lab, family, supervisor, ["a", "slow", "fast"]);
  },

  *supa_brutal_kill(lab) {
    const family = new Family(lab);
    const plain: ChildSpec = { id: "p", shutdown: 1000, start: () => startPlain(lab, family) };
    const supervisor = yield* family.start({
      children: [family.child("a"), family.child("k", { shutdown: "brutal_kill" }), plain],
    });
    yield* shutDownWatching(lab, family, supervisor, ["a", "k", "p"]);
  },

  *supa_killed_supervisor_orphans(lab) {
    const family = new Family(lab);
    const plain: ChildSpec = { id: "p", start: () => startPlain(lab, family) };
    const supervisor = yield* family.start({ children: [family.child("a"), plain] });
    exit(supervisor, "kill");
    yield* family.logState(supervisor);
    lab.log("s", "alive", [isAlive(family.pidOf("a")), isAlive(family.pidOf("p"))]);
  },
};

/** The word in `[error, [shutdown, [failed_to_start_child, id, ["EXIT", exception]]]]`. */
function tagOfFailedStart(result: unknown): unknown {
  const reason = partAt(partAt(result, 1), 1);
  return tagOfExit(partAt(reason, 2));
}

function startAround(family: Family, failing: ChildSpec): Step<unknown> {
  const children = [...family.children("a", "b"), failing, ...family.children("c")];
  return startResult(family.start({ children }));
}

function sleepThenLog(lab: Lab, id: string, ms: number): () => Step<void> {
  return function* () {
    yield* self().sleep(ms);
    lab.log(id, "terminate_done");
  };
}

/** A plain process that does not trap exits. */
function startPlain(lab: Lab, family: Family): Pid<unknown> {
  lab.log("p", "init");
  return family.remember(
    "p",
    spawnLink((process: AnySelf) => waitForever(process)),
  );
}

function* shutDownWatching(lab: Lab, family: Family, supervisor: SupervisorPid, ids: readonly string[]): Step<void> {
  const lives = ids.map((id): [string, Ref] => [id, monitor(family.pidOf(id))]);
  const end = monitor(supervisor);
  exit(supervisor, "shutdown");
  yield* lab.script.receive(end);
  for (const [id, life] of lives) lab.log("s", "ended", id, yield* lab.endReason(life));
  yield* family.logState(supervisor);
}
