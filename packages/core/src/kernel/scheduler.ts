// The scheduler: cooperative, one per node, in user space.
//
//   event loop ──► turn ──► slice ──► slice ──► … ──► back to the event loop after TURN_MS
//
// A process runs until it waits or has spent its reductions; every operation spends one, every send spends one. Four queues, one per
// priority: max before high before the rest; a waiting low one is let in after every eighth normal slice. That is OTP's rule.
//
// Back to the event loop always means a macrotask. With microtasks no I/O would ever run; with MessageChannel Node runs a thousand
// of them per loop, and I/O waits 200 ms.

import { RunQueue } from "../mechanisms/run-queue.ts";
import { KrarupError, show } from "../values/errors.ts";
import { LOW_PRIORITY_SKIPS, TURN_MS } from "../values/limits.ts";
import { cpu } from "./cpu.ts";
import { EVENT_BIT } from "./events.ts";
import { endByException, terminate } from "./exit.ts";
import type { Node } from "./node.ts";
import { PREEMPTED, WAIT } from "./operation.ts";
import {
  DOOMED,
  EXITED,
  PRIORITY_MASK,
  PRIORITY_SHIFT,
  type Process,
  RUNNABLE,
  RUNNING,
  rareOf,
  STATE,
  TRACED,
  WAITING,
} from "./process.ts";

const LOW = 0;
const NORMAL = 1;
const HIGH = 2;
const MAX = 3;
/** Slices between two looks at the clock at most; a look costs 40 ns, a short slice 60. */
const SLICES_PER_LOOK_MAX = 64;

/** Decides what runs next on one node. */
export class Scheduler {
  readonly #node: Node;
  readonly #sliceReductions: number;
  readonly #queues: readonly RunQueue<Process>[] = [new RunQueue(), new RunQueue(), new RunQueue(), new RunQueue()];
  readonly #turn: () => void = () => this.#runTurn();
  #normalSlicesSinceLow = 0;
  #turnScheduled = false;
  #slicesPerLook = 1;
  /** The clock as last read. */
  #clockMs: number;
  /** Slices ever run. */
  slices = 0;

  constructor(node: Node, sliceReductions: number) {
    this.#node = node;
    this.#sliceReductions = sliceReductions;
    this.#clockMs = node.platform.now();
  }

  /** Milliseconds on the node's clock when the scheduler last looked: cheap, and at most one turn old while busy. */
  get recentMs(): number {
    return this.#clockMs;
  }

  /** Processes that could run now. */
  get runnable(): number {
    let count = 0;
    for (const queue of this.#queues) count += queue.length;
    return count;
  }

  /** Puts a process that stands in no queue at the end of its queue. */
  wake(process: Process): void {
    process.flags = (process.flags & ~STATE) | RUNNABLE;
    this.#queueOf(process).push(process);
    this.requestTurn();
  }

  /** Makes a turn come, if none is due or running, even with nothing to run: a turn ends with the node settling. */
  requestTurn(): void {
    if (!this.#turnScheduled) this.#schedule();
  }

  /** Wakes `process` if it waits for whatever; does nothing for one that runs, can run or has ended. */
  wakeIfWaiting(process: Process): void {
    if ((process.flags & STATE) === WAITING) this.wake(process);
  }

  #queueOf(process: Process): RunQueue<Process> {
    return this.#queueAt((process.flags >> PRIORITY_SHIFT) & PRIORITY_MASK);
  }

  #queueAt(priority: number): RunQueue<Process> {
    // The mask leaves 0 to 3, and there are four queues.
    return this.#queues[priority] as RunQueue<Process>;
  }

  #schedule(): void {
    this.#turnScheduled = true;
    this.#node.platform.schedule(this.#turn);
  }

  #runTurn(): void {
    if (cpu.process !== null)
      throw new KrarupError(
        "ERR_BUSY_PROCESS",
        `Cannot run a turn from inside ${String(cpu.process)}: step the platform from outside`,
      );
    const startMs = this.#node.platform.now();
    this.#clockMs = startMs;
    let untilLook = this.#slicesPerLook;
    for (let process = this.#next(); process !== null; process = this.#next()) {
      this.#runSlice(process);
      if (--untilLook > 0) continue;
      if (this.#isOver(startMs)) {
        this.#schedule();
        this.#node.settle();
        return;
      }
      untilLook = this.#slicesPerLook;
    }
    this.#turnScheduled = false;
    this.#node.settle();
  }

  /** Looks at the clock, and tunes the next look to come after about an eighth of a turn. */
  #isOver(startMs: number): boolean {
    const now = this.#node.platform.now();
    const sinceLook = now - this.#clockMs;
    this.#clockMs = now;
    if (sinceLook > TURN_MS / 4) this.#slicesPerLook = Math.max(1, this.#slicesPerLook >> 1);
    else if (sinceLook < TURN_MS / 8 && this.#slicesPerLook < SLICES_PER_LOOK_MAX) this.#slicesPerLook <<= 1;
    return now - startMs >= TURN_MS;
  }

  #next(): Process | null {
    const { choose } = this.#node.platform;
    const queue = this.#nextQueue();
    if (choose !== undefined && queue.length > 1) return queue.takeAt(choose(queue.length));
    return queue.shift();
  }

  #nextQueue(): RunQueue<Process> {
    const normal = this.#queueAt(NORMAL);
    if (this.#queueAt(MAX).length > 0) return this.#queueAt(MAX);
    if (this.#queueAt(HIGH).length > 0) return this.#queueAt(HIGH);
    const low = this.#queueAt(LOW);
    if (low.length === 0) return normal;
    if (normal.length > 0 && ++this.#normalSlicesSinceLow <= LOW_PRIORITY_SKIPS) return normal;
    this.#normalSlicesSinceLow = 0;
    return low;
  }

  #runSlice(process: Process): void {
    if ((process.flags & (STATE | TRACED)) !== RUNNABLE) {
      // It ended while it stood in the queue, or somebody wants to see its slices.
      if ((process.flags & STATE) === RUNNABLE) this.#runTracedSlice(process);
      return;
    }
    this.slices++;
    this.#runBody(process);
  }

  #runBody(process: Process): void {
    const { body } = process;
    // A runnable process has a body: only its end takes it away.
    if (body === null) return;
    process.flags = (process.flags & ~STATE) | RUNNING;
    cpu.process = process;
    cpu.reductions = this.#sliceReductions;
    let step: IteratorResult<unknown, unknown>;
    try {
      step = body.next();
    } catch (error) {
      this.#leave(process);
      if (!this.#endDoomed(process)) endByException(process, error);
      return;
    }
    this.#leave(process);
    if ((process.flags & DOOMED) !== 0) this.#endDoomed(process);
    else if ((process.flags & STATE) === EXITED) return; // its node was halted from inside
    else if (step === WAIT) process.flags = (process.flags & ~STATE) | WAITING;
    else if (step === PREEMPTED) this.wake(process);
    else if (step.done === true) terminate(process, "normal");
    else endByException(process, foreignYield(step.value));
  }

  #leave(process: Process): void {
    cpu.process = null;
    process.reductions += this.#sliceReductions - cpu.reductions;
  }

  #endDoomed(process: Process): boolean {
    if ((process.flags & DOOMED) === 0) return false;
    terminate(process, process.rare?.doom);
    return true;
  }

  #runTracedSlice(process: Process): void {
    const { events, platform } = this.#node;
    const before = process.reductions;
    const startMs = platform.now();
    this.slices++;
    this.#runBody(process);
    const durationMs = platform.now() - startMs;
    rareOf(process).busyMs += durationMs;
    if ((events.wanted & EVENT_BIT.slice) !== 0)
      events.emit({ type: "slice", at: startMs, pid: process, reductions: process.reductions - before, durationMs });
  }
}

function foreignYield(value: unknown): KrarupError {
  return new KrarupError(
    "ERR_FOREIGN_YIELD",
    `Cannot suspend on ${show(value)}: a process body may only yield* operations such as self.receive()`,
    value,
  );
}
