// What the end of an application means for its node.

import { isOrderly, type Node } from "@krarup/core";
import { applicationsOf, type ApplicationRun } from "./application-table.ts";
import type { RestartType } from "./child-spec.ts";
import { beginNodeStop } from "./stop-node.ts";

/**
 * Judges the end of an application that nobody has asked for.
 *
 *     ended with       permanent   transient   temporary
 *     normal           stop_node   go_on       go_on
 *     anything else    stop_node   stop_node   go_on
 *
 * A supervisor that has nothing left to do ends with `"shutdown"`, which is not `"normal"`: so a transient application is hardly ever
 * what one wants, in OTP and here.
 */
export function judgeApplicationEnd(type: RestartType, reason: unknown): "stop_node" | "go_on" {
  switch (type) {
    case "permanent":
      return "stop_node";
    case "transient":
      return reason === "normal" ? "go_on" : "stop_node";
    case "temporary":
      return "go_on";
  }
}

/** The master of `run` has ended. The kernel calls this, so it must not throw. */
export function applicationEnded(node: Node, run: ApplicationRun): void {
  const { application, type, root, reason } = run;
  applicationsOf(node).end(run);
  // What never came up is known to whoever wanted it.
  if (root === undefined) return;
  node.report(run.master, {
    label: "application_exited",
    level: run.isStopping || isOrderly(reason) ? "debug" : "error",
    details: { application: application.name, exited: reason, type },
  });
  if (run.isStopping || judgeApplicationEnd(type, reason) === "go_on") return;
  beginNodeStop(node, { type: "application_terminated", application: application.name, root, reason });
}
