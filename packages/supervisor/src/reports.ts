// What a supervisor wants known, as events of type "report" with OTP's labels. Nothing is built while nobody listens.

import { isOrderly, type SupervisorDecision } from "@krarup/core";
import { EVENT_BIT, type Process } from "@krarup/core/internal";
import { describeSpec } from "./child-spec.ts";
import type { Child } from "./child-table.ts";

/** A failure, with OTP's words. */
export type ErrorLabel = "start_error" | "shutdown" | "shutdown_error";

/** Reports that `child` is running. */
export function reportProgress(supervisor: Process, child: Child): void {
  if (!isWanted(supervisor)) return;
  const details = { supervisor: nameOf(supervisor), started: describeChild(child) };
  supervisor.node.report(supervisor, { label: "progress", level: "debug", details });
}

/** Reports that `child` has ended, why, and what comes of it. The log makes one piece of this and of a crash of the child. */
export function reportEnd(supervisor: Process, reason: unknown, child: Child, decision: SupervisorDecision): void {
  if (!isWanted(supervisor)) return;
  const details = { supervisor: nameOf(supervisor), reason, offender: describeChild(child), decision };
  supervisor.node.report(supervisor, { label: "child_terminated", level: "error", details });
}

/** Reports what went wrong with `child`, and why. */
export function reportError(supervisor: Process, label: ErrorLabel, reason: unknown, child: Child): void {
  if (!isWanted(supervisor)) return;
  const details = { supervisor: nameOf(supervisor), reason, offender: describeChild(child) };
  supervisor.node.report(supervisor, { label, level: levelOf(label, reason), details });
}

/** A child that returns when it is told to shut down has done nothing that anybody need hear of; OTP calls that an error, too. */
function levelOf(label: ErrorLabel, reason: unknown): "error" | "debug" {
  return label === "shutdown_error" && isOrderly(reason) ? "debug" : "error";
}

/** Reports a message that no supervisor understands. */
export function reportUnexpected(supervisor: Process, message: unknown): void {
  if (!isWanted(supervisor)) return;
  const details = { supervisor: nameOf(supervisor), message };
  supervisor.node.report(supervisor, { label: "unexpected_message", level: "error", details });
}

function isWanted({ node }: Process): boolean {
  return (node.events.wanted & EVENT_BIT.report) !== 0;
}

function nameOf(supervisor: Process): unknown {
  return supervisor.node.names.nameOf(supervisor) ?? supervisor;
}

function describeChild({ pid, spec }: Child): unknown {
  return { pid, ...describeSpec(spec) };
}
