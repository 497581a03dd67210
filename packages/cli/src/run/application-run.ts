// An application, with what it depends on, from its start to the end of its node.

import {
  type AnyPid,
  explainReason,
  isOrderly,
  type KernelEvent,
  type Node,
  spawnOpt,
  StartError,
  type Suspension,
} from "@krarup/core";
import { type Application, ensureAllStarted, type NodeStop, nodeStopped } from "@krarup/supervisor";
import { CommandError } from "../command-error.ts";

/** How a run ended. */
export type RunEnd =
  | { readonly type: "orderly" }
  | { readonly type: "not_started"; readonly application: string; readonly reason: unknown }
  | { readonly type: "gave_up"; readonly application: string }
  | { readonly type: "crashed"; readonly application: string; readonly reason: unknown }
  | { readonly type: "failed_stop"; readonly application: string; readonly reason: unknown };

/**
 * Starts `app` on `node`, and before it what it depends on, and waits for the end of the node.
 *
 * @remarks
 * All are permanent: where one ends by itself the node stops in order. A supervisor that gives up ends with `"shutdown"`, as one does whose
 * work is done: only its report tells the two apart.
 */
export async function runApplication(node: Node, app: Application, args: readonly string[]): Promise<RunEnd> {
  const { promise: refused, resolve: refuse } = Promise.withResolvers<RunEnd>();
  const quitters = new WeakSet<AnyPid>();
  const stopListening = node.subscribe(["report"], (event) => noteQuitter(event, quitters));
  const starts = function* (): Generator<Suspension, void, void> {
    try {
      yield* ensureAllStarted(app, { type: "permanent", args });
    } catch (thrown) {
      refuse(notStarted(app, thrown));
    }
  };
  spawnOpt(starts, [], { node, label: "krarup run" });
  const end = await Promise.race([refused, endOf(node, quitters)]);
  stopListening();
  return end;
}

/** The end of a node that stops in order. @param quitters - supervisors that have given up */
export async function endOf(node: Node, quitters: WeakSet<AnyPid> = new WeakSet()): Promise<RunEnd> {
  return judgeStop(await nodeStopped(node), quitters);
}

/** What does not start is told as the name of an application and a reason. */
function notStarted({ name }: Application, thrown: unknown): RunEnd {
  const reason = thrown instanceof StartError ? thrown.reason : thrown;
  if (!Array.isArray(reason) || typeof reason[0] !== "string")
    return { type: "not_started", application: name, reason: thrown };
  return { type: "not_started", application: reason[0], reason: reason[1] };
}

function noteQuitter(event: KernelEvent, quitters: WeakSet<AnyPid>): void {
  if (event.type !== "report" || event.pid === null) return;
  const { label, details } = event.report;
  if (label === "shutdown" && details["reason"] === "reached_max_restart_intensity") quitters.add(event.pid);
}

function judgeStop({ cause, failures: [failure] }: NodeStop, quitters: WeakSet<AnyPid>): RunEnd {
  if (cause.type === "application_terminated") {
    const { application, root, reason } = cause;
    if (quitters.has(root)) return { type: "gave_up", application };
    if (!isOrderly(reason)) return { type: "crashed", application, reason };
  }
  return failure === undefined ? { type: "orderly" } : { type: "failed_stop", ...failure };
}

/** What to say of an end; undefined for one that nobody need worry about. */
export function complaintAbout(end: RunEnd): CommandError | undefined {
  switch (end.type) {
    case "orderly":
      return undefined;
    case "not_started":
      return complaint(`Cannot start application ${end.application}: ${explainReason(end.reason)}`);
    case "gave_up":
      return complaint(
        `Application ${end.application} has ended: its root supervisor gave up after too many restarts`,
        "the reports above say which child kept ending, and why",
      );
    case "crashed":
      return complaint(`Application ${end.application} has ended: ${explainReason(end.reason)}`);
    case "failed_stop":
      return complaint(`Application ${end.application} failed while it stopped: ${explainReason(end.reason)}`);
  }
}

function complaint(message: string, hint?: string): CommandError {
  return new CommandError("ERR_APPLICATION", message, hint === undefined ? {} : { hint });
}
