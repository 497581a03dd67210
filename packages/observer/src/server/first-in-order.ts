import type { Process } from "@krarup/core/internal";
import type { SortKey } from "../protocol.ts";

type Compare = (a: Process, b: Process) => number;

/** What each key compares. Equals stay in the order of their slots. */
const COMPARE: Readonly<Record<SortKey, Compare>> = {
  pid: (a, b) => a.index - b.index,
  name: (a, b) => compareText(a.node.names.nameOf(a), b.node.names.nameOf(b)),
  mailbox: (a, b) => a.queueLength - b.queueLength,
  received: (a, b) => a.received - b.received,
  reductions: (a, b) => a.reductions - b.reductions,
  age: (a, b) => b.bornAt - a.bornAt,
};

/** Every key there is. */
// Object.keys widens to string; the record's keys are exactly the sort keys.
export const SORT_KEYS: readonly SortKey[] = Object.keys(COMPARE) as SortKey[];

/**
 * The first `limit` of `processes` in the order of `key`.
 *
 * **Cost.** O(processes) for small limits: candidates are gathered to twice the limit, then the worse half is dropped, and what is worse
 * than the worst kept one is not even gathered.
 */
export function firstInOrder(
  processes: Iterable<Process>,
  key: SortKey,
  descending: boolean,
  limit: number,
): Process[] {
  const compare: Compare = descending
    ? (a, b) => COMPARE[key](b, a) || a.index - b.index
    : (a, b) => COMPARE[key](a, b) || a.index - b.index;
  let kept: Process[] = [];
  let worst: Process | undefined;
  for (const process of processes) {
    if (worst !== undefined && compare(process, worst) > 0) continue;
    kept.push(process);
    if (kept.length < limit * 2) continue;
    kept = kept.toSorted(compare).slice(0, limit);
    worst = kept.at(-1);
  }
  return kept.toSorted(compare).slice(0, limit);
}

/** Without a name comes last. */
function compareText(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a < b ? -1 : 1;
}
