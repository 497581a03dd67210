// The public face of OTP's simple_one_for_one: `import { SimpleOneForOne } from "@krarup/supervisor"`.

import { type AnyPid, isPid, type Name, type Operation, type Pid, type Request } from "@krarup/core";
import { startBehaviour } from "@krarup/core/internal";
import type { ChildDescription, ChildId } from "./child-spec.ts";
import { ask, type ChildCount, type ListedChild, type StartChildResult } from "./management.ts";
import { SimpleOneForOneBody, type SimpleOneForOneRequest } from "./simple-one-for-one-body.ts";
import { checkSimpleOneForOneSpec, type SimpleOneForOneSpec } from "./simple-one-for-one-spec.ts";

/** A running `SimpleOneForOne`, whose children are started with arguments `A`. */
export type SimpleOneForOnePid<A extends readonly unknown[]> = Pid<Request<SimpleOneForOneRequest<A>, unknown>>;

/** What is refused because children have no ids. OTP's word. */
export type NoIds = "simple_one_for_one";

/**
 * Starts a supervisor, linked to this process, that has no children yet, and makes all of them from one template.
 *
 * @remarks
 * It is a `DynamicSupervisor` with OTP's manners: whoever comes from `simple_one_for_one` finds its requests and its answers. Children are known
 * by their pids; the arguments that a child is started with are kept for its restarts.
 *
 * **Ordering**, **Exits**, **Cost.** As for `DynamicSupervisor.startLink`.
 *
 * @throws {@link SpecError} at once, for a spec that makes no sense; {@link StartError} for a name that is taken
 *
 * @example
 * ```ts
 * import { type Self, spawn, spawnLink } from "@krarup/core";
 * import { SimpleOneForOne } from "@krarup/supervisor";
 *
 * function* session(self: Self<string>, user: string) {
 *   self.setLabel(user);
 *   for (;;) yield* self.receive();
 * }
 *
 * spawn(function* () {
 *   const sessions = yield* SimpleOneForOne.startLink({
 *     template: { id: "session", restart: "temporary", start: (user: string) => spawnLink(session, user) },
 *   });
 *   yield* SimpleOneForOne.startChild(sessions, "agner");
 *   yield* SimpleOneForOne.startChild(sessions, "joe");
 *   yield* SimpleOneForOne.countChildren(sessions); // => { specs: 1, active: 2, supervisors: 0, workers: 2 }
 *   yield* SimpleOneForOne.deleteChild(sessions, "session"); // => "simple_one_for_one"
 * });
 * ```
 *
 * @see {@link https://www.erlang.org/doc/system/sup_princ.html#simplified-one_for_one-supervisors | Supervisor Behaviour, simple_one_for_one}
 */
function startLink<A extends readonly unknown[], M = never>(
  spec: SimpleOneForOneSpec<A, M>,
): Operation<SimpleOneForOnePid<A>> {
  const checked = checkSimpleOneForOneSpec(spec);
  return startBehaviour(
    (process, acknowledge, isLinked) => new SimpleOneForOneBody(process, acknowledge, isLinked, checked),
    "simple_one_for_one",
    true,
    checked.name === undefined ? {} : { name: checked.name },
  );
}

/**
 * Starts a child from the template, with arguments, which travel as messages do. One that asks to be left out is forgotten.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/supervisor.html#start_child/2 | supervisor:start_child/2}
 */
function startChild<A extends readonly unknown[]>(
  supervisor: SimpleOneForOnePid<A> | Name,
  ...args: A
): Operation<StartChildResult> {
  return ask<SimpleOneForOneRequest<A>, StartChildResult>(supervisor, { do: "start_from_template", args });
}

/**
 * Ends a child, by the template's `shutdown`, and forgets it.
 *
 * @returns `"ok"`, also for a pid that has ended; `"not_found"` for a living process that is no child; `"simple_one_for_one"` for an id
 * @see {@link https://www.erlang.org/doc/apps/stdlib/supervisor.html#terminate_child/2 | supervisor:terminate_child/2}
 */
function terminateChild<A extends readonly unknown[]>(
  supervisor: SimpleOneForOnePid<A> | Name,
  child: AnyPid | ChildId,
): Operation<"ok" | "not_found" | NoIds> {
  return ask<SimpleOneForOneRequest<A>, "ok" | "not_found" | NoIds>(
    supervisor,
    isPid(child) ? { do: "terminate_child", pid: child } : { do: "terminate_child_by_id", id: child },
  );
}

/** Is refused. @see {@link https://www.erlang.org/doc/apps/stdlib/supervisor.html#restart_child/2 | supervisor:restart_child/2} */
function restartChild<A extends readonly unknown[]>(
  supervisor: SimpleOneForOnePid<A> | Name,
  id: ChildId,
): Operation<NoIds> {
  return ask<SimpleOneForOneRequest<A>, NoIds>(supervisor, { do: "restart_child", id });
}

/** Is refused. @see {@link https://www.erlang.org/doc/apps/stdlib/supervisor.html#delete_child/2 | supervisor:delete_child/2} */
function deleteChild<A extends readonly unknown[]>(
  supervisor: SimpleOneForOnePid<A> | Name,
  id: ChildId,
): Operation<NoIds> {
  return ask<SimpleOneForOneRequest<A>, NoIds>(supervisor, { do: "delete_child", id });
}

/**
 * Lists the children, the newest first; one that was restarted counts as new. Their ids are undefined.
 *
 * **Cost.** O(children), in the supervisor and in the message.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/supervisor.html#which_children/1 | supervisor:which_children/1}
 */
function whichChildren<A extends readonly unknown[]>(
  supervisor: SimpleOneForOnePid<A> | Name,
): Operation<readonly ListedChild[]> {
  return ask<SimpleOneForOneRequest<A>, readonly ListedChild[]>(supervisor, { do: "which_children" });
}

/**
 * Counts the children. There is one spec, however many there are.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/supervisor.html#count_children/1 | supervisor:count_children/1}
 */
function countChildren<A extends readonly unknown[]>(supervisor: SimpleOneForOnePid<A> | Name): Operation<ChildCount> {
  return ask<SimpleOneForOneRequest<A>, ChildCount>(supervisor, { do: "count_children" });
}

/**
 * The template, by its id or by the pid of a child, with every default filled in.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/supervisor.html#get_childspec/2 | supervisor:get_childspec/2}. Differs from OTP: without
 * `start`, because functions do not travel.
 */
function getChildSpec<A extends readonly unknown[]>(
  supervisor: SimpleOneForOnePid<A> | Name,
  child: AnyPid | ChildId,
): Operation<ChildDescription | "not_found"> {
  return ask<SimpleOneForOneRequest<A>, ChildDescription | "not_found">(
    supervisor,
    isPid(child) ? { do: "get_child_spec", pid: child } : { do: "get_child_spec_by_id", id: child },
  );
}

/**
 * Supervisors whose children are all made from one template: OTP's simple_one_for_one. Where each child should bring a spec of its own,
 * there is `DynamicSupervisor`.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/supervisor.html | supervisor}
 */
export const SimpleOneForOne: {
  readonly startLink: typeof startLink;
  readonly startChild: typeof startChild;
  readonly terminateChild: typeof terminateChild;
  readonly restartChild: typeof restartChild;
  readonly deleteChild: typeof deleteChild;
  readonly whichChildren: typeof whichChildren;
  readonly countChildren: typeof countChildren;
  readonly getChildSpec: typeof getChildSpec;
} = { startLink, startChild, terminateChild, restartChild, deleteChild, whichChildren, countChildren, getChildSpec };
