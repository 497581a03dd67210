// The supervisor of tasks: a DynamicSupervisor whose children run a function each and are not started again.

import type { AnyPid, Name, Operation, Task, TaskStream, TaskStreamOptions, TaskValue } from "@krarup/core";
import {
  answerRef,
  isolate,
  type Job,
  jobOf,
  procedure,
  requireProcess,
  startJob,
  type TaskStarter,
  taskStream,
} from "@krarup/core/internal";
import type { AnyChildSpec } from "./child-spec.ts";
import { DynamicSupervisor } from "./dynamic-supervisor.ts";
import type { DynamicSupervisorPid, StartDynamicChildResult } from "./management.ts";
import { startSupervised } from "./supervised-task.ts";
import type { Step } from "./supervising-body.ts";

/** How a supervised task differs from a plain one. */
export type TaskChildOptions = Pick<AnyChildSpec, "restart" | "shutdown">;

/**
 * Runs a function in a process of its own under a supervisor, for its effects.
 *
 * @remarks
 * The child is temporary: it is never started again.
 *
 * @param args - isolated like a message
 * @see {@link https://hexdocs.pm/elixir/Task.Supervisor.html#start_child/3 | Task.Supervisor.start_child/3}
 */
function startChild<A extends readonly unknown[]>(
  supervisor: DynamicSupervisorPid | Name,
  run: (...args: A) => unknown,
  ...args: A
): Operation<StartDynamicChildResult> {
  return startChildOpt(supervisor, run, args, {});
}

/**
 * As {@link TaskSupervisor.startChild}, with options; the arguments come as one array.
 *
 * @param options - `restart`, default `"temporary"`, and `shutdown`
 */
function startChildOpt<A extends readonly unknown[]>(
  supervisor: DynamicSupervisorPid | Name,
  run: (...args: A) => unknown,
  args: A,
  options: TaskChildOptions,
): Operation<StartDynamicChildResult> {
  const job = jobNow(run, args);
  const start = (): AnyPid => startJob(job, { link: true });
  return DynamicSupervisor.startChild(supervisor, { restart: "temporary", ...options, start });
}

/**
 * As `Task.async`, under a supervisor; the task is linked to this process too.
 *
 * @remarks
 * **Waiting.** Until the supervisor has started it.
 * **Exits.** As `call`, when there is no such supervisor.
 *
 * @throws {@link KrarupError} `ERR_SYSTEM_LIMIT` when the supervisor has as many children as it may have
 * @see {@link https://hexdocs.pm/elixir/Task.Supervisor.html#async/3 | Task.Supervisor.async/3}
 */
function async<A extends readonly unknown[], R>(
  supervisor: DynamicSupervisorPid | Name,
  run: (...args: A) => R,
  ...args: A
): Operation<Task<TaskValue<R>>> {
  const job = jobNow(run, args);
  return procedure(() => startTask<TaskValue<R>>(supervisor, job, true));
}

/**
 * As `Task.async`, under a supervisor and not linked to this process: if the task crashes, this process only finds the
 * reason in its place.
 *
 * @throws {@link KrarupError} as {@link TaskSupervisor.async}
 * @see {@link https://hexdocs.pm/elixir/Task.Supervisor.html#async_nolink/3 | Task.Supervisor.async_nolink/3}
 */
function asyncNolink<A extends readonly unknown[], R>(
  supervisor: DynamicSupervisorPid | Name,
  run: (...args: A) => R,
  ...args: A
): Operation<Task<TaskValue<R>>> {
  const job = jobNow(run, args);
  return procedure(() => startTask<TaskValue<R>>(supervisor, job, false));
}

/**
 * As `Task.asyncStream`, with tasks under a supervisor; they are linked to the stream, and so to this process, too.
 *
 * @remarks
 * **Exits.** As `Task.asyncStream`; also when a task cannot be started, because there is no such supervisor or it has as many children as it may
 * have.
 *
 * @see {@link https://hexdocs.pm/elixir/Task.Supervisor.html#async_stream/4 | Task.Supervisor.async_stream/4}
 */
function asyncStream<I, R>(
  supervisor: DynamicSupervisorPid | Name,
  items: Iterable<I>,
  run: (item: I) => R,
  options: TaskStreamOptions,
): TaskStream<TaskValue<R>> {
  return streamUnder(supervisor, items, run, options, true);
}

/**
 * As {@link TaskSupervisor.asyncStream}, with tasks that are not linked: one that crashes is a result, whether or not this process traps exits.
 *
 * @see {@link https://hexdocs.pm/elixir/Task.Supervisor.html#async_stream_nolink/4 | Task.Supervisor.async_stream_nolink/4}
 */
function asyncStreamNolink<I, R>(
  supervisor: DynamicSupervisorPid | Name,
  items: Iterable<I>,
  run: (item: I) => R,
  options: TaskStreamOptions,
): TaskStream<TaskValue<R>> {
  return streamUnder(supervisor, items, run, options, false);
}

/**
 * The tasks that run, the newest first.
 *
 * @see {@link https://hexdocs.pm/elixir/Task.Supervisor.html#children/1 | Task.Supervisor.children/1}
 */
function children(supervisor: DynamicSupervisorPid | Name): Operation<AnyPid[]> {
  return procedure(function* () {
    const listed = yield* DynamicSupervisor.whichChildren(supervisor);
    return listed.flatMap(({ pid }) => (typeof pid === "object" ? [pid] : []));
  });
}

function streamUnder<I, R>(
  supervisor: DynamicSupervisorPid | Name,
  items: Iterable<I>,
  run: (item: I) => R,
  options: TaskStreamOptions,
  isLinked: boolean,
): TaskStream<TaskValue<R>> {
  const startTask: TaskStarter<I> = (ref, item) => startSupervised(supervisor, jobOf(run, [item]), ref, isLinked);
  return taskStream(items, startTask, options);
}

/** The supervisor starts it later, maybe several times: with the arguments as they are now. */
function jobNow<A extends readonly unknown[]>(run: (...args: A) => unknown, args: A): Job {
  const { args: given, ...job } = jobOf(run, args);
  return { ...job, args: given.map((arg) => isolate(arg)) };
}

function* startTask<T>(supervisor: DynamicSupervisorPid | Name, job: Job, isLinked: boolean): Step<Task<T>> {
  const owner = requireProcess("start a supervised task");
  const ref = answerRef(owner);
  return { pid: yield* startSupervised(supervisor, job, ref, isLinked), ref, owner };
}

/**
 * Supervisors of tasks: their tasks are listed, and ended with them.
 *
 * @remarks
 * It is a {@link DynamicSupervisor} in every other respect, and any DynamicSupervisor will do.
 *
 * @example
 * ```ts
 * import { exit, spawn, Task } from "@krarup/core";
 * import { TaskSupervisor } from "@krarup/supervisor";
 *
 * spawn(function* () {
 *   const tasks = yield* TaskSupervisor.startLink();
 *   const fine = yield* TaskSupervisor.asyncNolink(tasks, (n: number) => n * 2, 21);
 *   yield* Task.await(fine); // => 42
 *   const failing = yield* TaskSupervisor.asyncNolink(tasks, () => exit("shutdown"));
 *   yield* Task.yield(failing); // => { type: "exit", reason: "shutdown" }
 *
 *   const checked = TaskSupervisor.asyncStreamNolink(tasks, [2, 0], (n) => (n > 0 ? n : exit("shutdown")), { maxConcurrency: 2 });
 *   yield* checked.collect(); // => [{ type: "ok", value: 2 }, { type: "exit", reason: "shutdown" }]
 * });
 * ```
 *
 * @see {@link https://hexdocs.pm/elixir/Task.Supervisor.html | Elixir's Task.Supervisor}
 */
export const TaskSupervisor: {
  readonly startLink: typeof DynamicSupervisor.startLink;
  readonly startChild: typeof startChild;
  readonly startChildOpt: typeof startChildOpt;
  readonly async: typeof async;
  readonly asyncNolink: typeof asyncNolink;
  readonly asyncStream: typeof asyncStream;
  readonly asyncStreamNolink: typeof asyncStreamNolink;
  readonly children: typeof children;
  readonly terminateChild: typeof DynamicSupervisor.terminateChild;
} = {
  startLink: DynamicSupervisor.startLink,
  startChild,
  startChildOpt,
  async,
  asyncNolink,
  asyncStream,
  asyncStreamNolink,
  children,
  terminateChild: DynamicSupervisor.terminateChild,
};
