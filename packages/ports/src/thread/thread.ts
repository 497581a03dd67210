// What runs in a thread: one job after the other. It imports nothing of ours, so it starts quickly and knows no processes.

import { parentPort } from "node:worker_threads";

/** What a thread is to do. */
export interface Job {
  /** URL of the module. */
  readonly module: string;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** What came of it. */
export type JobResult =
  | { readonly type: "returned"; readonly value: unknown }
  | { readonly type: "threw"; readonly error: unknown };

parentPort?.on("message", (job: Job) => void work(job));

async function work(job: Job): Promise<void> {
  answer(await resultOf(job));
}

async function resultOf({ module, name, args }: Job): Promise<JobResult> {
  try {
    const exports: Readonly<Record<string, unknown>> = await import(module);
    const act = exports[name];
    if (typeof act !== "function") throw new TypeError(`Cannot call ${name} as ${module} exports no such function`);
    return { type: "returned", value: await act(...args) };
  } catch (error) {
    return { type: "threw", error };
  }
}

/** What cannot be copied to another thread is an error of the job. */
function answer(result: JobResult): void {
  try {
    parentPort?.postMessage(result);
  } catch (error) {
    parentPort?.postMessage({ type: "threw", error: new TypeError(String(error)) } satisfies JobResult);
  }
}
