import type { Process } from "@krarup/core/internal";
import type { SupervisorDetails } from "../protocol.ts";

/** A child as its supervisor knows it. */
export interface SupervisedChild {
  readonly id: string;
  /** Null while it is not running. */
  readonly process: Process | null;
  /** Why not, if so. */
  readonly absent: "restarting" | "undefined";
}

/** What a supervisor says of itself. */
export interface Supervision {
  readonly details: Omit<SupervisorDetails, "restarts">;
  /** In the order of their start. */
  readonly children: readonly SupervisedChild[];
}

/** What `process` supervises; undefined when it is no supervisor. */
export function supervisionOf(_process: Process): Supervision | undefined {
  return undefined;
}
