// The process record: everything the kernel knows of one process, and at the same time its pid.
//
// That a local pid is the record itself saves a look-up on every send and an object on every spawn (40 bytes, 24 % of the cost
// of spawning). All records have one shape; what most processes never need sits in `rare`, made on first use.
//
// Small facts share the integer `flags`, so that the unusual cases of a send are excluded by one test.

import type { Links } from "../mechanisms/links.ts";
import { isolate } from "../mechanisms/isolate.ts";
import { toExitReason } from "../mechanisms/exit-term.ts";
import { enqueue, type Envelope, type Mailbox } from "../mechanisms/mailbox.ts";
import type { Monitor, MonitorEnds } from "../mechanisms/monitors.ts";
import type { Runnable } from "../mechanisms/run-queue.ts";
import { judgeExitSignal } from "../mechanisms/verdict.ts";
import { KrarupError, show } from "../values/errors.ts";
import { inspectAsPrinted } from "../values/inspect.ts";
import { Identity } from "../values/identity.ts";
import type { Pid } from "../values/pid.ts";
import { Ref } from "../values/ref.ts";
import { AwaitPromise } from "./await-promise.ts";
import { bound } from "./async-body.ts";
import type { DictionaryKey } from "./dictionary.ts";
import { notAPid, notInProcess } from "./misuse.ts";
import type { Node } from "./node.ts";
import { finished, GONE, KernelOperation, type Operation, PREEMPTED, type Suspension } from "./operation.ts";
import { RECEIVE_ANY, type ReceiveOperation, SelectiveReceive } from "./receive.ts";
import { Sleep } from "./sleep.ts";
import type { Timer } from "./timer.ts";
import { cpu } from "./cpu.ts";
import type { CancelSignal } from "./platform.ts";

/** Mask of the four states. */
export const STATE = 3;
/** In a run queue. */
export const RUNNABLE = 0;
/** On the processor. */
export const RUNNING = 1;
/** Until a message, a timer or a promise. */
export const WAITING = 2;
/** Ended, or condemned to end before anybody can look. */
export const EXITED = 3;
/** Exit signals become messages. */
export const TRAPS_EXITS = 4;
/** Messages and slices are events. */
export const TRACED = 8;
/** The mailbox has a limit. */
export const BOUNDED = 16;
/** An exit signal arrived while it was running; it ends at the next operation. */
export const DOOMED = 32;
/** Does not keep its node alive. */
export const DAEMON = 64;
/** The body is an async function. */
export const ASYNC = 128;
/** A library process: every end but an orderly one is a crash worth a report. */
export const LIBRARY = 256;
/** It has a registered name. */
export const NAMED = 512;
/** A signal of the outside world must be aborted when it ends. */
export const CANCELS = 1024;
/** Something must be told when it ends, see `resources.ts`. Above the two bits of the priority. */
export const HOLDS = 8192;
/** The end of its parent, which is linked, is an order to stop: it is a behaviour. */
export const OBEYS_PARENT = 32768;
/** It has given its turn away and has not been resumed yet. */
const GAVE_TURN = 16384;
/** The two bits of the priority start here. */
export const PRIORITY_SHIFT = 11;
/** Mask of the priority, shifted down. */
export const PRIORITY_MASK = 3;

/** Position of a priority in the scheduler's queues. */
export const PRIORITIES = ["low", "normal", "high", "max"] as const;

/** Scheduling priority of a process, OTP's names and rules. */
export type Priority = (typeof PRIORITIES)[number];

/** `awaiting` of a process that no message can wake. */
export const NO_MESSAGE: Ref = new Ref(0);

/** What runs inside a process: a generator, or the kernel's stand-in for another kind of body. */
export interface Body {
  next(): IteratorResult<unknown, unknown>;
  /** What a crash report can say about the body. */
  crashDetails?(): { readonly handling: unknown; readonly state: unknown };
  /** Whether a report follows of what it makes of the end of a child: that is what a supervisor does. */
  readonly judgesChildren?: boolean;
}

/** What can be done with a message for a full mailbox. */
export const MAILBOX_POLICIES = ["drop_newest", "drop_oldest", "exit"] as const;

/** What to do with a message for a full mailbox. */
export type MailboxPolicy = (typeof MAILBOX_POLICIES)[number];

/** What most processes never need. */
export interface Rare {
  label: unknown;
  dictionary: Map<{ readonly name: string }, unknown> | null;
  groupLeader: Process | null;
  mailboxLimit: number;
  mailboxPolicy: MailboxPolicy;
  /** Messages refused or displaced by the limit. */
  dropped: number;
  /** Valid while DOOMED. */
  doom: unknown;
  /** The last ref made while messages were waiting, and the last of them: receives by that ref start behind it. */
  markedRef: Ref | null;
  mark: Envelope | null;
  /** Messages sent, counted while TRACED. */
  sent: number;
  /** Milliseconds on the processor, counted while TRACED. */
  busyMs: number;
}

/** The record and pid of one local process. Users see it as {@link Pid} or, inside its own body, as {@link Self}. */
export class Process extends Identity implements Mailbox, MonitorEnds, Runnable<Process> {
  readonly index: number;
  readonly serial: number;
  readonly node: Node;
  flags: number;
  parent: Process | null;
  /** The function whose name says what the process does, or that name. */
  entry: unknown;
  body: Body | null = null;
  head: Envelope | null = null;
  tail: Envelope | null = null;
  queueLength = 0;
  /** Messages that ever arrived. */
  received = 0;
  reductions = 0;
  /** Milliseconds after the node's start, to the accuracy of a turn. */
  readonly bornAt: number;
  nextRunnable: Process | null = null;
  /** While waiting: the only tag that wakes it, or null for any message. */
  awaiting: Ref | null = null;
  links: Links<Process> = null;
  watchedBy: Monitor | null = null;
  watches: Monitor | null = null;
  /** Timers that end with this process. */
  timers: Timer | null = null;
  rare: Rare | null = null;

  constructor(
    node: Node,
    index: number,
    serial: number,
    flags: number,
    parent: Process | null,
    entry: unknown,
    bornAt: number,
  ) {
    super();
    this.index = index;
    this.serial = serial;
    this.node = node;
    this.flags = flags;
    this.parent = parent;
    this.entry = entry;
    this.bornAt = bornAt;
  }

  receive(match?: unknown): ReceiveOperation<unknown> {
    const operation = match === undefined ? RECEIVE_ANY : new SelectiveReceive(match);
    return (this.flags & ASYNC) === 0 ? operation : bound(this, operation);
  }

  sleep(ms: number): Operation<void> {
    return bind(this, new Sleep(ms));
  }

  yield(reductions = 0): Operation<void> {
    return bind(this, reductions === 0 ? GIVE_TURN : new GiveTurn(reductions));
  }

  await<T>(promise: PromiseLike<T> | ((signal: CancelSignal) => PromiseLike<T>)): Operation<T> {
    return bind(this, new AwaitPromise(promise));
  }

  signal(reason: unknown): Operation<true> {
    return bind(this, new SignalSelf(toExitReason(reason)));
  }

  trapExit(on = true): boolean {
    const before = (this.flags & TRAPS_EXITS) !== 0;
    this.flags = on ? this.flags | TRAPS_EXITS : this.flags & ~TRAPS_EXITS;
    return before;
  }

  setLabel(label: unknown): void {
    rareOf(this).label = isolate(label);
  }

  put<T>(key: DictionaryKey<T>, value: T): T | undefined {
    const rare = rareOf(this);
    rare.dictionary ??= new Map();
    const before = rare.dictionary.get(key);
    rare.dictionary.set(key, value);
    // A key's values are put under its own type only.
    return before as T | undefined;
  }

  get<T>(key: DictionaryKey<T>): T | undefined {
    // A key's values are put under its own type only.
    return this.rare?.dictionary?.get(key) as T | undefined;
  }

  erase<T>(key: DictionaryKey<T>): T | undefined {
    const before = this.get(key);
    this.rare?.dictionary?.delete(key);
    return before;
  }

  /** `<0.42.0>` */
  override toString(): string {
    return `<0.${this.index}.${this.serial}>`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** No private method of the record: each class that has one costs 8 bytes in every object. */
function bind<T>(process: Process, operation: KernelOperation<T>): Operation<T> {
  return (process.flags & ASYNC) === 0 ? operation : bound(process, operation);
}

inspectAsPrinted(Process.prototype);

/** The record behind a pid. */
export function recordOf(pid: Pid<never>): Process {
  if (pid instanceof Process) return pid;
  throw notAPid(pid);
}

/** The rare part of `process`, made on first use. */
export function rareOf(process: Process): Rare {
  process.rare ??= {
    label: undefined,
    dictionary: null,
    groupLeader: null,
    mailboxLimit: Number.POSITIVE_INFINITY,
    mailboxPolicy: "drop_newest",
    dropped: 0,
    doom: undefined,
    markedRef: null,
    mark: null,
    sent: 0,
    busyMs: 0,
  };
  return process.rare;
}

/** Whether `process` has not ended and nothing has condemned it. */
export function isLiving(process: Process): boolean {
  return (process.flags & STATE) !== EXITED;
}

/** Condemns the running `process`: it ends with `reason` at its next operation. The first reason stands. */
export function doom(process: Process, reason: unknown): void {
  if ((process.flags & DOOMED) !== 0) return;
  process.flags |= DOOMED;
  rareOf(process).doom = reason;
  // Spends the slice, so that the next operation hands over to the scheduler instead of going on.
  cpu.reductions = 0;
}

/** Notes that messages waiting now cannot carry `ref`. */
export function markFreshRef(process: Process, ref: Ref): void {
  const rare = rareOf(process);
  rare.markedRef = ref;
  rare.mark = process.tail;
}

/**
 * Gives way. Whether it has is noted in the process, so that one object serves every process that just gives its turn away: of 100,000
 * busy ones each would otherwise leave an object behind that lives for a whole round, old enough to fall to the slow collections.
 */
class GiveTurn extends KernelOperation<void> {
  readonly #reductions: number;

  constructor(reductions: number) {
    super();
    if (!Number.isSafeInteger(reductions) || reductions < 0)
      throw new KrarupError(
        "ERR_BAD_ARGUMENT",
        `Cannot yield as reductions must be an integer >= 0: current value is ${show(reductions)}`,
        reductions,
      );
    this.#reductions = reductions;
  }

  override next(): IteratorResult<Suspension, void> {
    const { process } = cpu;
    if (process === null) throw notInProcess("yield");
    if ((process.flags & GAVE_TURN) !== 0) {
      process.flags &= ~GAVE_TURN;
      return finished(undefined);
    }
    // A turn given away costs one reduction, as every operation does.
    cpu.reductions -= this.#reductions === 0 ? 1 : this.#reductions;
    if (this.#reductions > 0 && cpu.reductions >= 0) return finished(undefined);
    process.flags |= GAVE_TURN;
    return PREEMPTED;
  }
}

const GIVE_TURN = new GiveTurn(0);

/** An exit signal to oneself: acts before it returns, and no `catch` or `finally` sees it. */
class SignalSelf extends KernelOperation<true> {
  readonly #reason: unknown;

  constructor(reason: unknown) {
    super();
    this.#reason = reason;
  }

  override next(): IteratorResult<Suspension, true> {
    const process = cpu.process;
    if (process === null) throw notInProcess("signal");
    const verdict = judgeExitSignal("self", this.#reason, (process.flags & TRAPS_EXITS) !== 0);
    switch (verdict.do) {
      case "ignore":
        break;
      case "deliver":
        process.received++;
        enqueue(process, { type: "EXIT", pid: process, reason: this.#reason }, null);
        break;
      case "end":
        doom(process, verdict.reason);
        return GONE;
    }
    return finished(true);
  }
}
