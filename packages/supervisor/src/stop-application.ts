import { ExitException, type Operation, stop } from "@krarup/core";
import { currentNode, procedure } from "@krarup/core/internal";
import type { Application } from "./application.ts";
import { masterName } from "./application-master.ts";
import { applicationsOf } from "./application-table.ts";
import type { Step } from "./supervising-body.ts";

/**
 * Stops an application in order: `prepStop`, the tree from the last started child to the first, `stop`. It stays loaded.
 *
 * @remarks
 * Applications that depend on it go on: stop them first. To its node this end means nothing, whatever the type it was started with.
 *
 * **Waiting.** Until all of it is gone, however long that takes.
 * **Exits.** With the error, if `prepStop` or `stop` threw one; the tree is gone all the same.
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/application.html#stop/1 | application:stop/1}
 */
export function stopApplication(app: Pick<Application, "name"> | string): Operation<"ok" | "not_started"> {
  return procedure(() => stopMaster(typeof app === "string" ? app : app.name));
}

function* stopMaster(name: string): Step<"ok" | "not_started"> {
  const run = applicationsOf(currentNode()).find(name);
  if (run !== undefined) run.isStopping = true;
  try {
    return yield* stop(masterName(name));
  } catch (failure) {
    const isMissing =
      failure instanceof ExitException && Array.isArray(failure.reason) && failure.reason[0] === "noproc";
    if (isMissing) return "not_started";
    throw failure;
  }
}
