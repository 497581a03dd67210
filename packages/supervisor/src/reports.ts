// What a supervisor wants known, as events of type "report" with OTP's labels. Nothing is built while nobody listens.

import { EVENT_BIT, type Process } from "@krarup/core/internal";
import { describeSpec } from "./child-spec.ts";
import type { Child } from "./child-table.ts";

/** An end or a failure, with OTP's words. */
export type ErrorLabel = "child_terminated" | "start_error" | "shutdown" | "shutdown_error";

/** Reports that `child` is running. */
export function reportProgress(supervisor: Process, child: Child): void {
  if (!isWanted(supervisor)) return;
  const details = { supervisor: nameOf(supervisor), started: describeChild(child) };
  supervisor.node.report(supervisor, { label: "progress", level: "info", details });
}

/** Reports what went wrong with `child`, and why. */
export function reportError(supervisor: Process, label: ErrorLabel, reason: unknown, child: Child): void {
  if (!isWanted(supervisor)) return;
  const details = { supervisor: nameOf(supervisor), reason, offender: describeChild(child) };
  supervisor.node.report(supervisor, { label, level: "error", details });
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
