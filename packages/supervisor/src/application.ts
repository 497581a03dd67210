// Applications: a tree with a name, which a program starts as a whole and stops in order.
//
//   application master, registered as "application_master NAME"
//      └── root supervisor
//             └── …
//
// The master is the root's parent, so that nobody who merely started the application has to stay alive for it.

import {
  type AnyPid,
  type Exit,
  ExitException,
  type GenServer,
  genServer,
  isAlive,
  KrarupError,
  type Operation,
  self,
  StartError,
  stop,
  type Suspension,
  whereis,
} from "@krarup/core";
import { KernelOperation, requireProcess } from "@krarup/core/internal";
import type { Waiting } from "./child-spec.ts";
import { isExitOf, shutDown } from "./shut-down.ts";
import { Supervisor } from "./supervisor.ts";
import type { SupervisorSpec } from "./supervisor-spec.ts";
import type { Step } from "./supervising-body.ts";

/** What an application is made of. */
export interface ApplicationDefinition {
  /** One application of a name runs on a node at a time. */
  readonly name: string;
  /**
   * Says what the root supervisor is, or starts it itself. It runs in a process of the new application.
   *
   * @param args - of the program, without the program's own
   */
  readonly start: (args: readonly string[]) => SupervisorSpec | Operation<AnyPid> | Waiting<AnyPid>;
  /** Called before the tree is taken down: the moment to accept no more work. It may wait. */
  readonly prepStop?: () => void | Waiting<unknown>;
  /** Called when the tree is gone, also when it ended by itself. It may wait. */
  readonly stop?: () => void | Waiting<unknown>;
}

/** An application, ready to be started; what the entry module of a program exports by default. */
export interface Application extends ApplicationDefinition {
  readonly type: "application";
}

/**
 * Defines an application.
 *
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for a definition without name or start function
 *
 * @example
 * ```ts
 * import { type Self, spawnLink } from "@krarup/core";
 * import { application } from "@krarup/supervisor";
 *
 * function* clock(self: Self) {
 *   for (;;) yield* self.sleep(1_000);
 * }
 *
 * export default application({
 *   name: "clocks",
 *   start: () => ({ children: [{ id: "clock", start: () => spawnLink(clock) }] }),
 * });
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/application.html | application}. Differs from OTP: what the callbacks share they
 * share as a closure, so there is no state to hand on.
 */
export function application(definition: ApplicationDefinition): Application {
  const { name, start } = definition;
  if (typeof name !== "string" || name === "")
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      "Cannot define an application as its name must be a string that is not empty",
      name,
    );
  if (typeof start !== "function")
    throw new KrarupError("ERR_BAD_ARGUMENT", `Cannot define application ${name} as start must be a function`, start);
  return Object.freeze({ type: "application", ...definition });
}

/** Whether `value` was made by {@link application}, be it by another copy of this package. */
export function isApplication(value: unknown): value is Application {
  return (
    typeof value === "object" && value !== null && "type" in value && value.type === "application" && "start" in value
  );
}

/**
 * Starts an application.
 *
 * @remarks
 * Whoever starts it is not linked to it. To learn of its end, monitor the root.
 *
 * **Waiting.** Until the root is there, which for a supervisor means all its children.
 *
 * @returns the pid of the root supervisor
 * @throws {@link StartError} with the reason of the root that did not come up, or `["already_started", name]`
 * @see {@link https://www.erlang.org/doc/apps/kernel/application.html#start/2 | application:start/2}
 */
export function startApplication(app: Application, args: readonly string[] = []): Operation<AnyPid> {
  return new StartApplication(app, args);
}

/**
 * Stops an application in order: `prepStop`, the tree from the last started to the first, `stop`.
 *
 * **Waiting.** Until all of it is gone.
 * **Exits.** With the error, if `prepStop` or `stop` threw one; the tree is gone all the same.
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/application.html#stop/1 | application:stop/1}
 */
export function stopApplication({ name }: Pick<Application, "name">): Operation<"ok" | "not_started"> {
  return new StopApplication(masterName(name));
}

function masterName(name: string): string {
  return `application_master ${name}`;
}

class StartApplication extends KernelOperation<AnyPid> {
  readonly #app: Application;
  readonly #args: readonly string[];
  #starting: Starting | null = null;

  constructor(app: Application, args: readonly string[]) {
    super();
    this.#app = app;
    this.#args = args;
  }

  override next(): IteratorResult<Suspension, AnyPid> {
    this.#starting ??= startMaster(this.#app, this.#args);
    const step = this.#starting.operation.next();
    if (step.done !== true) return step;
    const { root } = this.#starting;
    this.#starting = null;
    // The master says that it is ready when it has its root.
    return { done: true, value: root ?? step.value };
  }
}

/** A start on its way. */
interface Starting {
  readonly operation: Iterator<Suspension, AnyPid, void>;
  root: AnyPid | null;
}

function startMaster(app: Application, args: readonly string[]): Starting {
  if (whereis(masterName(app.name)) !== undefined) throw new StartError(["already_started", app.name]);
  const master = masterOf(app, args, (root) => (starting.root = root));
  const starting: Starting = { operation: master.start()[Symbol.iterator](), root: null };
  return starting;
}

/** The kind of server that one application's master is. */
function masterOf(app: Application, args: readonly string[], tellRoot: (root: AnyPid) => void): GenServer<[], {}, {}> {
  return genServer({
    name: masterName(app.name),
    register: true,
    *init() {
      self<Exit>().trapExit();
      const root = yield* startRoot(app, args);
      tellRoot(root);
      return { root };
    },
    info(master, message) {
      if (isExitOf(message, master.state.root)) master.stop(message.reason);
    },
    terminate: (master) => takeDown(app, master.state.root),
  });
}

function* startRoot(app: Application, args: readonly string[]): Step<AnyPid> {
  const root = app.start(args);
  return Symbol.iterator in root ? yield* root : yield* Supervisor.startLink(root);
}

/** Whatever fails on the way, the tree goes down and `stop` is called. */
function* takeDown({ prepStop, stop: afterwards }: Application, root: AnyPid): Step {
  try {
    if (isAlive(root)) yield* waitFor(prepStop);
  } finally {
    try {
      yield* shutDown(requireProcess("stop an application"), root, "infinity");
    } finally {
      yield* waitFor(afterwards);
    }
  }
}

function* waitFor(callback: ApplicationDefinition["stop"]): Step {
  const waiting = callback?.();
  if (waiting !== undefined) yield* waiting;
}

class StopApplication extends KernelOperation<"ok" | "not_started"> {
  readonly #stop: Iterator<Suspension, "ok", void>;

  constructor(master: string) {
    super();
    this.#stop = stop(master)[Symbol.iterator]();
  }

  override next(): IteratorResult<Suspension, "ok" | "not_started"> {
    try {
      return this.#stop.next();
    } catch (failure) {
      const isMissing =
        failure instanceof ExitException && Array.isArray(failure.reason) && failure.reason[0] === "noproc";
      if (isMissing) return { done: true, value: "not_started" };
      throw failure;
    }
  }
}
