// The public face of supervisors with named children: `import { Supervisor } from "@krarup/supervisor"`.

import type { Name, Operation } from "@krarup/core";
import { leave, startBehaviour } from "@krarup/core/internal";
import type { ChildDescription, ChildId, ChildSpec } from "./child-spec.ts";
import {
  ask,
  type ChildCount,
  type ListedChild,
  type RestartChildResult,
  type StartNamedChildResult,
  type SupervisorPid,
  type SupervisorRequest,
} from "./management.ts";
import { SupervisorBody } from "./supervisor-body.ts";
import { checkSupervisorSpec, type SupervisorSpec } from "./supervisor-spec.ts";

/**
 * Starts a supervisor that is linked to this process, and its children, one after the other.
 *
 * @remarks
 * A supervisor keeps its children alive: it links to them, and starts those again that end and should not have. When it cannot keep up
 * (see {@link RestartIntensity}) it ends its children and itself, with reason `"shutdown"`, and leaves the matter to its own supervisor.
 * Nothing is polled; a supervisor with nothing to do costs nothing.
 *
 * Outside any process there is nobody whom it could be linked to for long: start an {@link application} there.
 *
 * **Ordering.** Children are started in order, each when the one before it is there. They are ended in the opposite order, each when the
 * one after it is gone.
 * **Waiting.** Until the last child is there. If one does not come up, those before it are ended and the start fails.
 * **Exits.** The supervisor ends with the reason of this process when this process ends; its children are told `"shutdown"`.
 * **Cost.** A restart takes O(1), however many children and restarts there are.
 *
 * @throws {@link SpecError} at once, for a spec that makes no sense
 * @throws {@link StartError} with reason `["shutdown", ["failed_to_start_child", id, reason]]`, or `["already_started", pid]` for a name
 * that is taken
 *
 * @example
 * ```ts
 * import { type Self, spawn, spawnLink } from "@krarup/core";
 * import { Supervisor } from "@krarup/supervisor";
 *
 * function* clock(self: Self) {
 *   for (;;) yield* self.sleep(1_000);
 * }
 *
 * spawn(function* () {
 *   const supervisor = yield* Supervisor.startLink({
 *     children: [{ id: "clock", start: () => spawnLink(clock) }],
 *   });
 *   yield* Supervisor.countChildren(supervisor); // => { specs: 1, active: 1, supervisors: 0, workers: 1 }
 * });
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/supervisor.html#start_link/3 | supervisor:start_link/3}. Differs from OTP: the spec is
 * the argument, there is no callback module; a child that is not linked to its supervisor counts as failed to start.
 */
function startLink(spec: SupervisorSpec): Operation<SupervisorPid> {
  const checked = checkSupervisorSpec(spec);
  return startBehaviour(
    (process, acknowledge, isLinked) => new SupervisorBody(process, acknowledge, isLinked, checked),
    "supervisor",
    true,
    checked.name === undefined ? {} : { name: checked.name },
  );
}

/**
 * Starts one more child. It comes last in the start order.
 *
 * @remarks
 * A child that asks to be left out stays listed, not running, unless it is temporary.
 *
 * **Waiting.** Until the child is there, however long it takes; so are all operations on supervisors.
 * **Exits.** As {@link call}: `["noproc", …]` when there is no such supervisor.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/supervisor.html#start_child/2 | supervisor:start_child/2}. Differs from OTP: the spec
 * holds a function, so it does not travel to another isolate.
 */
function startChild<M = never>(
  supervisor: SupervisorPid | Name,
  spec: ChildSpec<M>,
): Operation<StartNamedChildResult<M>> {
  return ask<SupervisorRequest, StartNamedChildResult<M>>(supervisor, { do: "start_child", spec: leave(spec) });
}

/**
 * Ends a child, by its spec's `shutdown`. It is not restarted; its spec is kept, unless it is temporary.
 *
 * @returns `"ok"`, also when it was not running
 * @see {@link https://www.erlang.org/doc/apps/stdlib/supervisor.html#terminate_child/2 | supervisor:terminate_child/2}
 */
function terminateChild(supervisor: SupervisorPid | Name, id: ChildId): Operation<"ok" | "not_found"> {
  return ask(supervisor, { do: "terminate_child", id });
}

/**
 * Starts a child again that is known but not running: it was terminated, asked to be left out, or is transient and has ended in order.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/supervisor.html#restart_child/2 | supervisor:restart_child/2}
 */
function restartChild(supervisor: SupervisorPid | Name, id: ChildId): Operation<RestartChildResult> {
  return ask(supervisor, { do: "restart_child", id });
}

/**
 * Forgets a child that is not running.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/supervisor.html#delete_child/2 | supervisor:delete_child/2}
 */
function deleteChild(
  supervisor: SupervisorPid | Name,
  id: ChildId,
): Operation<"ok" | "running" | "restarting" | "not_found"> {
  return ask(supervisor, { do: "delete_child", id });
}

/**
 * Lists the children, the newest first.
 *
 * **Cost.** O(children), in the supervisor and in the message.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/supervisor.html#which_children/1 | supervisor:which_children/1}
 */
function whichChildren(supervisor: SupervisorPid | Name): Operation<readonly ListedChild[]> {
  return ask(supervisor, { do: "which_children" });
}

/**
 * Counts the children.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/supervisor.html#count_children/1 | supervisor:count_children/1}
 */
function countChildren(supervisor: SupervisorPid | Name): Operation<ChildCount> {
  return ask(supervisor, { do: "count_children" });
}

/**
 * The spec of a child, with every default filled in.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/supervisor.html#get_childspec/2 | supervisor:get_childspec/2}. Differs from OTP: without
 * `start`, because functions do not travel.
 */
function getChildSpec(supervisor: SupervisorPid | Name, id: ChildId): Operation<ChildDescription | "not_found"> {
  return ask(supervisor, { do: "get_child_spec", id });
}

/**
 * Supervisors with named children and a restart strategy.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/supervisor.html | supervisor}
 */
export const Supervisor: {
  readonly startLink: typeof startLink;
  readonly startChild: typeof startChild;
  readonly terminateChild: typeof terminateChild;
  readonly restartChild: typeof restartChild;
  readonly deleteChild: typeof deleteChild;
  readonly whichChildren: typeof whichChildren;
  readonly countChildren: typeof countChildren;
  readonly getChildSpec: typeof getChildSpec;
} = { startLink, startChild, terminateChild, restartChild, deleteChild, whichChildren, countChildren, getChildSpec };
