// The applications of one node: OTP's application controller, as a table instead of a process. Nothing in it ever waits, so it needs no
// mailbox: a start or a stop waits in whoever asks for it, and the kernel tells when a master ends.

import { type AnyPid, type Node, StartError } from "@krarup/core";
import type { Process } from "@krarup/core/internal";
import { type Application, nameOf } from "./application.ts";
import { ApplicationEnv } from "./application-env.ts";
import type { RestartType } from "./child-spec.ts";
import type { NodeStop } from "./stop-node.ts";

/** An application that runs, or is about to. */
export interface ApplicationRun {
  readonly application: Application;
  /** What its end means for its node. */
  readonly type: RestartType;
  /** The process above the root. */
  readonly master: Process;
  /** Undefined until it has come up. */
  root: AnyPid | undefined;
  /** Whether somebody has asked for its end, which then means nothing for the node. */
  isStopping: boolean;
  /** With which the root has ended. A master that is killed cannot say. */
  reason: unknown;
}

/** The applications of one node. */
export class ApplicationTable {
  /** Whether the node is being stopped in order. */
  isNodeStopping = false;
  /** Settled when the node has been stopped in order. */
  readonly stopped: PromiseWithResolvers<NodeStop> = Promise.withResolvers();
  readonly #loaded = new Map<string, Application>();
  readonly #envs = new Map<string, ApplicationEnv>();
  /** In the order in which they came up, or, as long as they have not, began to start. */
  readonly #runs = new Map<string, ApplicationRun>();

  get loaded(): Iterable<Application> {
    return this.#loaded.values();
  }

  /** Started first comes first. */
  get runs(): Iterable<ApplicationRun> {
    return this.#runs.values();
  }

  /** @throws {@link EnvError} when its environment is not what its schema wants */
  load(app: Application): "ok" | "already_loaded" {
    if (this.#loaded.has(app.name)) return "already_loaded";
    this.envOf(app.name).load(app);
    this.#loaded.set(app.name, app);
    return "ok";
  }

  unload(name: string): "ok" | "running" | "not_loaded" {
    if (this.#runs.has(name)) return "running";
    if (!this.#loaded.delete(name)) return "not_loaded";
    this.envOf(name).unload();
    return "ok";
  }

  findLoaded(name: string): Application | undefined {
    return this.#loaded.get(name);
  }

  /** The loaded application that `given` names. One given as itself is loaded if it is not yet. @throws {@link StartError} */
  require(given: Application | string): Application {
    if (typeof given !== "string") this.load(given);
    const app = this.#loaded.get(nameOf(given));
    if (app === undefined) throw new StartError(["not_loaded", given]);
    if (typeof given !== "string" && given !== app) throw new StartError(["already_loaded", app.name]);
    return app;
  }

  /** The environment under `name`, which need not belong to a loaded application. */
  envOf(name: string): ApplicationEnv {
    const env = this.#envs.get(name) ?? new ApplicationEnv(name);
    this.#envs.set(name, env);
    return env;
  }

  find(name: string): ApplicationRun | undefined {
    return this.#runs.get(name);
  }

  isRunning(name: string): boolean {
    return this.#runs.get(name)?.root !== undefined;
  }

  begin(run: ApplicationRun): void {
    this.#runs.set(run.application.name, run);
  }

  /** Notes that the root is there: from now on it runs, and is the last that was started. */
  cameUp(run: ApplicationRun, root: AnyPid): void {
    run.root = root;
    this.end(run);
    this.begin(run);
  }

  end(run: ApplicationRun): void {
    this.#runs.delete(run.application.name);
  }
}

const tables = new WeakMap<Node, ApplicationTable>();

/** The applications of `node`. */
export function applicationsOf(node: Node): ApplicationTable {
  const table = tables.get(node) ?? new ApplicationTable();
  tables.set(node, table);
  return table;
}
