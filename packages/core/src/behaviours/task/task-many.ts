// Waiting for several tasks at once.

import { requireProcess } from "../../kernel/current.ts";
import { checkedDelay } from "../../kernel/timer.ts";
import { KrarupError, show } from "../../values/errors.ts";
import { CALL_TIMEOUT_MS } from "../../values/limits.ts";
import type { Ref } from "../../values/ref.ts";
import { TIMEOUT } from "../../values/system-messages.ts";
import type { Steps } from "../procedure.ts";
import {
  failure,
  giveUp,
  isAnswer,
  letGo,
  outcomeOf,
  shutDown,
  type Task,
  type TaskOutcome,
  unansweredOf,
} from "./task-answer.ts";

/** How long to wait for several tasks, and what becomes of those that take longer. */
export interface YieldManyOptions {
  /** Milliseconds for all together; default 5,000. */
  readonly timeoutMs?: number | "infinity";
  /** Outcomes after which the wait ends, even if others are to come; default all. */
  readonly limit?: number;
  /**
   * What becomes of the tasks whose outcome is not known when the wait ends: `"nothing"`, and they may be asked again; `"ignore"` lets them
   * run on, unlinked, and their answers vanish; `"kill_task"` kills them. Default `"nothing"`.
   */
  readonly onTimeout?: "nothing" | "ignore" | "kill_task";
}

type Outcomes<T> = ReadonlyMap<Ref, TaskOutcome<T>>;

/** The values of `tasks`, in their order. The first that fails, or the time, ends the wait for all. */
export function* awaitAll<T>(tasks: readonly Task<T>[], timeoutMs: number | "infinity"): Steps<T[]> {
  const known = yield* gather(tasks, "await", timeoutMs, ({ type }) => type === "exit");
  const values: T[] = [];
  let why: unknown = "timeout";
  for (const { ref } of tasks) {
    const told = known.get(ref);
    if (told?.type === "ok") values.push(told.value);
    if (told?.type === "exit") why = told.reason;
  }
  if (values.length === tasks.length) return values;
  for (const { ref } of tasks) if (!known.has(ref)) giveUp(ref);
  throw failure(
    why,
    tasks.map(({ pid }) => pid),
    "await_many",
  );
}

/** What comes of `tasks`, in their order; undefined for what is not known in time. */
export function* lookForAll<T>(
  tasks: readonly Task<T>[],
  { timeoutMs = CALL_TIMEOUT_MS, limit = tasks.length, onTimeout = "nothing" }: YieldManyOptions,
): Steps<(TaskOutcome<T> | undefined)[]> {
  if (!Number.isInteger(limit) || limit < 0)
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot yield to tasks as limit must be an integer >= 0: current value is ${show(limit)}`,
      limit,
    );
  const known = yield* gather(tasks, "yield to", timeoutMs, (_told, count) => count >= limit);
  const outcomes: (TaskOutcome<T> | undefined)[] = [];
  for (const task of tasks) outcomes.push(known.get(task.ref) ?? (yield* leaveLate(task, onTimeout)));
  return outcomes;
}

/** What has come of a late task after all. */
function* leaveLate<T>(
  task: Task<T>,
  onTimeout: "nothing" | "ignore" | "kill_task",
): Steps<TaskOutcome<T> | undefined> {
  switch (onTimeout) {
    case "nothing":
      return undefined;
    case "ignore":
      return yield* letGo(task);
    case "kill_task":
      return yield* shutDown(task, "brutal_kill");
  }
}

/** Takes what comes of `tasks` until there is no more to come, or enough, or the time is over. */
function* gather<T>(
  tasks: readonly Task<T>[],
  action: string,
  timeoutMs: number | "infinity",
  isEnough: (told: TaskOutcome<T>, count: number) => boolean,
): Steps<Outcomes<T>> {
  const owner = requireProcess(`${action} tasks`);
  const missing: Set<Ref> = new Set(tasks.map((task) => unansweredOf(task, action)[1]));
  const known = new Map<Ref, TaskOutcome<T>>();
  const deadlineMs = timeoutMs === "infinity" ? null : owner.node.now() + checkedDelay(timeoutMs);
  const isMissing = (message: unknown): boolean => isAnswer(message) && missing.has(message.ref);
  while (missing.size > 0) {
    const leftMs = deadlineMs === null ? "infinity" : Math.max(0, deadlineMs - owner.node.now());
    const answer = yield* owner.receive(isMissing).after(leftMs);
    if (answer === TIMEOUT) break;
    const told = outcomeOf<T>(answer);
    const { ref } = answer as { readonly ref: Ref }; // the guard has looked at it
    missing.delete(ref);
    known.set(ref, told);
    if (isEnough(told, known.size)) break;
  }
  return known;
}
