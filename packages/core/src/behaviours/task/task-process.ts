// The process that runs a task: it calls a function, reports what the function returns, and ends with `"normal"`; or
// it ends as the function fails.
//
//   owner                                task
//   ─────                                ────
//   makes the ref, spawns, monitors ───► calls the function
//                                        reply { type: "reply", ref, value } through the ref, which removes the
// monitor on its way   ◄─────────────────────────────────── or DOWN through the same ref
//
// The ref is monitor, alias and tag in one, as that of a call: whoever gives up on it takes it back, and nothing comes
// any more.

import { attachMonitor, Monitor } from "../../mechanisms/monitors.ts";
import { isolate } from "../../mechanisms/isolate.ts";
import type { Alias } from "../../kernel/alias.ts";
import { isGenerator } from "../../kernel/async-body.ts";
import { currentNode } from "../../kernel/current.ts";
import { KernelOperation } from "../../kernel/operation.ts";
import { markFreshRef, type Process } from "../../kernel/process.ts";
import { send } from "../../kernel/send.ts";
import { type InternalSpawnOptions, startProcess } from "../../kernel/spawn.ts";
import { KrarupError, show } from "../../values/errors.ts";
import type { Ref } from "../../values/ref.ts";
import { tie } from "../tie.ts";

/** A function to run in a process of its own, with its arguments: each process gets copies. */
export interface Job {
  readonly run: (...args: never) => unknown;
  readonly args: readonly unknown[];
}

/** A checked job. */
export function jobOf<A extends readonly unknown[]>(run: (...args: A) => unknown, args: A): Job {
  if (typeof run !== "function")
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot start a task as it must be a function: current value is ${show(run)}`,
      run,
    );
  return { run, args };
}

/** The answer of a task, as it waits in the mailbox of the owner until it is awaited. */
export interface TaskReply<T = unknown> {
  readonly type: "reply";
  /** The task's. */
  readonly ref: Ref;
  readonly value: T;
}

/** How a job is started. */
export interface JobOptions extends InternalSpawnOptions {
  /** A living process that is linked to the new one from its birth, beside the parent. */
  readonly linkTo?: Process;
}

/** Starts a process for `job` that tells nobody what comes of it. */
export function startJob(job: Job, options: JobOptions): Process {
  return startReporting(job, () => undefined, options);
}

/** The ref under which `owner` will hear of a task. */
export function answerRef(owner: Process): Monitor {
  const ref = new Monitor(owner.node.nextRefId(), owner, "reply_demonitor", null);
  if (owner.queueLength > 0) markFreshRef(owner, ref);
  return ref;
}

/** Starts a process for `job` that answers through `ref`. */
export function startAnswering(ref: Monitor, job: Job, options: JobOptions): Process {
  // The ref of a monitor is an alias of its watcher while somebody may answer.
  const to = ref as unknown as Alias<TaskReply>;
  const process = startReporting(job, (value) => send(to, { type: "reply", ref, value }), options);
  attachMonitor(ref, process);
  return process;
}

function startReporting({ run, args }: Job, report: (value: unknown) => unknown, options: JobOptions): Process {
  // The public functions have checked that it takes these arguments.
  const call = run as (...args: readonly unknown[]) => unknown;
  const isolated = args.map((arg) => isolate(arg));
  const body = (): unknown => conclude(call(...isolated), report);
  const process = startProcess(currentNode(), body, [], { ...options, library: true, entry: run });
  if (options.linkTo !== undefined) tie(options.linkTo, process);
  return process;
}

/** Reports `result`, or what it comes to: the kernel runs the generator or waits for the promise that this returns. */
function conclude(result: unknown, report: (value: unknown) => unknown): unknown {
  if (isWaiting(result)) return reportEnd(result, report);
  if (isPromise(result)) return result.then(report);
  return void report(result);
}

function* reportEnd(
  running: Iterable<unknown, unknown, void>,
  report: (value: unknown) => unknown,
): Generator<unknown, void, void> {
  report(yield* running);
}

function isWaiting(result: unknown): result is Iterable<unknown, unknown, void> {
  return result instanceof KernelOperation || (typeof result === "object" && result !== null && isGenerator(result));
}

function isPromise(result: unknown): result is PromiseLike<unknown> {
  return typeof result === "object" && result !== null && "then" in result && typeof result.then === "function";
}
