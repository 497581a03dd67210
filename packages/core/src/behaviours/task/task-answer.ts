// Waiting for the answers of tasks. Whatever comes of the wait, no reply and no DOWN of a task that has been given up
// is left.

import { demonitor, monitor } from "../../kernel/monitor.ts";
import { requireProcess } from "../../kernel/current.ts";
import { ExitException } from "../../kernel/exit-exception.ts";
import type { Process } from "../../kernel/process.ts";
import { exit, unlink } from "../../kernel/signals.ts";
import type { CallInfo } from "../../kernel/call.ts";
import { Monitor } from "../../mechanisms/monitors.ts";
import { KrarupError } from "../../values/errors.ts";
import type { AnyPid } from "../../values/pid.ts";
import type { Ref } from "../../values/ref.ts";
import { type Down, TIMEOUT } from "../../values/system-messages.ts";
import type { Steps } from "../procedure.ts";
import type { TaskReply } from "./task-process.ts";

declare const outcome: unique symbol;

/**
 * A task that this process has started and may ask for its answer, once.
 *
 * @typeParam T - what the task's function returns
 */
export interface Task<out T> {
  /** The process that runs it. */
  readonly pid: AnyPid;
  /** Carried by its answer: by the {@link TaskReply} or the `Down`. */
  readonly ref: Ref;
  /** The one process that may ask. */
  readonly owner: AnyPid;
  /** Exists for the type checker only. */
  readonly [outcome]?: T;
}

/** What came of a task: the value of its function, or the reason with which it ended instead. */
export type TaskOutcome<T> =
  | { readonly type: "ok"; readonly value: T }
  | { readonly type: "exit"; readonly reason: unknown };

type Answer = TaskReply | Down;

/** The value of `task`. Ends the owner otherwise. */
export function* awaitOne<T>(task: Task<T>, timeoutMs: number | "infinity"): Steps<T> {
  const [owner, ref] = unansweredOf(task, "await");
  const answer = yield* owner.receive(ref).after(timeoutMs);
  if (answer === TIMEOUT) giveUp(ref);
  const told = outcomeOf<T>(answer);
  if (told.type === "ok") return told.value;
  throw failure(told.reason, task.pid, "await");
}

/** What came of `task`, or undefined if that is not known in time. */
export function* lookFor<T>(task: Task<T>, timeoutMs: number | "infinity"): Steps<TaskOutcome<T> | undefined> {
  const [owner, ref] = unansweredOf(task, "yield to");
  const answer = yield* owner.receive(ref).after(timeoutMs);
  return answer === TIMEOUT ? undefined : outcomeOf(answer);
}

/** What has come of `task` already, or undefined, and then nothing will come. */
export function* letGo<T>(task: Task<T>): Steps<TaskOutcome<T> | undefined> {
  const [owner, ref] = ownedBy(task, "ignore");
  const answer = yield* owner.receive(ref).after(0);
  const known = answer === TIMEOUT ? undefined : outcomeOf<T>(answer);
  if (known?.type === "exit") return known;
  unlink(task.pid);
  giveUp(ref);
  return known;
}

/** Ends `task`. @returns what came of it before, or undefined when it ended as it was told */
export function* shutDown<T>(
  task: Task<T>,
  how: number | "infinity" | "brutal_kill",
): Steps<TaskOutcome<T> | undefined> {
  const [owner, ref] = ownedBy(task, "shut down");
  const end = monitor(task.pid);
  unlink(task.pid);
  exit(task.pid, how === "brutal_kill" ? "kill" : "shutdown");
  let down = yield* owner.receive(end).after(how === "brutal_kill" ? "infinity" : how);
  if (down === TIMEOUT) {
    exit(task.pid, "kill");
    down = yield* owner.receive(end);
  }
  // The answer came before: its monitor is older.
  const answer = yield* owner.receive(ref).after(0);
  const told = outcomeOf<T>(answer === TIMEOUT ? down : answer);
  const isAsTold = told.type === "exit" && told.reason === (how === "brutal_kill" ? "killed" : "shutdown");
  return isAsTold ? undefined : told;
}

/** Takes the ref of a task back: no answer is left or will come. */
export function giveUp(ref: Ref): void {
  demonitor(ref, { flush: true });
}

/** What an answer, or its absence, says. */
export function outcomeOf<T>(answer: unknown): TaskOutcome<T> {
  if (answer === TIMEOUT) return { type: "exit", reason: "timeout" };
  const told = answer as Answer; // nothing else comes through the ref of a task
  // The task's side of the protocol is typed by Task<T>.
  return told.type === "reply" ? { type: "ok", value: told.value as T } : { type: "exit", reason: told.reason };
}

/** The exit of an owner whose task did not answer. */
export function failure(why: unknown, server: unknown, request: string): ExitException {
  const info: CallInfo = { type: "call", server, request };
  return new ExitException([why, info]);
}

/** Whether `message` is the answer of some task. */
export function isAnswer(message: unknown): message is Answer {
  return (
    typeof message === "object" &&
    message !== null &&
    "ref" in message &&
    "type" in message &&
    (message.type === "reply" || message.type === "DOWN")
  );
}

function ownedBy(task: Task<unknown>, action: string): [owner: Process, ref: Monitor] {
  const owner = requireProcess(`${action} a task`);
  const { ref } = task;
  if (!(ref instanceof Monitor))
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot ${action} a task as this is none: tasks are made by Task.async`,
      task,
    );
  if (task.owner === owner) return [owner, ref];
  throw new KrarupError(
    "ERR_BAD_ARGUMENT",
    `Cannot ${action} the task ${String(task.pid)} as only its owner ${String(task.owner)} may: this process is ${String(owner)}`,
    task,
  );
}

/** As {@link ownedBy}, for a wait that would never end when the answer has been taken already. */
export function unansweredOf(task: Task<unknown>, action: string): [owner: Process, ref: Monitor] {
  const [owner, ref] = ownedBy(task, action);
  if (ref.target !== null || holdsAnswer(owner, ref)) return [owner, ref];
  throw new KrarupError(
    "ERR_BAD_ARGUMENT",
    `Cannot ${action} the task ${String(task.pid)} as its answer has been taken, or given up, already`,
    task,
  );
}

function holdsAnswer(owner: Process, ref: Ref): boolean {
  for (let at = owner.head; at !== null; at = at.next) if (at.tag === ref) return true;
  return false;
}
