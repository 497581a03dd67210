// The lines of the demonstration.

import type { Books } from "./bank.ts";
import type { PoolStatus } from "./pool.ts";
import type { Interval, Verdict } from "./tally.ts";

/** One second: the pool, what was done, and every error so far. */
export function statusLine(second: number, pool: PoolStatus, { done, slowestMs, errors }: Interval): string {
  const { idle, lent, waiting } = pool;
  const errorText = Object.entries(errors).map(([code, count]) => `${count} ${code}`);
  return [
    `${String(second).padStart(4)} s`,
    `${String(lent).padStart(2)} lent, ${String(idle).padStart(2)} idle, ${String(waiting).padStart(2)} waiting`,
    `${String(done).padStart(5)} transfers, slowest ${slowestMs.toFixed(0).padStart(4)} ms`,
    errorText.length === 0 ? "no errors" : errorText.join(", "),
  ].join("   ");
}

/** The end: what the customers were told, against the books. */
export function bookLines({ surplus, done: inBooks }: Books, verdict: Verdict): string[] {
  const { done, lost, ghosts, uncertain, uncertainDone } = verdict;
  const others = inBooks.size - done + lost - ghosts - uncertainDone;
  return [
    "",
    `${done} transfers were done; ${lost} of them are not in the books.`,
    `${ghosts} that were said to have failed are in the books.`,
    `Of ${uncertain} nobody knew; ${uncertainDone} of these are there, and ${others} of customers that were killed at the commit.`,
    `All money is ${surplus === 0 ? "there" : `there but ${-surplus}`}.`,
  ];
}
