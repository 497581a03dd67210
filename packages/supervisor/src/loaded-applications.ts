// What a node knows of applications: which are loaded, which run, and how they are configured. Nothing here waits.

import type { AnyPid } from "@krarup/core";
import { currentNode } from "@krarup/core/internal";
import { type Application, nameOf } from "./application.ts";
import { applicationsOf } from "./application-table.ts";
import type { RestartType } from "./child-spec.ts";

/**
 * Makes an application known to this node: its name, and its environment. Whatever starts it does so first.
 *
 * @throws {@link EnvError} when its environment is not what its schema wants
 * @see {@link https://www.erlang.org/doc/apps/kernel/application.html#load/1 | application:load/1}
 */
export function loadApplication(app: Application): "ok" | "already_loaded" {
  return applicationsOf(currentNode()).load(app);
}

/**
 * Forgets an application that does not run, and its environment.
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/application.html#unload/1 | application:unload/1}
 */
export function unloadApplication(app: Application | string): "ok" | "running" | "not_loaded" {
  return applicationsOf(currentNode()).unload(nameOf(app));
}

/** A loaded application in a listing. */
export interface LoadedApplication {
  readonly name: string;
  readonly description: string;
  readonly version: string;
}

/** A running application in a listing. */
export interface RunningApplication extends LoadedApplication {
  /** What its end means for the node. */
  readonly type: RestartType;
  readonly root: AnyPid;
}

/**
 * Lists the applications that are loaded, running or not, in the order of loading.
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/application.html#loaded_applications/0 | application:loaded_applications/0}
 */
export function loadedApplications(): LoadedApplication[] {
  return [...applicationsOf(currentNode()).loaded].map(describe);
}

/**
 * Lists the applications that run, the one that was started last first, as in OTP. One that is still starting or stopping is not among them.
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/application.html#which_applications/0 | application:which_applications/0}
 */
export function whichApplications(): RunningApplication[] {
  const running: RunningApplication[] = [];
  for (const { application, type, root, isStopping } of applicationsOf(currentNode()).runs)
    if (root !== undefined && !isStopping) running.push({ ...describe(application), type, root });
  return running.reverse();
}

function describe({ name, description = "", version = "" }: Application): LoadedApplication {
  return { name, description, version };
}
