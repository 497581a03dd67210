// Tasks: a function in a process of its own, whose result somebody may wait for.

import { requireProcess } from "../../kernel/current.ts";
import type { Operation } from "../../kernel/operation.ts";
import { CALL_TIMEOUT_MS } from "../../values/limits.ts";
import type { AnyPid } from "../../values/pid.ts";
import { procedure } from "../procedure.ts";
import { awaitOne, letGo, lookFor, shutDown, type Task as TaskOf, type TaskOutcome } from "./task-answer.ts";
import { awaitAll, lookForAll, type YieldManyOptions } from "./task-many.ts";
import { answerRef, jobOf, startAnswering, startJob } from "./task-process.ts";
import { type TaskStream, type TaskStreamOptions, taskStream } from "./task-stream.ts";
import type { TaskStarter } from "./task-stream-guard.ts";

/**
 * What a task whose function returns `R` comes to: what a generator returns, what a promise or an operation resolves
 * to, or `R` itself.
 */
export type TaskValue<R> = R extends Generator<unknown, infer T, void> ? T : R extends PromiseLike<infer T> ? T : R;

/**
 * Runs a function in a process of its own, linked to this one, and returns at once; {@link Task.await} gets the result.
 *
 * @remarks
 * The function may be plain, a generator function that waits for operations, an async one, or return an operation. If
 * it throws, the task ends, and with it this process, unless it traps exits. The answer comes exactly once: a task
 * that is never asked for leaves it in the mailbox as a {@link TaskReply} or a `Down`, which is what a server with an
 * `info` handler wants.
 *
 * **Exits.** The task's end is reported as a crash unless it is orderly.
 * **Cost.** That of a spawn, a monitor and a message.
 *
 * @param args - isolated like a message. What the function captures is shared: capture nothing that changes
 * @throws {@link KrarupError} `ERR_NOT_IN_PROCESS` outside a process, and as `spawn`
 * @see {@link https://hexdocs.pm/elixir/Task.html#async/1 | Task.async/1}
 */
function async<A extends readonly unknown[], R>(run: (...args: A) => R, ...args: A): TaskOf<TaskValue<R>> {
  const owner = requireProcess("start a task");
  const ref = answerRef(owner);
  return { pid: startAnswering(ref, jobOf(run, args), { link: true }), ref, owner };
}

/**
 * Waits for the value of a task.
 *
 * @remarks
 * **Waiting.** This process, until the answer or the time-out. A time-out does not stop the task; its late answer
 * vanishes.
 * **Exits.** An `ExitException` with reason `[why, CallInfo]`: why is the reason with which the task ended, or
 * `"timeout"`.
 *
 * @param timeoutMs - default 5,000
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` in a process that is not the owner, and for a task that has been
 * awaited already. Differs from Elixir, where that waits for the time-out
 * @see {@link https://hexdocs.pm/elixir/Task.html#await/2 | Task.await/2}
 */
function await_<T>(task: TaskOf<T>, timeoutMs: number | "infinity" = CALL_TIMEOUT_MS): Operation<T> {
  return procedure(() => awaitOne(task, timeoutMs));
}

/**
 * Waits for the values of several tasks, in the order given.
 *
 * @remarks
 * **Exits.** As {@link Task.await}, as soon as one of them fails; the answers of the others vanish then.
 *
 * @param timeoutMs - for all together; default 5,000
 * @see {@link https://hexdocs.pm/elixir/Task.html#await_many/2 | Task.await_many/2}
 */
function awaitMany<T>(tasks: readonly TaskOf<T>[], timeoutMs: number | "infinity" = CALL_TIMEOUT_MS): Operation<T[]> {
  return procedure(() => awaitAll(tasks, timeoutMs));
}

/**
 * Waits a while for what comes of a task; may be repeated until it is known.
 *
 * @param timeoutMs - default 5,000; 0 only looks
 * @returns the value, or the reason with which the task ended; undefined when it is not known yet
 * @see {@link https://hexdocs.pm/elixir/Task.html#yield/2 | Task.yield/2}
 */
function yield_<T>(
  task: TaskOf<T>,
  timeoutMs: number | "infinity" = CALL_TIMEOUT_MS,
): Operation<TaskOutcome<T> | undefined> {
  return procedure(() => lookFor(task, timeoutMs));
}

/**
 * Waits a while for what comes of several tasks.
 *
 * @remarks
 * **Waiting.** This process, until everything is known, or `limit` outcomes are, or the time is over.
 *
 * @returns an outcome for each task, in the order given; undefined for what is not known
 * @see {@link https://hexdocs.pm/elixir/Task.html#yield_many/2 | Task.yield_many/2}
 */
function yieldMany<T>(
  tasks: readonly TaskOf<T>[],
  options: YieldManyOptions = {},
): Operation<(TaskOutcome<T> | undefined)[]> {
  return procedure(() => lookForAll(tasks, options));
}

/**
 * Unlinks and ends a task.
 *
 * @remarks
 * **Waiting.** Until it has really ended.
 *
 * @param how - milliseconds from the exit signal `"shutdown"` to the kill, default 5,000; `"brutal_kill"` kills at once
 * @returns what had come of the task before; undefined when it ended as it was told
 * @see {@link https://hexdocs.pm/elixir/Task.html#shutdown/2 | Task.shutdown/2}
 */
function shutdown<T>(
  task: TaskOf<T>,
  how: number | "infinity" | "brutal_kill" = CALL_TIMEOUT_MS,
): Operation<TaskOutcome<T> | undefined> {
  return procedure(() => shutDown(task, how));
}

/**
 * Unlinks a task and lets it run on: its answer will not come.
 *
 * @returns what has come of it already, or undefined. Nobody waits
 * @see {@link https://hexdocs.pm/elixir/Task.html#ignore/1 | Task.ignore/1}
 */
function ignore<T>(task: TaskOf<T>): Operation<TaskOutcome<T> | undefined> {
  return procedure(() => letGo(task));
}

/**
 * Runs a function in a process of its own, for its effects: nobody hears of the result or the end.
 *
 * @see {@link https://hexdocs.pm/elixir/Task.html#start/1 | Task.start/1}
 */
function start<A extends readonly unknown[]>(run: (...args: A) => unknown, ...args: A): AnyPid {
  return startJob(jobOf(run, args), {});
}

/**
 * As {@link Task.start}, linked to this process: `() => Task.startLink(refresh)` is the start function of a child.
 *
 * @see {@link https://hexdocs.pm/elixir/Task.html#start_link/1 | Task.start_link/1}
 */
function startLink<A extends readonly unknown[]>(run: (...args: A) => unknown, ...args: A): AnyPid {
  requireProcess("link a task");
  return startJob(jobOf(run, args), { link: true });
}

/**
 * Runs each item through a function, in a task of its own, a limited number of them at once.
 *
 * @remarks
 * A task that crashes ends the consumer too, unless it traps exits: then the crash is a result like any other, and no
 * `Exit` message comes.
 *
 * **Ordering.** Of the items, or of completion, see {@link TaskStreamOptions.ordered}.
 *
 * @see {@link https://hexdocs.pm/elixir/Task.html#async_stream/3 | Task.async_stream/3}
 */
function asyncStream<I, R>(
  items: Iterable<I>,
  run: (item: I) => R,
  options: TaskStreamOptions,
): TaskStream<TaskValue<R>> {
  return taskStream<I, TaskValue<R>>(items, startOf(run), options);
}

/** Starts linked tasks, from inside the process that asks for them. */
function startOf<I>(run: (item: I) => unknown): TaskStarter<I> {
  return (ref, item) => startAnswering(ref, jobOf(run, [item]), { link: true });
}

/** A task that has been started, see {@link TaskOf}. */
export type Task<T> = TaskOf<T>;

/**
 * A function in a process of its own, whose result somebody may wait for.
 *
 * @example
 * ```ts
 * import { self, spawn, Task } from "@krarup/core";
 *
 * function* slowly(word: string) {
 *   yield* self().sleep(10);
 *   return word.toUpperCase();
 * }
 *
 * spawn(function* () {
 *   const [one, other] = [Task.async(slowly, "warm"), Task.async(slowly, "wet")];
 *   yield* Task.await(one); // => "WARM"
 *   yield* Task.await(other); // => "WET"
 *
 *   const stream = Task.asyncStream([1, 2, 3], (n) => n * n, { maxConcurrency: 2 });
 *   yield* stream.next(); // => { type: "ok", value: 1 }
 *   yield* stream.collect(); // => [{ type: "ok", value: 4 }, { type: "ok", value: 9 }]
 * });
 * ```
 *
 * @see {@link https://hexdocs.pm/elixir/Task.html | Elixir's Task}
 */
export const Task: {
  readonly async: typeof async;
  readonly await: typeof await_;
  readonly awaitMany: typeof awaitMany;
  readonly yield: typeof yield_;
  readonly yieldMany: typeof yieldMany;
  readonly shutdown: typeof shutdown;
  readonly ignore: typeof ignore;
  readonly start: typeof start;
  readonly startLink: typeof startLink;
  readonly asyncStream: typeof asyncStream;
} = { async, await: await_, awaitMany, yield: yield_, yieldMany, shutdown, ignore, start, startLink, asyncStream };
