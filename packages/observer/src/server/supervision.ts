// What the observer needs to know of supervisors.

import { isPid } from "@krarup/core";
import { type Process, recordOf } from "@krarup/core/internal";
import { supervisionOf } from "@krarup/supervisor/internal";
import type { SupervisorDetails } from "../protocol.ts";
import { nameText } from "./preview.ts";
import type { RestartCounter } from "./restart-counter.ts";

/** A child as its supervisor knows it. */
export interface SupervisedChild {
  /** Null for a child without one, of a dynamic supervisor. */
  readonly id: string | null;
  /** Null while it is not running. */
  readonly process: Process | null;
  /** Why not, if so. */
  readonly absent: "restarting" | "undefined";
  readonly restarts: number;
}

/** What `process` is as a supervisor; null when it is none. */
export function supervisorDetails(process: Process, restarts: RestartCounter): SupervisorDetails | null {
  const supervision = supervisionOf(process);
  if (supervision === undefined) return null;
  const { strategy, intensity, periodMs } = supervision;
  return { strategy, intensity, periodMs, restarts: restarts.ofSupervisor(process) };
}

/** The children of `supervisor` in start order; none for a process that is no supervisor. */
export function supervisedChildren(supervisor: Process, restarts: RestartCounter): SupervisedChild[] {
  const children = supervisionOf(supervisor)?.children ?? [];
  return children.map(({ id, pid }) => ({
    id: id === undefined ? null : nameText(String(id)),
    process: isPid(pid) ? recordOf(pid) : null,
    absent: pid === "restarting" ? "restarting" : "undefined",
    restarts: restarts.ofChild(supervisor, id),
  }));
}
