// Starting applications: one, whose dependencies must run, or one with all that it needs.

import { type AnyPid, ExitException, monitor, type Operation, self, StartError, whereis } from "@krarup/core";
import { currentNode, procedure, recordOf } from "@krarup/core/internal";
import { type Application, nameOf } from "./application.ts";
import { type Birth, masterName, rootOfMaster, startMaster } from "./application-master.ts";
import { applicationsOf, type ApplicationTable } from "./application-table.ts";
import type { RestartType } from "./child-spec.ts";
import { stopApplication } from "./stop-application.ts";
import type { Step } from "./supervising-body.ts";

/** How an application is started. */
export interface StartApplicationOptions {
  /**
   * What its end means, if nobody has asked for it. `"temporary"`: a report. `"transient"`: the orderly stop of the node, unless it ended
   * with reason `"normal"`. `"permanent"`: the orderly stop of the node. Default `"temporary"`, as in OTP.
   */
  readonly type?: RestartType;
  /** Handed to the `start` callback; not to that of dependencies. Default none. */
  readonly args?: readonly string[];
}

/**
 * Starts an application, and loads it if it is not yet.
 *
 * @remarks
 * Whoever starts it is not linked to it. To learn of its end, monitor the root.
 *
 * **Waiting.** Until the root is there, which for a supervisor means all its children. If another process is starting or stopping the
 * application just then, until that is done.
 *
 * @param app - or the name of one that is loaded
 * @returns the pid of the root supervisor
 * @throws {@link StartError} with the reason of the root that did not come up, or `["not_started", name]` for the first dependency that does
 * not run, `["already_started", name]`, `["not_loaded", name]`, `["already_loaded", name]` when another one of that name is, and `"stopping"`
 * when the node is. {@link EnvError} when its environment is not what its schema wants
 * @see {@link https://www.erlang.org/doc/apps/kernel/application.html#start/2 | application:start/2}. Differs from OTP: it returns the root.
 */
export function startApplication(app: Application | string, options: StartApplicationOptions = {}): Operation<AnyPid> {
  return procedure(() => startOne(app, options));
}

/**
 * Starts applications and, before each, whatever it depends on and does not run yet.
 *
 * **Ordering.** Dependencies come first, in the order in which they are named.
 * **Waiting.** As for {@link startApplication}, one after the other. If one does not start, those that this call has started are stopped again, the
 * last first.
 *
 * @returns the names of those that were started, in that order
 * @throws {@link StartError} with reason `[name, reason]` for the first that did not start; `["cyclic_dependency", names]` for applications that
 * depend on themselves
 *
 * @example
 * ```ts
 * import { application, ensureAllStarted, whichApplications } from "@krarup/supervisor";
 *
 * const store = application({ name: "store", start: () => ({}) });
 * const shop = application({ name: "shop", applications: [store], start: () => ({}) });
 *
 * await ensureAllStarted(shop); // => ["store", "shop"]
 * await ensureAllStarted(shop); // => []
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/application.html#ensure_all_started/2 | application:ensure_all_started/2}. Differs from
 * OTP, which does not look for cycles.
 */
export function ensureAllStarted(
  apps: Application | string | readonly (Application | string)[],
  options: StartApplicationOptions = {},
): Operation<readonly string[]> {
  const wanted = typeof apps === "string" || "type" in apps ? [apps] : apps;
  return procedure(() => startAll(wanted, options));
}

function* startAll(
  wanted: readonly (Application | string)[],
  options: StartApplicationOptions,
): Step<readonly string[]> {
  const table = applicationsOf(currentNode());
  const started: string[] = [];
  for (const app of inStartOrder(table, wanted)) {
    try {
      yield* startOne(app, wanted.includes(app) ? options : { ...options, args: [] });
      started.push(nameOf(app));
    } catch (failure) {
      if (!(failure instanceof StartError)) throw failure;
      if (table.isRunning(nameOf(app))) continue;
      for (const name of started.toReversed()) yield* stopApplication(name);
      throw new StartError([nameOf(app), failure.reason]);
    }
  }
  return started;
}

/** `wanted` and all that they depend on and does not run, dependencies first. */
function inStartOrder(table: ApplicationTable, wanted: readonly (Application | string)[]): (Application | string)[] {
  const ordered = new Map<string, Application | string>();
  const visit = (app: Application | string, dependents: readonly string[]): void => {
    const name = nameOf(app);
    if (dependents.includes(name)) throw new StartError(["cyclic_dependency", [...dependents, name]]);
    if (ordered.has(name) || table.isRunning(name)) return;
    for (const needed of dependenciesOf(table, app)) visit(needed, [...dependents, name]);
    ordered.set(name, app);
  };
  for (const app of wanted) visit(app, []);
  return [...ordered.values()];
}

function dependenciesOf(table: ApplicationTable, app: Application | string): readonly (Application | string)[] {
  const known = typeof app === "string" ? table.findLoaded(app) : app;
  return known?.applications ?? [];
}

function* startOne(given: Application | string, options: StartApplicationOptions): Step<AnyPid> {
  const table = applicationsOf(currentNode());
  const application = table.require(given);
  const present = yield* rootIfPresent(table, application.name);
  if (present !== undefined) return present;
  if (table.isNodeStopping) throw new StartError("stopping");
  const missing = (application.applications ?? []).map(nameOf).find((name) => !table.isRunning(name));
  if (missing !== undefined) throw new StartError(["not_started", missing]);
  const { type = "temporary", args = [] } = options;
  const birth: Birth = { application, type, args, root: undefined };
  const master = yield* startMaster(birth);
  // A master is ready when its root is there.
  return birth.root ?? master;
}

/** The root that somebody else's start brings up, once it has; undefined when the application does not run. */
function* rootIfPresent(table: ApplicationTable, name: string): Step<AnyPid | undefined> {
  for (let master = whereis(masterName(name)); master !== undefined; master = whereis(masterName(name))) {
    const run = table.find(name);
    if (run?.isStopping === true) yield* endOf(master);
    else if (run?.root !== undefined) throw new StartError(["already_started", name]);
    else return yield* rootBeingStarted(name);
  }
  return undefined;
}

function* endOf(master: AnyPid): Step {
  yield* recordOf(self()).receive(monitor(master));
}

function* rootBeingStarted(name: string): Step<AnyPid> {
  try {
    return yield* rootOfMaster(name);
  } catch (failure) {
    if (!(failure instanceof ExitException) || !Array.isArray(failure.reason)) throw failure;
    throw new StartError(failure.reason[0]);
  }
}
