// A node: one scheduler with its processes, names, timers and events, behind one platform. A node is a value; two may live in one
// program, and a process of one may send to a process of the other.

import { NameTable } from "../mechanisms/name-table.ts";
import { ProcessTable } from "../mechanisms/process-table.ts";
import { KrarupError } from "../values/errors.ts";
import { PROCESSES_MAX, SLICE_REDUCTIONS } from "../values/limits.ts";
import type { AnyPid } from "../values/pid.ts";
import { cpu } from "./cpu.ts";
import {
  type CrashReport,
  EVENT_BIT,
  EventStream,
  type KernelEvent,
  type KernelEventType,
  type Report,
} from "./events.ts";
import { endByException, terminate } from "./exit.ts";
import { NodeTimers } from "./node-timers.ts";
import type { Cancellation, CancelSignal, Platform, StrayError } from "./platform.ts";
import { CANCELS, DAEMON, EXITED, HOLDS, isLiving, NAMED, Process, TRACED } from "./process.ts";
import { Resources } from "./resources.ts";
import { Scheduler } from "./scheduler.ts";
import { YoungWaits } from "./young-waits.ts";

/** How a node differs from the default one. */
export interface NodeOptions {
  /** Name of the node, as monitors by name report it; default `"nonode@nohost"`, as in Erlang. */
  readonly name?: string;
  readonly platform: Platform;
  /** Processes that may live at once; default 4,194,304. One more spawn throws `ERR_SYSTEM_LIMIT`. */
  readonly processesMax?: number;
  /** Reductions of one slice; default 4,000. Fewer mean more interleaving and more overhead. */
  readonly sliceReductions?: number;
  /**
   * `"stderr"` gives the log a handler `"default"` that prints every unexpected crash, stray error and error report, and what is logged;
   * `"none"` leaves them to subscribers, and to handlers that the program adds. Default `"stderr"`.
   */
  readonly reports?: "stderr" | "none";
}

/** Adds to a node what prints its reports. */
let addReporter: ((node: Node) => void) | null = null;

/** Says who prints the reports of nodes made from now on. Called once by the entry point of the package. */
export function declareReporter(add: (node: Node) => void): void {
  addReporter = add;
}

/**
 * One runtime: a scheduler and everything it runs.
 *
 * @remarks
 * Programs rarely hold one: `spawn` and its sisters act on the node of the running process, or on the default node. Tests and
 * programs with several nodes make their own with `createNode`.
 */
export class Node {
  readonly name: string;
  /** @internal */
  readonly platform: Platform;
  /** @internal */
  readonly events: EventStream;
  /** @internal */
  readonly names: NameTable<Process> = new NameTable();
  /** @internal */
  readonly table: ProcessTable<Process> = new ProcessTable();
  /** @internal */
  readonly resources: Resources = new Resources();
  /** @internal */
  readonly timers: NodeTimers;
  /** @internal */
  readonly waits: YoungWaits = new YoungWaits();
  /** @internal */
  readonly scheduler: Scheduler;
  /** Stands for the world outside all processes as the sender of signals; it understands no message. @internal */
  readonly system: Process;
  /** Called at the end of each turn, and when the node halts. @internal */
  atSettle: (() => void) | null = null;
  /** Where output goes unless a process has another group leader. @internal */
  user: Process | null = null;
  readonly #processesMax: number;
  readonly #startedAtMs: number;
  readonly #cancellations = new WeakMap<Process, Cancellation>();
  readonly #stopStray: () => void;
  #refs = 0;
  #keepers = 0;
  #isKeptAlive = false;
  #isHalted = false;

  constructor(options: NodeOptions) {
    this.name = options.name ?? "nonode@nohost";
    this.platform = options.platform;
    this.#startedAtMs = options.platform.now();
    this.#processesMax = options.processesMax ?? PROCESSES_MAX;
    this.events = new EventStream(
      (error) => this.reportStray(error, null),
      () => this.#retrace(),
    );
    this.timers = new NodeTimers(this);
    this.scheduler = new Scheduler(this, options.sliceReductions ?? SLICE_REDUCTIONS);
    this.system = new Process(this, 0, 0, EXITED, null, null, 0);
    this.#stopStray = this.platform.onStray((stray) => this.#takeStray(stray));
    this.platform.owner.start(() => cpu.process);
    if (options.reports !== "none") addReporter?.(this);
  }

  /** Milliseconds since the node was made. */
  now(): number {
    return this.platform.now() - this.#startedAtMs;
  }

  /** Living processes. */
  get processCount(): number {
    return this.table.size;
  }

  /** Whether the program goes on for the sake of this node. @internal */
  get isNeeded(): boolean {
    return this.#keepers > 0;
  }

  /** Processes for whose sake the program does not end: all that are alive and no daemons. */
  whyAlive(): AnyPid[] {
    return [...this.table].filter((process) => (process.flags & DAEMON) === 0);
  }

  /**
   * Calls `listener` for each event of the given types until the returned function is called.
   *
   * @remarks
   * The listener runs inside the kernel: it must be quick, must not throw and must not keep what it is given for long. Events of
   * types `send`, `receive` and `slice` slow every process of the node down while somebody wants them.
   */
  subscribe(types: readonly KernelEventType[], listener: (event: KernelEvent) => void): () => void {
    return this.events.subscribe(types, listener);
  }

  /**
   * Ends every process at once, without unwinding, and lets go of the platform.
   *
   * @remarks
   * As `erlang:halt`: nothing is told and nothing runs. An orderly stop is the business of a supervisor.
   */
  halt(): void {
    this.#isHalted = true;
    for (const process of [...this.table]) terminate(process, "killed");
    this.settle();
    this.timers.stop();
    this.#stopStray();
  }

  /** A record for a new process, entered in the table. @internal */
  admit(flags: number, parent: Process | null, entry: unknown): Process {
    if (this.#isHalted) throw new KrarupError("ERR_NODE_STOPPED", `Cannot spawn as node ${this.name} has been halted`);
    if (this.table.size >= this.#processesMax)
      throw new KrarupError(
        "ERR_SYSTEM_LIMIT",
        `Cannot spawn as at most ${this.#processesMax} processes may live at once (processesMax)`,
        this.#processesMax,
      );
    const index = this.table.allocate();
    // Whole milliseconds stay a small integer in the record.
    const bornAt = Math.floor(this.scheduler.recentMs - this.#startedAtMs);
    const traced = this.events.wantsTracing ? TRACED : 0;
    const process = new Process(this, index, this.table.serialOf(index), flags | traced, parent, entry, bornAt);
    this.table.insert(process);
    if ((flags & DAEMON) === 0) this.#keepers++;
    if ((this.events.wanted & EVENT_BIT.spawn) !== 0)
      this.events.emit({ type: "spawn", at: this.now(), pid: process, parent });
    return process;
  }

  /** Gives `name` to `process`. @internal */
  nameProcess(name: string, process: Process): void {
    this.names.register(name, process);
    process.flags |= NAMED;
    if ((this.events.wanted & EVENT_BIT.register) !== 0)
      this.events.emit({ type: "register", at: this.now(), pid: process, name });
  }

  /** Frees what `process`, which has ended, held in the node's tables. @internal */
  release(process: Process, reason: unknown): void {
    this.table.release(process);
    // Ended from outside all processes, the last one leaves no turn behind that would let the program end.
    if ((process.flags & DAEMON) === 0 && --this.#keepers === 0 && !this.#isHalted) this.scheduler.requestTurn();
    if ((process.flags & NAMED) !== 0) this.#releaseName(process);
    if (process.timers !== null) this.timers.dropOf(process);
    if ((process.flags & HOLDS) !== 0) this.resources.release(process);
    if ((process.flags & CANCELS) !== 0) this.#cancellations.get(process)?.abort(reason);
  }

  #releaseName(process: Process): void {
    const name = this.names.nameOf(process);
    if (name === undefined) return;
    this.names.unregister(name);
    if ((this.events.wanted & EVENT_BIT.unregister) !== 0)
      this.events.emit({ type: "unregister", at: this.now(), pid: process, name });
  }

  /** The id of the next ref. @internal */
  nextRefId(): number {
    return ++this.#refs;
  }

  /** What the end of a turn leaves to do: what young waits need, the alarm, and whether the program must go on. @internal */
  settle(): void {
    this.waits.settle();
    this.timers.settle();
    if (this.atSettle !== null) this.atSettle();
    const wanted = this.isNeeded;
    if (wanted === this.#isKeptAlive) return;
    this.#isKeptAlive = wanted;
    this.platform.keepAlive(wanted);
  }

  /** A signal that aborts when `process` ends. @internal */
  cancelSignalOf(process: Process): CancelSignal {
    let cancellation = this.#cancellations.get(process);
    if (cancellation === undefined) {
      cancellation = this.platform.cancellation();
      this.#cancellations.set(process, cancellation);
      process.flags |= CANCELS;
    }
    return cancellation.signal;
  }

  /** Makes an unexpected crash known. @internal */
  reportCrash(report: CrashReport): void {
    if ((this.events.wanted & EVENT_BIT.crash) !== 0) this.events.emit({ type: "crash", at: this.now(), report });
  }

  /** Makes an error known that no process can be ended for. @internal */
  reportStray(error: unknown, pid: Process | null): void {
    if ((this.events.wanted & EVENT_BIT.stray) !== 0) this.events.emit({ type: "stray", at: this.now(), error, pid });
  }

  /** Makes a library's report known: a supervisor's restart, progress. @internal */
  report(pid: Process | null, report: Report): void {
    if ((this.events.wanted & EVENT_BIT.report) !== 0)
      this.events.emit({ type: "report", at: this.now(), pid, report });
  }

  #takeStray({ error, owner }: StrayError): void {
    if (!(owner instanceof Process)) return this.reportStray(error, null);
    if (owner.node !== this) return;
    if (isLiving(owner)) endByException(owner, error);
    else this.reportStray(error, owner);
  }

  #retrace(): void {
    const traced = this.events.wantsTracing;
    for (const process of this.table) process.flags = traced ? process.flags | TRACED : process.flags & ~TRACED;
  }
}
