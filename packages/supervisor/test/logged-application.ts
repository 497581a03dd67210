import { type AnyPid, self, spawnOpt, type Suspension } from "@krarup/core";
import {
  application,
  type Application,
  type ApplicationDefinition,
  startApplication,
  type Waiting,
} from "@krarup/supervisor";
import type { Stage } from "./stage.ts";

/** An application with the logged children `NAME_a` and `NAME_b`, none of which may end, and callbacks that log. */
export function loggedApplication(
  stage: Stage,
  name: string,
  more: Partial<ApplicationDefinition<object>> = {},
): Application {
  return application<object>({
    name,
    start: () => ({ intensity: 0, children: stage.children(`${name}_a ${name}_b`) }),
    prepStop: () => stage.log(name, "prep_stop"),
    stop: () => stage.log(name, "stop"),
    ...more,
  });
}

/** Starts an application and forgets what was logged meanwhile. @returns its root */
export function startedApplication(stage: Stage, ...args: Parameters<typeof startApplication>): AnyPid {
  const { pid, reason } = stage.tryStart(() => startApplication(...args));
  if (pid === undefined) throw new Error(`not started: ${JSON.stringify(reason)}`);
  stage.take();
  return pid;
}

/** Lets a process of its own do `steps`, and runs until quiet. */
export function begin(stage: Stage, steps: () => Waiting<unknown>): void {
  spawnOpt(
    function* () {
      yield* steps();
    },
    [],
    { node: stage.node },
  );
  stage.settle();
}

/** What `look` sees from inside the stage's node. */
export function inside<T>(stage: Stage, look: () => T): T {
  return stage.ask(function* () {
    return look();
  });
}

/** Lets the running process wait. */
export function* sleeping(ms: number): Generator<Suspension, void, void> {
  yield* self().sleep(ms);
}
