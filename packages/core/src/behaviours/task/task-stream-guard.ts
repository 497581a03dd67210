// The process between a stream of tasks and its consumer. It starts the tasks, so that they fall when the stream is
// halted or the consumer ends, for whatever reason; it minds their time; and it turns every end into one message.
//
//   consumer ──link──► guard ──link──► tasks
//            ◄─news──        ◄─answers─
//
// Supervised tasks are started by their supervisor, and linked to the guard only where they would be linked to their owner.
//
// The guard always traps exits. A task that crashes ends the guard, and so the consumer, unless the consumer traps
// exits itself: then the crash is a result like any other. That is Elixir's rule.

import type { Monitor } from "../../mechanisms/monitors.ts";
import { deliver } from "../../kernel/delivery.ts";
import { monitor } from "../../kernel/monitor.ts";
import { Process } from "../../kernel/process.ts";
import type { Self } from "../../kernel/self.ts";
import { cancelTimer, startTimer } from "../../kernel/send-after.ts";
import { exit, unlink } from "../../kernel/signals.ts";
import type { AnyPid } from "../../values/pid.ts";
import type { Ref } from "../../values/ref.ts";
import type { Down, Exit, Timeout } from "../../values/system-messages.ts";
import type { Steps } from "../procedure.ts";
import type { TaskOutcome } from "./task-answer.ts";
import { answerRef, type TaskReply } from "./task-process.ts";

/** What the consumer tells the guard. */
export type GuardOrder =
  | { readonly type: "start"; readonly position: number; readonly item: unknown }
  | { readonly type: "stop" };

/** What the guard tells the consumer, through the ref with which the consumer monitors it. */
export interface StreamNews {
  readonly type: "done";
  readonly position: number;
  readonly outcome: TaskOutcome<unknown>;
  readonly isTimeout: boolean;
}

/** Starts, in the guard, the task for one item, which may have to wait; the task answers through `ref`. */
export type TaskStarter<I> = (ref: Monitor, item: I) => Process | Steps<AnyPid>;

/** All that a guard has to know. */
export interface GuardPlan {
  readonly consumer: Process;
  readonly consumerTraps: boolean;
  /** Where news go. */
  readonly ref: Monitor;
  readonly startTask: TaskStarter<never>;
  readonly timeoutMs: number | "infinity";
}

type GuardMessage = GuardOrder | TaskReply | Down | Exit | Timeout<Ref>;

interface RunningTask {
  readonly position: number;
  readonly pid: AnyPid;
  readonly timer: Ref | null;
  isTimedOut: boolean;
}

/** The body of a guard. */
export function* guard(self: Self<GuardMessage>, plan: GuardPlan): Steps<void> {
  self.trapExit();
  const consumerEnd = monitor(plan.consumer);
  const tasks = new GuardedTasks(self, plan);
  for (;;) {
    const message = yield* self.receive();
    switch (message.type) {
      case "start":
        yield* tasks.start(message.position, message.item);
        break;
      case "reply":
        tasks.done(message.ref, { type: "ok", value: message.value });
        break;
      case "timeout":
        tasks.stopLate(message.message);
        break;
      case "EXIT":
        if (plan.consumerTraps || message.reason === "normal" || !tasks.includes(message.pid)) break;
        tasks.stopAll();
        return exit(message.reason);
      case "DOWN":
        if (message.ref !== consumerEnd) tasks.done(message.ref, { type: "exit", reason: message.reason });
        else return tasks.stopAll();
        break;
      case "stop":
        return tasks.stopAll();
    }
  }
}

class GuardedTasks {
  readonly #self: Self<GuardMessage>;
  readonly #plan: GuardPlan;
  readonly #running = new Map<Ref, RunningTask>();

  constructor(self: Self<GuardMessage>, plan: GuardPlan) {
    this.#self = self;
    this.#plan = plan;
  }

  includes(pid: AnyPid): boolean {
    return [...this.#running.values()].some((task) => task.pid === pid);
  }

  *start(position: number, item: unknown): Steps<void> {
    const { timeoutMs } = this.#plan;
    // Inside the kernel a Self is the record that it stands for.
    const ref = answerRef(this.#self as unknown as Process);
    const pid = yield* this.#startTask(ref, item);
    const timer = timeoutMs === "infinity" ? null : startTimer<Ref>(timeoutMs, this.#self, ref);
    this.#running.set(ref, { position, pid, timer, isTimedOut: false });
  }

  /** Where a task cannot be started, those that run are not left behind. */
  *#startTask(ref: Monitor, item: unknown): Steps<AnyPid> {
    try {
      // The items of a stream are what its starter takes.
      const started = this.#plan.startTask(ref, item as never);
      return started instanceof Process ? started : yield* started;
    } catch (error) {
      this.stopAll();
      throw error;
    }
  }

  /** Tells the consumer what came of a task. */
  done(ref: Ref, outcome: TaskOutcome<unknown>): void {
    const task = this.#running.get(ref);
    if (task === undefined) return;
    this.#running.delete(ref);
    if (task.timer !== null) cancelTimer(task.timer);
    const isTimeout = task.isTimedOut && outcome.type === "exit";
    this.#tell({
      type: "done",
      position: task.position,
      outcome: isTimeout ? { type: "exit", reason: "timeout" } : outcome,
      isTimeout,
    });
  }

  /** Ends a task whose time is up; its DOWN does the rest. */
  stopLate(ref: Ref): void {
    const task = this.#running.get(ref);
    if (task === undefined) return;
    task.isTimedOut = true;
    kill(task.pid);
  }

  stopAll(): void {
    for (const { pid } of this.#running.values()) kill(pid);
  }

  #tell(news: StreamNews): void {
    const { consumer, ref } = this.#plan;
    // It was isolated on its way here, and the guard keeps none of it.
    if (ref.aliasMode !== "none") deliver(consumer, news, ref);
  }
}

function kill(pid: AnyPid): void {
  unlink(pid);
  exit(pid, "kill");
}
