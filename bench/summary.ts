// Several measurements of one workload on one system, as one line of the report.

import type { Figures } from "./measure.ts";
import type { Workload } from "./plan.ts";

/** The middle of several measurements, and how far they spread. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Nanoseconds per operation, with the largest delay of a 10 ms timer in any of the runs; null where it was not watched. */
export interface Measured extends Summary {
  readonly lagMs: number | null;
}

/** One workload: what each system measured, run by run. */
export interface Result {
  readonly workload: Workload;
  readonly runs: Readonly<Record<string, readonly Figures[]>>;
}

/** What was asked of a workload, and whether it was met; null when that cannot be said. */
export interface Judgement {
  readonly target: string;
  readonly isMet: boolean | null;
}

/** Summarises figure `name` of `runs`; null when there is none. */
export function summarise(runs: readonly Figures[] | undefined, name = "ns"): Summary | null {
  const values = (runs ?? []).flatMap((figures) => figures[name] ?? []).toSorted((a, b) => a - b);
  const [min] = values;
  const max = values.at(-1);
  const median = medianOf(values);
  return min === undefined || max === undefined || median === null ? null : { median, min, max };
}

function medianOf(sorted: readonly number[]): number | null {
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** What `system` needs for one operation; null when it was not measured. */
export function measuredOf({ runs }: Result, system: string): Measured | null {
  const time = summarise(runs[system]);
  return time && { ...time, lagMs: summarise(runs[system], "timerLagMs")?.max ?? null };
}

/** How many times as long as we the system `other` takes, by medians. */
export function ratioOf({ runs }: Result, other: string): number | null {
  const ours = summarise(runs["krarup"]);
  const theirs = summarise(runs[other]);
  return ours === null || theirs === null ? null : theirs.median / ours.median;
}

/** Compares a result with the targets of its workload. */
export function judge(result: Result): Judgement[] {
  const { ratioMin, limits = {}, aheadOf = [] } = result.workload;
  return [
    ...(ratioMin === undefined ? [] : [judgeRatio(result, ratioMin)]),
    ...Object.entries(limits).map(([name, limit]) => judgeLimit(result, name, limit)),
    ...judgeAhead(result, aheadOf),
  ];
}

function judgeRatio(result: Result, ratioMin: number): Judgement {
  const ratio = ratioOf(result, "erlang");
  return { target: `ratio >= ${ratioMin}`, isMet: ratio === null ? null : ratio >= ratioMin };
}

function judgeLimit({ runs }: Result, name: string, limit: number): Judgement {
  const summary = summarise(runs["krarup"], name);
  const shown = summary === null ? "not measured" : String(Math.round(summary.median * 100) / 100);
  return { target: `${name} ${shown} <= ${limit}`, isMet: summary === null ? null : summary.median <= limit };
}

/** Of those that were measured: all that we are ahead of as one judgement, and those that we are not. */
function judgeAhead(result: Result, names: readonly string[]): Judgement[] {
  const measured = names.filter((name) => ratioOf(result, name) !== null);
  const isBehind = (name: string): boolean => (ratioOf(result, name) ?? 0) > 1;
  const behind = measured.filter(isBehind);
  const ahead = measured.filter((name) => !isBehind(name));
  return [
    ...(behind.length > 0 ? [{ target: `ahead of ${behind.join(", ")}`, isMet: true }] : []),
    ...(ahead.length > 0 ? [{ target: `ahead of ${ahead.join(", ")}`, isMet: false }] : []),
  ];
}
