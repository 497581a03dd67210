// The public face of supervisors whose children come and go: `import { DynamicSupervisor } from "@krarup/supervisor"`.

import type { AnyPid, Name, Operation } from "@krarup/core";
import { leave, startBehaviour } from "@krarup/core/internal";
import type { AnyChildSpec, ChildDescription } from "./child-spec.ts";
import { DynamicSupervisorBody } from "./dynamic-supervisor-body.ts";
import { checkDynamicSupervisorSpec, type DynamicSupervisorSpec } from "./dynamic-supervisor-spec.ts";
import {
  ask,
  type ChildCount,
  type DynamicSupervisorPid,
  type DynamicSupervisorRequest,
  type ListedChild,
  type StartDynamicChildResult,
} from "./management.ts";

/**
 * Starts a supervisor, linked to this process, that has no children yet and takes any number later.
 *
 * @remarks
 * Children have no ids, are known by their pids, and are restarted one for one. Where all are alike, a function that makes the spec is the
 * template: `const session = (socket: Pid) => ({ start: () => Session.startLink(socket), restart: "temporary" as const })`.
 *
 * **Ordering.** When the supervisor ends it ends all children at once, in no order, and waits for the slowest.
 * **Exits.** As for `Supervisor.startLink`.
 * **Cost.** O(1) for each start, end and restart.
 *
 * @throws {@link SpecError} at once, for a spec that makes no sense; {@link StartError} for a name that is taken
 *
 * @see {@link https://hexdocs.pm/elixir/DynamicSupervisor.html | Elixir's DynamicSupervisor}, the successor of OTP's simple_one_for_one
 */
function startLink(spec: DynamicSupervisorSpec = {}): Operation<DynamicSupervisorPid> {
  const checked = checkDynamicSupervisorSpec(spec);
  return startBehaviour(
    (process, acknowledge, isLinked) => new DynamicSupervisorBody(process, acknowledge, isLinked, checked),
    "dynamic_supervisor",
    true,
    checked.name === undefined ? {} : { name: checked.name },
  );
}

/**
 * Starts a child. One that asks to be left out is forgotten, also when it asks during a restart.
 *
 * @see {@link https://hexdocs.pm/elixir/DynamicSupervisor.html#start_child/2 | DynamicSupervisor.start_child/2}
 */
function startChild<M = never>(
  supervisor: DynamicSupervisorPid | Name,
  spec: AnyChildSpec<M>,
): Operation<StartDynamicChildResult<M>> {
  return ask<DynamicSupervisorRequest, StartDynamicChildResult<M>>(supervisor, {
    do: "start_child",
    spec: leave(spec),
  });
}

/**
 * Ends a child, by its spec's `shutdown`, and forgets it. A child that is being restarted is known by the pid it had.
 *
 * @see {@link https://hexdocs.pm/elixir/DynamicSupervisor.html#terminate_child/2 | DynamicSupervisor.terminate_child/2}
 */
function terminateChild(supervisor: DynamicSupervisorPid | Name, pid: AnyPid): Operation<"ok" | "not_found"> {
  return ask(supervisor, { do: "terminate_child", pid });
}

/**
 * Lists the children, the newest first; one that was restarted counts as new.
 *
 * **Cost.** O(children), in the supervisor and in the message.
 *
 * @see {@link https://hexdocs.pm/elixir/DynamicSupervisor.html#which_children/1 | DynamicSupervisor.which_children/1}
 */
function whichChildren(supervisor: DynamicSupervisorPid | Name): Operation<readonly ListedChild[]> {
  return ask(supervisor, { do: "which_children" });
}

/**
 * Counts the children.
 *
 * @see {@link https://hexdocs.pm/elixir/DynamicSupervisor.html#count_children/1 | DynamicSupervisor.count_children/1}
 */
function countChildren(supervisor: DynamicSupervisorPid | Name): Operation<ChildCount> {
  return ask(supervisor, { do: "count_children" });
}

/**
 * The spec of a child, with every default filled in.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/supervisor.html#get_childspec/2 | supervisor:get_childspec/2}. Differs from OTP: without
 * `start`, because functions do not travel.
 */
function getChildSpec(supervisor: DynamicSupervisorPid | Name, pid: AnyPid): Operation<ChildDescription | "not_found"> {
  return ask(supervisor, { do: "get_child_spec", pid });
}

/**
 * Supervisors whose children come and go, each with a spec of its own.
 *
 * @see {@link https://hexdocs.pm/elixir/DynamicSupervisor.html | Elixir's DynamicSupervisor}, the successor of OTP's simple_one_for_one
 */
export const DynamicSupervisor: {
  readonly startLink: typeof startLink;
  readonly startChild: typeof startChild;
  readonly terminateChild: typeof terminateChild;
  readonly whichChildren: typeof whichChildren;
  readonly countChildren: typeof countChildren;
  readonly getChildSpec: typeof getChildSpec;
} = { startLink, startChild, terminateChild, whichChildren, countChildren, getChildSpec };
