import type { AnyPid } from "../../values/pid.ts";

/** What a supervisor does about a child that has ended: the detail `decision` of its report `child_terminated`. */
export type SupervisorDecision =
  | ({ readonly do: "restart"; readonly strategy: string } & CountedRestarts)
  /** This restart would have been one too many. */
  | ({ readonly do: "give_up" } & CountedRestarts)
  /** The child has a back-off; the restart is counted when it comes. */
  | { readonly do: "restart_later"; readonly delayMs: number }
  /** `restart` is the restart type of the child. */
  | { readonly do: "forget"; readonly restart: string };

/** Restarts that count now, this one included, and how many a supervisor tolerates. */
export interface CountedRestarts {
  readonly restarts: number;
  readonly intensity: number;
  readonly periodMs: number;
}

/** A supervisor, and what it has decided about a child that has crashed. */
export interface CrashSupervision {
  /** Its registered name, or its pid. */
  readonly supervisor: unknown;
  readonly decision: SupervisorDecision;
  /** Who has taken the place of the child; undefined where nobody has, or not yet. */
  readonly restartedAs: AnyPid | undefined;
}

/** `decision` in a few words: `restart 1/3 in 5 s`. */
export function decisionText(decision: SupervisorDecision): string {
  switch (decision.do) {
    case "restart":
      return `restart ${countText(decision)}`;
    case "give_up":
      return `gives up at restart ${countText(decision)}`;
    case "restart_later":
      return `restart in ${Math.round(decision.delayMs)} ms`;
    case "forget":
      return `not restarted, as it is ${decision.restart}`;
  }
}

function countText({ restarts, intensity, periodMs }: CountedRestarts): string {
  return `${restarts}/${intensity} in ${periodMs / 1_000} s`;
}

/** What became of a crashed child, on one line. */
export function supervisionText({ supervisor, decision, restartedAs }: CrashSupervision): string {
  const strategy = decision.do === "restart" ? `${decision.strategy}, ` : "";
  const successor = restartedAs === undefined ? "" : ` → ${String(restartedAs)}`;
  return `${String(supervisor)}: ${strategy}${decisionText(decision)}${successor}`;
}
