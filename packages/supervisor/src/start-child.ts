// Calling a child's start function, and making one of three outcomes of everything that can come of it.

import { type AnyPid, ExitException, isAlive, isPid, KrarupError, StartError, type Suspension } from "@krarup/core";
import { hasLink, type Process, recordOf, toExitReason } from "@krarup/core/internal";
import type { CheckedChildSpec, Waiting } from "./child-spec.ts";

/** How the start of a child went. */
export type StartOutcome =
  | { readonly type: "started"; readonly pid: AnyPid }
  | { readonly type: "ignored" }
  | { readonly type: "failed"; readonly reason: unknown };

/** Starts a child of the running process `supervisor`, which waits for it. */
export function* startChild(
  supervisor: Process,
  { start }: CheckedChildSpec,
): Generator<Suspension, StartOutcome, void> {
  try {
    const started: unknown = start();
    const pid: unknown = isWaiting(started) ? yield* started : started;
    return { type: "started", pid: requireLinked(supervisor, pid) };
  } catch (thrown) {
    return outcomeOf(thrown);
  }
}

/** Whether a start function has returned something to wait for. */
export function isWaiting(started: unknown): started is Waiting<unknown> {
  return typeof started === "object" && started !== null && Symbol.iterator in started && !Array.isArray(started);
}

/**
 * A child that is not linked would never be missed, so it is refused here. OTP trusts the start function. A child that has ended already
 * has lost its link: its EXIT is in the mailbox.
 */
export function requireLinked(supervisor: Process, pid: unknown): AnyPid {
  if (!isPid(pid))
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      "Cannot supervise as start must return the pid of a new process, or an operation that does",
    );
  if (!hasLink(recordOf(pid).links, supervisor) && isAlive(pid))
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot supervise ${String(pid)} as it is not linked to its supervisor: start it with spawnLink or startLink`,
      pid,
    );
  return pid;
}

function outcomeOf(thrown: unknown): StartOutcome {
  if (thrown instanceof StartError && thrown.isIgnored) return { type: "ignored" };
  return { type: "failed", reason: toExitReason(reasonOf(thrown)) };
}

/** OTP's reasons: that of the process that did not come up, or `["EXIT", what]` when the start function itself failed. */
function reasonOf(thrown: unknown): unknown {
  if (thrown instanceof StartError) return thrown.reason;
  if (thrown instanceof ExitException) return ["EXIT", thrown.reason];
  return thrown instanceof Error ? ["EXIT", thrown] : thrown;
}
