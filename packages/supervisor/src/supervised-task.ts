// A task that is started by its supervisor and answers to whoever asked for it.

import { type AnyPid, isAlive, KrarupError, type Name, StartError } from "@krarup/core";
import { type answerRef, type Job, requireProcess, startAnswering } from "@krarup/core/internal";
import { DynamicSupervisor } from "./dynamic-supervisor.ts";
import type { DynamicSupervisorPid } from "./management.ts";
import type { Step } from "./supervising-body.ts";

/** Has `supervisor` start `job`, which answers to this process through `ref`. */
export function* startSupervised(
  supervisor: DynamicSupervisorPid | Name,
  job: Job,
  ref: ReturnType<typeof answerRef>,
  isLinked: boolean,
): Step<AnyPid> {
  const owner = requireProcess("start a supervised task");
  // Called in the supervisor's process, where an owner that has ended meanwhile wants no answer any more.
  const start = (): AnyPid => {
    if (!isAlive(owner)) throw new StartError("noproc");
    return startAnswering(ref, job, { link: true, ...(isLinked ? { linkTo: owner } : {}) });
  };
  const started = yield* DynamicSupervisor.startChild(supervisor, { start, restart: "temporary" });
  switch (started.type) {
    case "ok":
      return started.pid;
    case "max_children":
      throw new KrarupError(
        "ERR_SYSTEM_LIMIT",
        "Cannot start a supervised task as the supervisor has as many children as it may have: raise its maxChildren, or start fewer at once",
      );
    case "ignored":
      throw new StartError("ignore", true);
    case "failed":
    case "invalid_child_spec":
      throw new StartError(started.reason);
  }
}
