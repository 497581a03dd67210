// Applications: a tree with a name, a configuration and dependencies, which a program starts as a whole and stops in order.
//
//   application.ts            what an application is
//   application-env.ts        its configuration
//   application-table.ts      which ones a node has loaded, and which run
//   application-master.ts     the process above the root of one that runs
//   start-application.ts      start, with dependencies
//   stop-application.ts       stop one
//   stop-node.ts              stop all, and the node

import { type AnyPid, KrarupError, type Operation } from "@krarup/core";
import type { Waiting } from "./child-spec.ts";
import type { StandardSchemaV1 } from "./standard-schema.ts";
import type { SupervisorSpec } from "./supervisor-spec.ts";

/** What `start` is told beside the arguments. */
export interface ApplicationStart<E extends object = object> {
  /** How it is started. Where there are several nodes there will be more words. */
  readonly type: "normal";
  /** The environment as it is now; `getEnv` reads what changes later. */
  readonly env: Readonly<E>;
}

/** A callback of an application; it may wait. */
export type ApplicationCallback = () => void | Waiting<unknown>;

/** What an application is made of. */
export interface ApplicationDefinition<E extends object = object> {
  /** One application of a name runs on a node at a time. */
  readonly name: string;
  /** For people: one sentence. Default `""`. */
  readonly description?: string;
  /** For people. Default `""`. */
  readonly version?: string;
  /**
   * What must run before it starts, in that order: applications, or names of those that are loaded otherwise. Default none.
   *
   * `startApplication` refuses to start without; `ensureAllStarted` starts what is missing.
   */
  readonly applications?: readonly (Application | string)[];
  /** Defaults of its configuration: any plain data under each key. Default none. */
  readonly env?: object;
  /**
   * Checks the configuration, and may fill it in or convert it: when the application is loaded, and at each `setEnv`. It must answer
   * at once, not by a promise.
   */
  readonly envSchema?: StandardSchemaV1<unknown, E>;
  /**
   * Says what the root supervisor is, or starts it itself, linked. It runs in a process of the new application.
   *
   * @param args - of the program, without the program's own
   */
  start(
    args: readonly string[],
    how: ApplicationStart<E>,
  ): SupervisorSpec | AnyPid | Operation<AnyPid> | Waiting<AnyPid>;
  /** Called before the tree is taken down: the moment to accept no more work. It may wait. */
  readonly prepStop?: ApplicationCallback;
  /** Called when the tree is gone, also when it ended by itself. It may wait. */
  readonly stop?: ApplicationCallback;
  /**
   * Milliseconds that it may take to stop when its whole node stops; then it is killed. Default `"infinity"`, as in OTP.
   * `stopApplication` waits however long it takes.
   */
  readonly shutdownTimeoutMs?: number | "infinity";
}

/**
 * An application, ready to be started; what the entry module of a program exports by default.
 *
 * @typeParam E - its configuration
 */
export interface Application<E extends object = object> extends ApplicationDefinition<E> {
  readonly type: "application";
}

/**
 * Defines an application.
 *
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for a definition that makes no sense
 *
 * @example
 * ```ts
 * import { type Self, spawnLink } from "@krarup/core";
 * import { application, getEnv } from "@krarup/supervisor";
 *
 * function* clock(self: Self, tickMs: number) {
 *   for (;;) yield* self.sleep(tickMs);
 * }
 *
 * const clocks = application({
 *   name: "clocks",
 *   env: { tickMs: 1_000 },
 *   start: (_args, { env }) => ({ children: [{ id: "clock", start: () => spawnLink(clock, env.tickMs) }] }),
 * });
 *
 * getEnv(clocks, "tickMs"); // => undefined
 * export default clocks;
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/application.html | application}. Differs from OTP: what the callbacks share they
 * share as a closure, so there is no state to hand on; a dependency is a value.
 */
export function application<E extends object>(
  definition: ApplicationDefinition<E> & { readonly envSchema: StandardSchemaV1<unknown, E> },
): Application<E>;
export function application<E extends object = {}>(
  definition: ApplicationDefinition<E> & { readonly env?: E },
): Application<E>;
export function application(definition: ApplicationDefinition): Application {
  const { name, start, applications = [], env = {} } = definition;
  if (typeof name !== "string" || name === "") refuse("its name must be a string that is not empty", name);
  if (typeof start !== "function") refuse(`start of ${name} must be a function`, start);
  if (!Array.isArray(applications) || !applications.every(isNameOrApplication))
    refuse(`applications of ${name} must be an array of applications or names`, applications);
  if (typeof env !== "object" || env === null) refuse(`env of ${name} must be an object`, env);
  return Object.freeze({ type: "application", ...definition });
}

function isNameOrApplication(value: unknown): boolean {
  return (typeof value === "string" && value !== "") || isApplication(value);
}

function refuse(complaint: string, value: unknown): never {
  throw new KrarupError("ERR_BAD_ARGUMENT", `Cannot define an application as ${complaint}`, value);
}

/** Whether `value` was made by {@link application}, be it by another copy of this package. */
export function isApplication(value: unknown): value is Application {
  return (
    typeof value === "object" && value !== null && "type" in value && value.type === "application" && "start" in value
  );
}

/** The name of an application, given as itself or by that name. */
export function nameOf(app: Application | string): string {
  return typeof app === "string" ? app : app.name;
}
