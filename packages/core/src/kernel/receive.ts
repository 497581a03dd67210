// Receiving: the next message, or the first that matches.
//
// A selective receive walks the mailbox from the front, takes the first message that matches and leaves the rest in order.
// When nothing matches it remembers how far it came and goes on from there when the process is woken, so that no message is
// looked at twice in one wait. A receive that waits for a fresh ref starts behind what was there when the ref was made: the
// ref cannot be in older messages (BEAM's receive marker).

import { chunksOf, takeAt, takeFirst, waitsAlone } from "../mechanisms/mailbox.ts";
import type { MessageChunk } from "../mechanisms/message-chunk.ts";
import { accepts, firstMatch } from "../mechanisms/search.ts";
import { Ref } from "../values/ref.ts";
import { TIMEOUT } from "../values/system-messages.ts";
import { cpu } from "./cpu.ts";
import { EVENT_BIT } from "./events.ts";
import { notInProcess, operationInUse } from "./misuse.ts";
import { finished, KernelOperation, type Operation, PREEMPTED, type Suspension, WAIT } from "./operation.ts";
import { isLiving, type Process, TRACED } from "./process.ts";
import { checkedDelay, type Timer } from "./timer.ts";
import type { YoungWait } from "./young-waits.ts";

/** A receive, which `after` can bound in time. */
export interface ReceiveOperation<T> extends Operation<T> {
  /**
   * Gives up after `ms` milliseconds and returns {@link TIMEOUT}.
   *
   * @remarks
   * Measured from entry to the receive; messages that do not match do not restart it. With 0 the mailbox is looked through
   * once and nobody waits. A message that is there wins over the time.
   */
  after(ms: number | "infinity"): Operation<T | TIMEOUT>;
}

/** Takes the oldest message: stateless, so one object serves every process. */
class ReceiveAny extends KernelOperation<unknown> implements ReceiveOperation<unknown> {
  override next(): IteratorResult<Suspension, unknown> {
    const process = cpu.process;
    if (process === null) throw notInProcess("receive");
    if (process.queueLength === 0) {
      process.awaiting = null;
      return WAIT;
    }
    if (--cpu.reductions < 0) return PREEMPTED;
    const message = takeFirst(process);
    if ((process.flags & TRACED) !== 0) traceReceive(process, message);
    return finished(message);
  }

  after(ms: number | "infinity"): Operation<unknown> {
    return new SelectiveReceive(undefined).after(ms);
  }
}

/** The receive without pattern. */
export const RECEIVE_ANY: ReceiveAny = new ReceiveAny();

/** Takes the oldest message that matches a pattern, a guard or a ref. */
export class SelectiveReceive extends KernelOperation<unknown> implements ReceiveOperation<unknown>, YoungWait {
  readonly #match: unknown;
  #timeoutMs = Number.POSITIVE_INFINITY;
  #timer: Timer | null = null;
  /** Whether this wait has begun; then everything before slot `#at` of `#chunk` has been looked at. */
  #waiting = false;
  #process: Process | null = null;
  #chunk: MessageChunk | null = null;
  #at = 0;

  constructor(match: unknown) {
    super();
    this.#match = match;
  }

  after(ms: number | "infinity"): this {
    this.#timeoutMs = ms === "infinity" ? Number.POSITIVE_INFINITY : checkedDelay(ms);
    return this;
  }

  override next(): IteratorResult<Suspension, unknown> {
    const process = cpu.process;
    if (process === null) throw notInProcess("receive");
    if (--cpu.reductions < 0) return PREEMPTED;
    if (this.#process !== null && this.#process !== process) this.#takeOver(this.#process);
    if (!this.#waiting) this.#startAtMark(process);
    // A message that waits alone is looked at where it is; one that stays moves to where it is remembered.
    if (waitsAlone(process)) {
      if (accepts(this.#match, process.front, null)) return this.#end(process, takeFirst(process));
      this.#chunk = chunksOf(process);
      this.#at = 1;
    }
    const chunk = this.#find(process);
    return chunk === null ? this.#wait(process) : this.#end(process, takeAt(process, chunk, this.#at));
  }

  #end(process: Process, message: unknown): IteratorResult<Suspension, unknown> {
    this.#reset(process);
    if ((process.flags & TRACED) !== 0) traceReceive(process, message);
    return finished(message);
  }

  /** Whoever waited for this operation before must have ended; what it left is forgotten. */
  #takeOver(former: Process): void {
    if (isLiving(former)) throw operationInUse(former);
    this.#reset(former);
  }

  /** A message for a fresh ref can only be behind what waited when the ref was made. */
  #startAtMark({ rare }: Process): void {
    if (rare === null || rare.mark === null || !mentions(this.#match, rare.markedRef)) return;
    this.#chunk = rare.mark;
    this.#at = rare.markAt;
  }

  /** Goes to the next message that matches. @returns the chunk in which it waits, in slot `#at`; null when there is none */
  #find(process: Process): MessageChunk | null {
    // What was remembered may be gone, as a full mailbox may have displaced it: then from the front again.
    if (this.#chunk?.isLinked !== true) {
      this.#chunk = chunksOf(process);
      this.#at = 0;
    }
    for (let chunk = this.#chunk; chunk !== null; chunk = chunk.next) {
      const at = firstMatch(chunk, chunk === this.#chunk ? this.#at : chunk.start, this.#match);
      this.#chunk = chunk;
      this.#at = at;
      if (at < chunk.end) return chunk;
    }
    return null;
  }

  #wait(process: Process): IteratorResult<Suspension, unknown> {
    if (this.#timedOut(process)) {
      this.#reset(process);
      return finished(TIMEOUT);
    }
    this.#waiting = true;
    this.#process = process;
    process.awaiting = this.#match instanceof Ref ? this.#match : null;
    return WAIT;
  }

  #timedOut(process: Process): boolean {
    if (this.#timeoutMs === 0) return true;
    if (this.#timer !== null) return !process.node.timers.isPending(this.#timer);
    if (this.#timeoutMs !== Number.POSITIVE_INFINITY && !this.#waiting) process.node.waits.add(this);
    return false;
  }

  get isWaiting(): boolean {
    return this.#waiting;
  }

  attach(): void {
    // It has no monitor.
  }

  armTimer(): void {
    const process = this.#process;
    if (process === null || this.#timer !== null) return;
    this.#timer = process.node.timers.wakeAfter(process, this.#timeoutMs);
  }

  #reset(process: Process): void {
    if (this.#timer !== null) process.node.timers.drop(this.#timer);
    this.#timer = null;
    this.#waiting = false;
    this.#process = null;
    this.#chunk = null;
    this.#at = 0;
  }
}

function mentions(match: unknown, ref: Ref | null): boolean {
  if (match === ref) return true;
  if (typeof match !== "object" || match === null) return false;
  // Own keys of a pattern; a list of its values would be made for each receive.
  for (const key in match) if ((match as Record<string, unknown>)[key] === ref) return true;
  return false;
}

function traceReceive(process: Process, message: unknown): void {
  const { events } = process.node;
  if ((events.wanted & EVENT_BIT.receive) !== 0)
    events.emit({ type: "receive", at: process.node.now(), pid: process, message });
}
