// An application from its start to its end by itself.

import {
  type AnyPid,
  type Down,
  explainReason,
  isOrderly,
  type KernelEvent,
  monitor,
  type Node,
  type Self,
  spawnOpt,
  StartError,
  type Suspension,
} from "@krarup/core";
import { type Application, startApplication } from "@krarup/supervisor";
import { CommandError } from "../command-error.ts";

/** How an application ended by itself. */
export type ApplicationEnd =
  | { readonly type: "orderly" }
  | { readonly type: "not_started"; readonly reason: unknown }
  | { readonly type: "gave_up" }
  | { readonly type: "crashed"; readonly reason: unknown };

/**
 * Starts `app` on `node` and waits for its end.
 *
 * @remarks
 * The process that starts the application ends with that; another one, a daemon, watches the root. A supervisor that gives up ends with
 * `"shutdown"`, as one does whose work is done: only its report tells the two apart.
 */
export async function runApplication(node: Node, app: Application, args: readonly string[]): Promise<ApplicationEnd> {
  const { promise, resolve } = Promise.withResolvers<ApplicationEnd>();
  const quitters = new WeakSet<AnyPid>();
  const stopListening = node.subscribe(["report"], (event) => noteQuitter(event, quitters));
  const watches = function* (self: Self<Down>, root: AnyPid): Generator<Suspension, void, void> {
    monitor(root);
    const { reason } = yield* self.receive();
    resolve(judgeEnd(reason, quitters.has(root)));
  };
  const starts = function* (): Generator<Suspension, void, void> {
    try {
      const root = yield* startApplication(app, args);
      spawnOpt(watches, [root], { daemon: true, label: "krarup run" });
    } catch (thrown) {
      resolve({ type: "not_started", reason: thrown instanceof StartError ? thrown.reason : thrown });
    }
  };
  spawnOpt(starts, [], { node });
  const end = await promise;
  stopListening();
  return end;
}

function noteQuitter(event: KernelEvent, quitters: WeakSet<AnyPid>): void {
  if (event.type !== "report" || event.pid === null) return;
  const { label, details } = event.report;
  if (label === "shutdown" && details["reason"] === "reached_max_restart_intensity") quitters.add(event.pid);
}

function judgeEnd(reason: unknown, hasGivenUp: boolean): ApplicationEnd {
  if (hasGivenUp) return { type: "gave_up" };
  return isOrderly(reason) ? { type: "orderly" } : { type: "crashed", reason };
}

/** What to say of an end; undefined for one that nobody need worry about. */
export function complaintAbout(end: ApplicationEnd, { name }: Application): CommandError | undefined {
  switch (end.type) {
    case "orderly":
      return undefined;
    case "not_started":
      return new CommandError("ERR_APPLICATION", `Cannot start application ${name}: ${explainReason(end.reason)}`);
    case "gave_up":
      return new CommandError(
        "ERR_APPLICATION",
        `Application ${name} has ended: its root supervisor gave up after too many restarts`,
        {
          hint: "the reports above say which child kept ending, and why",
        },
      );
    case "crashed":
      return new CommandError("ERR_APPLICATION", `Application ${name} has ended: ${explainReason(end.reason)}`);
  }
}
