// The last words: what was measured, what the formula says, and how to look inside next time.

import { erlangB } from "./erlang-b.ts";
import { agrees, clock, measured, percent } from "./wording.ts";
import type { Measurement } from "./tally.ts";
import type { Plan } from "./tree.ts";

/** The summary of a run that lasted `elapsedMs`, in lines. */
export function summarize(plan: Plan, elapsedMs: number, measurement: Measurement): string[] {
  const { calls, blocked, crashed, erlangsOffered } = measurement;
  return [
    `${plan.load} erlangs offered to ${plan.trunks} trunks for ${clock(elapsedMs)}: ${calls} calls, ${blocked} blocked, ${crashed} crashed`,
    `blocking measured   ${measured(measurement)}   99 % confidence interval`,
    `blocking, Erlang B  ${percent(erlangB(erlangsOffered, plan.trunks))}   of ${erlangsOffered.toFixed(1)} erlangs offered: ${verdict(agrees(measurement, plan.trunks))}`,
    "",
    "To look inside a running exchange, start it again and, in another terminal:",
    "  npx krarup tree",
  ];
}

function verdict(isInside: boolean | undefined): string {
  if (isInside === undefined) return "too early to say";
  return isInside ? "inside the interval" : "outside it, as short runs are now and then";
}
