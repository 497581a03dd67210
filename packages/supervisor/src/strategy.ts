// The decisions of a supervisor, as pure functions: what the end of a child means, who is restarted with it, when the supervisor
// itself has nothing left to do, and which ends are no surprise.

import { isOrderly } from "@krarup/core";
import type { AutoShutdown, RestartType, Shutdown } from "./child-spec.ts";

/** Who is restarted together with a child. */
export type Strategy = "one_for_one" | "one_for_all" | "rest_for_one";

/** What a supervisor does about a child that has ended by itself. */
export interface EndVerdict {
  readonly do: "restart" | "forget";
  /** Whether it is worth a report. */
  readonly isReported: boolean;
}

/**
 * Judges the end of a child.
 *
 *     ended with          permanent   transient   temporary
 *     normal, shutdown    restart     forget      forget
 *     anything else       restart     restart     forget
 */
export function judgeEnd(restart: RestartType, reason: unknown): EndVerdict {
  const orderly = isOrderly(reason);
  const comesBack = restart === "permanent" || (restart === "transient" && !orderly);
  return { do: comesBack ? "restart" : "forget", isReported: restart === "permanent" || !orderly };
}

/** The children, given in start order, that are ended and started again when `failed` is. */
export function restartGroup<C>(strategy: Strategy, children: Iterable<C>, failed: C): C[] {
  switch (strategy) {
    case "one_for_one":
      return [failed];
    case "one_for_all":
      return [...children];
    case "rest_for_one": {
      const all = [...children];
      return all.slice(all.indexOf(failed));
    }
  }
}

/** What the automatic shutdown needs to know of a child. */
export interface Significance {
  readonly significant: boolean;
  /** Running, or being restarted. */
  readonly isActive: boolean;
}

/** Whether a supervisor ends by itself now that `ended` is not started again and `others` are what it has left. */
export function endsByItself(
  autoShutdown: AutoShutdown,
  ended: { readonly significant: boolean },
  others: () => Iterable<Significance>,
): boolean {
  if (!ended.significant) return false;
  switch (autoShutdown) {
    case "never":
      return false;
    case "any_significant":
      return true;
    case "all_significant":
      for (const { significant, isActive } of others()) if (significant && isActive) return false;
      return true;
  }
}

/** Whether a child that was told to end may end with `reason`; otherwise it is reported. */
export function isExpectedEnd(shutdown: Shutdown, restart: RestartType, reason: unknown): boolean {
  if (reason === (shutdown === "brutal_kill" ? "killed" : "shutdown")) return true;
  return restart !== "permanent" && isOrderly(reason);
}
