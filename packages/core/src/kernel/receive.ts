// Receiving: the next message, or the first that matches.
//
// A selective receive walks the mailbox from the front, takes the first message that matches and leaves the rest in order.
// When nothing matches it remembers how far it came and goes on from there when the process is woken, so that no message is
// looked at twice in one wait. A receive that waits for a fresh ref starts behind what was there when the ref was made: the
// ref cannot be in older messages (BEAM's receive marker).

import { type Envelope, type Mailbox, take } from "../mechanisms/mailbox.ts";
import { hasType, matches, typeNamedBy } from "../mechanisms/pattern.ts";
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
    const envelope = process.head;
    if (envelope === null) {
      process.awaiting = null;
      return WAIT;
    }
    if (--cpu.reductions < 0) return PREEMPTED;
    const message = take(process, null, envelope);
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
  /** Whether this wait has begun; then `#before` is the last envelope looked at. */
  #waiting = false;
  #process: Process | null = null;
  #before: Envelope | null = null;

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
    if (!this.#waiting) this.#before = markFor(process, this.#match);
    const envelope = this.#find(process);
    if (envelope === null) return this.#wait(process);
    const message = take(process, this.#before, envelope);
    this.#reset(process);
    if ((process.flags & TRACED) !== 0) traceReceive(process, message);
    return finished(message);
  }

  /** Whoever waited for this operation before must have ended; what it left is forgotten. */
  #takeOver(former: Process): void {
    if (isLiving(former)) throw operationInUse(former);
    this.#reset(former);
  }

  #find(box: Mailbox): Envelope | null {
    const match = this.#match;
    // A full mailbox may have displaced the message at which this stopped: then from the front again.
    let before = this.#before?.taken === true ? null : this.#before;
    let at = before === null ? box.head : before.next;
    const type = typeNamedBy(match);
    while (at !== null && !((type === undefined || hasType(at.value, type)) && accepts(match, at))) {
      before = at;
      at = at.next;
    }
    this.#before = before;
    return at;
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
    this.#before = null;
  }
}

function accepts(match: unknown, envelope: Envelope): boolean {
  if (match === undefined) return true;
  if (match instanceof Ref) return envelope.tag === match;
  return typeof match === "function" ? passes(match, envelope.value) : matches(match, envelope.value);
}

/** As in Erlang, a guard that fails does not match. */
export function passes(guard: Function, message: unknown): boolean {
  try {
    return guard(message) === true;
  } catch {
    return false;
  }
}

/** The envelope behind which messages for a fresh ref can only be, or null for the whole mailbox. */
function markFor(process: Process, match: unknown): Envelope | null {
  const rare = process.rare;
  if (rare === null || rare.mark === null || rare.mark.taken) return null;
  return mentions(match, rare.markedRef) ? rare.mark : null;
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
