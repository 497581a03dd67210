// Worker threads, each with one job at a time; jobs beyond them wait. Threads start when they are needed and end when they have been idle
// for a while, so a program that never asks for one has none.
//
// A thread cannot be interrupted, only ended. So a job that is given up takes its thread with it, and the next job gets a fresh one. A
// thread that dies by itself (out of memory, `process.exit`) fails its own job and no other.

import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { THREAD_IDLE_MS } from "../port/limits.ts";
import type { Job, JobResult } from "./thread.ts";

/** What came of a job, the end of its thread included. */
export type JobOutcome = JobResult | { readonly type: "lost"; readonly why: string };

/** A job on its way. */
interface Assignment {
  readonly job: Job;
  readonly settle: (outcome: JobOutcome) => void;
}

// Published, this file and the thread's end in js.
const ENTRY: URL = new URL(import.meta.url.endsWith(".ts") ? "./thread.ts" : "./thread.js", import.meta.url);

/** A number of threads and the jobs that wait for one. */
export class ThreadPool {
  readonly threadsMax: number = Math.max(1, availableParallelism() - 1);
  readonly #threads = new Set<Thread>();
  #waiting: Assignment[] = [];

  /** Threads there are. */
  get size(): number {
    return this.#threads.size;
  }

  /**
   * Does `job` when there is a thread for it.
   *
   * @returns a function that gives it up; then `settle` is not called
   */
  run(job: Job, settle: (outcome: JobOutcome) => void): () => void {
    const assignment = { job, settle };
    this.#waiting.push(assignment);
    this.#assign();
    return () => this.#giveUp(assignment);
  }

  /** Ends every thread; jobs that are on their way are lost. */
  end(): void {
    for (const { settle } of this.#waiting.splice(0)) settle({ type: "lost", why: "the threads were ended" });
    for (const thread of this.#threads) thread.end();
  }

  #assign(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const thread = this.#free();
      if (thread === null) return;
      this.#waiting.shift();
      thread.begin(next);
    }
  }

  #free(): Thread | null {
    for (const thread of this.#threads) if (thread.isFree) return thread;
    if (this.#threads.size >= this.threadsMax) return null;
    const thread: Thread = new Thread(
      () => this.#assign(),
      () => this.#lost(thread),
    );
    this.#threads.add(thread);
    return thread;
  }

  #lost(thread: Thread): void {
    this.#threads.delete(thread);
    this.#assign();
  }

  #giveUp(assignment: Assignment): void {
    this.#waiting = this.#waiting.filter((each) => each !== assignment);
    for (const thread of this.#threads) if (thread.isAt(assignment)) thread.drop();
  }
}

/** One worker thread. */
class Thread {
  readonly #worker = new Worker(ENTRY);
  readonly #freed: () => void;
  #assignment: Assignment | null = null;
  #idle: NodeJS.Timeout | null = null;
  #isEnding = false;
  #why = "it has ended";

  /** @param freed - called after each job; `ended`, once, when the thread is gone */
  constructor(freed: () => void, ended: () => void) {
    this.#freed = freed;
    // What keeps the program alive are its processes.
    this.#worker.unref();
    this.#worker.on("message", (result: JobResult) => this.#finish(result));
    this.#worker.on("error", (error) => (this.#why = String(error)));
    this.#worker.on("exit", () => {
      ended();
      this.#take()?.settle({ type: "lost", why: this.#why });
    });
  }

  get isFree(): boolean {
    return this.#assignment === null && !this.#isEnding;
  }

  isAt(assignment: Assignment): boolean {
    return this.#assignment === assignment;
  }

  begin(assignment: Assignment): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    this.#assignment = assignment;
    try {
      this.#worker.postMessage(assignment.job);
    } catch (error) {
      this.#finish({ type: "threw", error });
    }
  }

  /** Ends it at once; a job that it has is lost. */
  end(): void {
    this.#isEnding = true;
    void this.#worker.terminate();
  }

  /** Ends it at once, and its job is nobody's any more. */
  drop(): void {
    this.#assignment = null;
    this.end();
  }

  #finish(result: JobResult): void {
    this.#idle = setTimeout(() => this.end(), THREAD_IDLE_MS).unref();
    this.#take()?.settle(result);
    this.#freed();
  }

  #take(): Assignment | null {
    const assignment = this.#assignment;
    this.#assignment = null;
    return assignment;
  }
}
