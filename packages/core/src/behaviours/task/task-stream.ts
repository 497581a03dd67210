// A stream of results: each item of a source goes through a function in a task of its own, a limited number of them at
// once.

import { attachMonitor, Monitor } from "../../mechanisms/monitors.ts";
import { demonitor } from "../../kernel/monitor.ts";
import { currentNode, requireProcess } from "../../kernel/current.ts";
import type { Operation } from "../../kernel/operation.ts";
import { type Process, TRAPS_EXITS } from "../../kernel/process.ts";
import { send } from "../../kernel/send.ts";
import { unlink } from "../../kernel/signals.ts";
import { startProcess } from "../../kernel/spawn.ts";
import { checkedDelay } from "../../kernel/timer.ts";
import { KrarupError, show } from "../../values/errors.ts";
import { CALL_TIMEOUT_MS } from "../../values/limits.ts";
import { type Down, isExitOf } from "../../values/system-messages.ts";
import { procedure, type Steps } from "../procedure.ts";
import { failure, type TaskOutcome } from "./task-answer.ts";
import { guard, type GuardOrder, type StreamNews, type TaskStarter } from "./task-stream-guard.ts";

/** How a stream of tasks works. */
export interface TaskStreamOptions {
  /**
   * Tasks that may run at once, 1 or more. Elixir's default is the number of schedulers; a node of ours has one, and
   * what tasks wait for is mostly elsewhere, so there is no default.
   */
  readonly maxConcurrency: number;
  /**
   * Whether results come in the order of the items, those of quick tasks being held back for as long as it takes, or
   * as they are ready. Default true.
   */
  readonly ordered?: boolean;
  /** Milliseconds that one task may take, or `"infinity"`; default 5,000. */
  readonly timeoutMs?: number | "infinity";
  /**
   * What happens when a task takes longer: the consumer exits with reason `["timeout", CallInfo]`, or the task is
   * killed and its result is `{ type: "exit", reason: "timeout" }`. Default `"exit"`.
   */
  readonly onTimeout?: "exit" | "kill_task";
  /** Whether the reason of an exit is `[item, reason]`. Default false. */
  readonly zipInputOnExit?: boolean;
}

/**
 * The results of tasks that are started one after another, as results are asked for.
 *
 * @remarks
 * Nothing runs before the first result is asked for. Only the process that asked first may go on asking: the consumer.
 * When it ends, for whatever reason, the tasks that still run are killed.
 *
 * @typeParam T - what the function returns
 */
export interface TaskStream<T> {
  /** Waits for the next result. @returns undefined when there are no more */
  next(): Operation<TaskOutcome<T> | undefined>;
  /** Waits for all results that are left. */
  collect(): Operation<TaskOutcome<T>[]>;
  /**
   * Kills the tasks that still run and closes the source; there are no more results. A stream that has come to its end
   * needs no halt.
   */
  halt(): Operation<void>;
  /** For `for await` in an async body; leaving the loop halts the stream. */
  [Symbol.asyncIterator](): AsyncIterator<TaskOutcome<T>, undefined, undefined>;
}

/** Makes the stream; see `Task.asyncStream`. */
export function taskStream<I, T>(
  items: Iterable<I>,
  startTask: TaskStarter<I>,
  options: TaskStreamOptions,
): TaskStream<T> {
  const {
    maxConcurrency,
    ordered = true,
    timeoutMs = CALL_TIMEOUT_MS,
    onTimeout = "exit",
    zipInputOnExit = false,
  } = options;
  if (!Number.isInteger(maxConcurrency) || maxConcurrency < 1)
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot stream tasks as maxConcurrency must be an integer >= 1: current value is ${show(maxConcurrency)}`,
      maxConcurrency,
    );
  if (timeoutMs !== "infinity") checkedDelay(timeoutMs);
  return new Stream<I, T>(items, startTask, { maxConcurrency, ordered, timeoutMs, onTimeout, zipInputOnExit });
}

interface Link {
  readonly consumer: Process;
  readonly guard: Process;
  /** With which the consumer monitors the guard, and through which its news come. */
  readonly ref: Monitor;
}

class Stream<I, T> implements TaskStream<T> {
  readonly #startTask: TaskStarter<I>;
  readonly #options: Required<TaskStreamOptions>;
  readonly #source: Iterator<I>;
  /** Results that have not been asked for, by position; in the order of their coming. */
  readonly #ready = new Map<number, TaskOutcome<T>>();
  /** Items of running tasks, where they are part of the result. */
  readonly #inputs = new Map<number, I>();
  #link: Link | null = null;
  #isSourceDry = false;
  #started = 0;
  #running = 0;
  #delivered = 0;

  constructor(items: Iterable<I>, startTask: TaskStarter<I>, options: Required<TaskStreamOptions>) {
    this.#source = items[Symbol.iterator]();
    this.#startTask = startTask;
    this.#options = options;
  }

  next(): Operation<TaskOutcome<T> | undefined> {
    return procedure(() => this.#next());
  }

  collect(): Operation<TaskOutcome<T>[]> {
    return procedure(() => this.#collect());
  }

  halt(): Operation<void> {
    return procedure(() => this.#halt());
  }

  [Symbol.asyncIterator](): AsyncIterator<TaskOutcome<T>, undefined, undefined> {
    return {
      next: async () => {
        const value = await this.next();
        return value === undefined ? { done: true, value } : { done: false, value };
      },
      return: async () => {
        await this.halt();
        return { done: true, value: undefined };
      },
    };
  }

  *#collect(): Steps<TaskOutcome<T>[]> {
    const results: TaskOutcome<T>[] = [];
    for (let result = yield* this.#next(); result !== undefined; result = yield* this.#next()) results.push(result);
    return results;
  }

  *#next(): Steps<TaskOutcome<T> | undefined> {
    const consumer = this.#requireConsumer();
    for (;;) {
      const result = this.#takeReady();
      if (result !== undefined) return result;
      yield* this.#fill(consumer);
      if (this.#link === null || this.#running === 0) break;
      yield* this.#hear(this.#link);
    }
    yield* this.#halt();
    return undefined;
  }

  #requireConsumer(): Process {
    const process = requireProcess("take from a stream of tasks");
    if (this.#link === null || this.#link.consumer === process) return process;
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot take from a stream of tasks as only its consumer ${String(this.#link.consumer)} may: this process is ${String(process)}`,
      process,
    );
  }

  /** The result that is due, if it is there. */
  #takeReady(): TaskOutcome<T> | undefined {
    const [first = this.#delivered] = this.#options.ordered ? [] : this.#ready.keys();
    const result = this.#ready.get(first);
    if (result === undefined) return undefined;
    this.#ready.delete(first);
    this.#delivered++;
    return result;
  }

  /** Starts as many tasks as there may be. A source that fails halts the stream. */
  *#fill(consumer: Process): Steps<void> {
    try {
      while (!this.#isSourceDry && this.#running < this.#options.maxConcurrency) this.#startOne(consumer);
    } catch (error) {
      this.#isSourceDry = true;
      yield* this.#halt();
      throw error;
    }
  }

  #startOne(consumer: Process): void {
    const item = this.#source.next();
    if (item.done === true) {
      this.#isSourceDry = true;
      return;
    }
    const { guard: to } = (this.#link ??= this.#open(consumer));
    const position = this.#started++;
    if (this.#options.zipInputOnExit) this.#inputs.set(position, item.value);
    send<GuardOrder>(to, { type: "start", position, item: item.value });
    this.#running++;
  }

  #open(consumer: Process): Link {
    const ref = new Monitor(consumer.node.nextRefId(), consumer, "demonitor", null);
    const plan = {
      consumer,
      consumerTraps: (consumer.flags & TRAPS_EXITS) !== 0,
      ref,
      startTask: this.#startTask,
      timeoutMs: this.#options.timeoutMs,
    };
    const made = startProcess(currentNode(), guard, [plan], { link: true, entry: "task_stream" });
    attachMonitor(ref, made);
    return { consumer, guard: made, ref };
  }

  *#hear({ consumer, guard: from, ref }: Link): Steps<void> {
    // Only the guard, and its end, come through the ref.
    const news = (yield* consumer.receive(ref)) as StreamNews | Down;
    if (news.type === "DOWN") {
      yield* this.#halt();
      throw failure(news.reason, from, "stream");
    }
    this.#running--;
    const item = this.#inputs.get(news.position);
    this.#inputs.delete(news.position);
    if (news.isTimeout && this.#options.onTimeout === "exit") {
      yield* this.#halt();
      throw failure("timeout", from, "stream");
    }
    // The tasks' side of the protocol is typed by the function.
    const outcome = news.outcome as TaskOutcome<T>;
    const isZipped = this.#options.zipInputOnExit && outcome.type === "exit";
    this.#ready.set(news.position, isZipped ? { type: "exit", reason: [item, outcome.reason] } : outcome);
  }

  *#halt(): Steps<void> {
    const link = this.#link;
    this.#ready.clear();
    this.#running = 0;
    if (!this.#isSourceDry) this.#source.return?.();
    this.#isSourceDry = true;
    if (link === null) return;
    this.#link = null;
    yield* dismiss(link);
  }
}

/** Ends the guard and its tasks. Nothing of them is left in the mailbox. */
function* dismiss({ consumer, guard: dismissed, ref }: Link): Steps<void> {
  unlink(dismissed);
  send<GuardOrder>(dismissed, { type: "stop" });
  while (ref.target !== null) yield* consumer.receive(ref);
  demonitor(ref, { flush: true });
  yield* consumer.receive((message: unknown) => isExitOf(message, dismissed)).after(0);
}
