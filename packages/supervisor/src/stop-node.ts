// The orderly stop of a node: its applications from the last started to the first, then what they printed, then the node itself.

import { type AnyPid, exit, ExitException, getDefaultNode, KrarupError, type Node, self, stop } from "@krarup/core";
import { currentNode, type Process, startProcess } from "@krarup/core/internal";
import { type ApplicationRun, applicationsOf, type ApplicationTable } from "./application-table.ts";
import type { Step } from "./supervising-body.ts";

/** Why a node stopped. */
export type NodeStopCause =
  | { readonly type: "asked" }
  /** An application has ended by itself, whose end means that of its node: see the type with which it was started. */
  | {
      readonly type: "application_terminated";
      readonly application: string;
      readonly root: AnyPid;
      readonly reason: unknown;
    };

/** An application that did not stop in order. It is gone all the same. */
export interface StopFailure {
  readonly application: string;
  /** What its `prepStop` or `stop` threw, or `"killed"` for one whose time was up. */
  readonly reason: unknown;
}

/** How a node stopped. */
export interface NodeStop {
  readonly cause: NodeStopCause;
  /** In the order of stopping. */
  readonly failures: readonly StopFailure[];
}

/**
 * Stops this node in order, and returns at once: {@link nodeStopped} tells when it is done.
 *
 * @remarks
 * Applications are stopped one after the other, the last started first, each within its `shutdownTimeoutMs`. What processes have printed is
 * handed to the platform. Then the node halts: processes that belong to no application end without being told. A second call changes nothing.
 * From now on no application starts.
 *
 * @returns `"ok"`
 * @see {@link https://www.erlang.org/doc/apps/erts/init.html#stop/0 | init:stop/0}
 */
export function stopNode(): "ok" {
  beginNodeStop(currentNode(), { type: "asked" });
  return "ok";
}

/** Resolves when `node`, by default the default node, has been stopped in order, by whatever cause. Never rejects. */
export function nodeStopped(node: Node = getDefaultNode()): Promise<NodeStop> {
  return applicationsOf(node).stopped.promise;
}

/** Starts the process that stops `node`, unless there is one. Does nothing on a node that has been halted, and never throws. */
export function beginNodeStop(node: Node, cause: NodeStopCause): void {
  const table = applicationsOf(node);
  if (table.isNodeStopping) return;
  table.isNodeStopping = true;
  try {
    const stopper = startProcess(node, stopsNode, [table, cause], { label: "stops the node" });
    // Nobody's child: it outlives whoever asked.
    stopper.parent = null;
  } catch (error) {
    if (!(error instanceof KrarupError && error.code === "ERR_NODE_STOPPED")) throw error;
  }
}

function* stopsNode(me: Process, table: ApplicationTable, cause: NodeStopCause): Step {
  const failures: StopFailure[] = [];
  for (let run = lastOf(table); run !== undefined; run = lastOf(table)) {
    const failure = yield* stopWithin(run);
    if (failure !== undefined) failures.push({ application: run.application.name, reason: failure.reason });
  }
  yield* written(me);
  table.stopped.resolve({ cause, failures });
  me.node.halt();
}

function lastOf({ runs }: ApplicationTable): ApplicationRun | undefined {
  return [...runs].at(-1);
}

/** Stops one application, and kills it when its time is up. @returns what went wrong */
function* stopWithin(run: ApplicationRun): Step<{ readonly reason: unknown } | undefined> {
  const { application, master } = run;
  run.isStopping = true;
  try {
    yield* stop(master, "normal", application.shutdownTimeoutMs ?? "infinity");
    return undefined;
  } catch (failure) {
    if (!(failure instanceof ExitException)) throw failure;
    const why: unknown = Array.isArray(failure.reason) ? failure.reason[0] : failure.reason;
    if (why === "noproc") return undefined;
    if (why !== "timeout") return { reason: why };
    exit(master, "kill");
    return { reason: "killed" };
  }
}

/** Waits until the node's user process has handed on what was printed. */
function* written({ node }: Process): Step {
  while ((node.user?.queueLength ?? 0) > 0) yield* self().yield();
}
