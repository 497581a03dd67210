// The room of threads.

import { type JobOutcome, ThreadPool } from "../thread/thread-pool.ts";
import type { Job } from "../thread/thread.ts";

/** What came of a job, the end of its time included. */
export type Performed = JobOutcome | { readonly type: "timeout" };

/** The threads of one node. */
export interface Threads {
  /**
   * Does `job` when there is a thread for it, and calls `settle` once, later.
   *
   * @returns a function that gives it up; then `settle` is not called
   */
  run(job: Job, timeoutMs: number | "infinity", settle: (outcome: Performed) => void): () => void;
  /** Ends every thread; jobs that are on their way are lost. */
  end(): void;
}

/** Worker threads of Node. */
export function nodeThreads(): Threads {
  const pool = new ThreadPool();
  return {
    run(job, timeoutMs, settle) {
      const drop = pool.run(job, (outcome) => {
        clearTimeout(timer);
        settle(outcome);
      });
      const expire = (): void => {
        drop();
        settle({ type: "timeout" });
      };
      const timer = timeoutMs === "infinity" ? undefined : setTimeout(expire, timeoutMs);
      return () => {
        clearTimeout(timer);
        drop();
      };
    },
    end: () => pool.end(),
  };
}
