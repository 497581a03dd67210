// Making processes.

import { addLink } from "../mechanisms/links.ts";
import { isolate } from "../mechanisms/isolate.ts";
import { attachMonitor, Monitor } from "../mechanisms/monitors.ts";
import { KrarupError, show } from "../values/errors.ts";
import type { Pid } from "../values/pid.ts";
import type { Ref } from "../values/ref.ts";
import { FunctionBody } from "./async-body.ts";
import { currentNode, currentProcess, requireProcess } from "./current.ts";
import { EVENT_BIT } from "./events.ts";
import type { Node } from "./node.ts";
import {
  type Body,
  BOUNDED,
  DAEMON,
  LIBRARY,
  MAILBOX_POLICIES,
  type MailboxPolicy,
  markFreshRef,
  PRIORITIES,
  type Priority,
  PRIORITY_SHIFT,
  type Process,
  rareOf,
  recordOf,
} from "./process.ts";
import type { ProcessBody } from "./self.ts";

/** How a process made by {@link spawnOpt} differs from one made by {@link spawn}. */
export interface SpawnOptions {
  /** Links the new process to this one, atomically with its birth. */
  readonly link?: boolean;
  /** Default `"normal"`. */
  readonly priority?: Priority;
  /** A name for people: any plain value. */
  readonly label?: unknown;
  /** A limit for ordinary messages in the mailbox; default none, as in Erlang. Replies, signals and timers are never refused. */
  readonly mailbox?: MailboxLimit;
  /** A daemon does not keep the program alive; default false. */
  readonly daemon?: boolean;
  /** The process to which output of this one goes; default the parent's. */
  readonly groupLeader?: Pid<never>;
  /** The node to live on; default that of the running process, or the default node. */
  readonly node?: Node;
}

/** The bound of a mailbox and what happens beyond it. */
export interface MailboxLimit {
  /** Ordinary messages that may wait. */
  readonly max: number;
  /**
   * What to do with one more: refuse it, displace the oldest, or end the receiver with reason `["mailbox_full", max]`. Refused and
   * displaced messages are counted in `processInfo`. Default `"drop_newest"`.
   */
  readonly whenFull?: MailboxPolicy;
}

/** What only sister packages may ask for. */
export interface InternalSpawnOptions extends SpawnOptions {
  /** A library process: any end but an orderly one is reported as a crash. */
  readonly library?: boolean;
  readonly monitor?: boolean;
  /** Shown as what the process runs, where that is not the body itself. */
  readonly entry?: unknown;
}

const NO_OPTIONS: InternalSpawnOptions = {};
const NORMAL_PRIORITY = 1 << PRIORITY_SHIFT;
// The one object that every generator function inherits from.
const generatorFunctions: object = Object.getPrototypeOf(function* () {});

/** Anything that can be called as a body. The typed face is {@link ProcessBody}. */
type AnyBody = (self: never, ...args: never) => unknown;

/**
 * Makes a process that runs `body`, and returns its pid at once.
 *
 * @remarks
 * The body gets its first turn later, never inside `spawn`. When it returns the process ends with reason `"normal"`; an error
 * that leaves it is the exit reason. Nobody is told unless linked or monitoring.
 *
 * **Ordering.** Messages sent to the pid from now on are there when the body first receives.
 * **Cost.** O(1); about 340 bytes for a process that waits.
 *
 * @param args - passed to the body after `self`; isolated like a message
 * @throws {@link KrarupError} `ERR_SYSTEM_LIMIT` when the node is full, `ERR_NOT_SENDABLE` for arguments that are no plain data
 *
 * @example
 * ```ts
 * import { type Pid, type Self, send, spawn } from "@krarup/core";
 *
 * const greeter = spawn(function* (self: Self<{ name: string; from: Pid<string> }>) {
 *   const { name, from } = yield* self.receive();
 *   send(from, `hello ${name}`);
 * });
 *
 * spawn(function* (self: Self<string>) {
 *   send(greeter, { name: "Agner", from: self });
 *   yield* self.receive(); // => "hello Agner"
 * });
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#spawn/1 | erlang:spawn/1}
 */
export function spawn<M = never, const A extends readonly unknown[] = []>(body: ProcessBody<M, A>, ...args: A): Pid<M> {
  return startProcess(currentNode(), body, isolateAll(args), NO_OPTIONS);
}

/**
 * As {@link spawn}, and links the new process to this one: if either ends for an unusual reason, so does the other.
 *
 * @remarks
 * The link is there from birth: a child that ends at once still sends its true reason.
 *
 * @throws {@link KrarupError} `ERR_NOT_IN_PROCESS` outside a process
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#spawn_link/1 | erlang:spawn_link/1}
 */
export function spawnLink<M = never, const A extends readonly unknown[] = []>(
  body: ProcessBody<M, A>,
  ...args: A
): Pid<M> {
  requireProcess("spawnLink");
  return startProcess(currentNode(), body, isolateAll(args), { link: true });
}

/**
 * As {@link spawn}, and monitors the new process: one `Down` message comes when it ends.
 *
 * @returns the pid, and the ref that the `Down` carries
 * @throws {@link KrarupError} `ERR_NOT_IN_PROCESS` outside a process
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#spawn_monitor/1 | erlang:spawn_monitor/1}
 */
export function spawnMonitor<M = never, const A extends readonly unknown[] = []>(
  body: ProcessBody<M, A>,
  ...args: A
): readonly [Pid<M>, Ref] {
  const watcher = requireProcess("spawnMonitor");
  const process = startProcess(currentNode(), body, isolateAll(args), NO_OPTIONS);
  return [process, watchNewborn(watcher, process)];
}

/**
 * As {@link spawn}, with options; the arguments come as one array.
 *
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for an option that makes no sense
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#spawn_opt/2 | erlang:spawn_opt/2}
 */
export function spawnOpt<M = never, const A extends readonly unknown[] = []>(
  body: ProcessBody<M, A>,
  args: A,
  options: SpawnOptions,
): Pid<M> {
  if (options.link === true) requireProcess("link a new process");
  return startProcess(options.node ?? currentNode(), body, isolateAll(args), options);
}

/** Makes a process whose arguments are already isolated. */
export function startProcess(
  node: Node,
  body: AnyBody,
  args: readonly unknown[],
  options: InternalSpawnOptions,
): Process {
  if (typeof body !== "function")
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot spawn as the body must be a function: current value is ${show(body)}`,
      body,
    );
  const process = admitProcess(node, options.entry ?? body, options);
  process.body = bodyOf(process, body, args);
  node.scheduler.wake(process);
  return process;
}

/** Makes a process that runs one of the kernel's own bodies. */
export function startBody(node: Node, makeBody: (process: Process) => Body, options: InternalSpawnOptions): Process {
  const process = admitProcess(node, options.entry, options);
  process.body = makeBody(process);
  node.scheduler.wake(process);
  return process;
}

function admitProcess(node: Node, entry: unknown, options: InternalSpawnOptions): Process {
  const parent = currentProcess();
  if (options !== NO_OPTIONS) checkOptions(options);
  const flags = options === NO_OPTIONS ? NORMAL_PRIORITY : flagsFor(options);
  const label = isolate(options.label);
  const process = node.admit(flags, parent, entry);
  const leader = parent?.rare?.groupLeader;
  if (leader !== undefined && leader !== null) rareOf(process).groupLeader = leader;
  if (options !== NO_OPTIONS) applyOptions(process, parent, options, label);
  return process;
}

function bodyOf(process: Process, body: AnyBody, args: readonly unknown[]): Body {
  // The public signatures have checked that the body takes these arguments.
  const call = body as (self: unknown, ...args: readonly unknown[]) => unknown;
  if (Object.getPrototypeOf(body) !== generatorFunctions)
    return new FunctionBody(process, () => call(process, ...args));
  // Calling a generator function runs none of its code, except to take its parameters apart.
  try {
    // A generator function returns a generator.
    return (args.length === 0 ? call(process) : call(process, ...args)) as Body;
  } catch (error) {
    return failing(error);
  }
}

/** The body of a process that cannot begin: the error is its own, and not that of whoever spawned it. */
function failing(error: unknown): Body {
  return {
    next() {
      throw error;
    },
  };
}

function isolateAll(args: readonly unknown[]): readonly unknown[] {
  return args.length === 0 ? args : args.map(isolate);
}

/** Refuses what makes no sense, before there is a process that would have to be undone. */
function checkOptions({ priority = "normal", mailbox, groupLeader }: InternalSpawnOptions): void {
  if (!PRIORITIES.includes(priority))
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot spawn as the priority must be one of ${PRIORITIES.join(", ")}: current value is ${show(priority)}`,
      priority,
    );
  if (groupLeader !== undefined) recordOf(groupLeader);
  if (mailbox === undefined) return;
  const { max, whenFull = "drop_newest" } = mailbox;
  if (!Number.isInteger(max) || max < 1)
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot spawn as mailbox.max must be an integer >= 1: current value is ${show(max)}`,
      max,
    );
  if (!MAILBOX_POLICIES.includes(whenFull))
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot spawn as mailbox.whenFull must be one of ${MAILBOX_POLICIES.join(", ")}: current value is ${show(whenFull)}`,
      whenFull,
    );
}

function flagsFor(options: InternalSpawnOptions): number {
  return (
    (PRIORITIES.indexOf(options.priority ?? "normal") << PRIORITY_SHIFT) |
    (options.mailbox === undefined ? 0 : BOUNDED) |
    (options.daemon === true ? DAEMON : 0) |
    (options.library === true ? LIBRARY : 0)
  );
}

function applyOptions(process: Process, parent: Process | null, options: InternalSpawnOptions, label: unknown): void {
  if (label !== undefined) rareOf(process).label = label;
  if (options.mailbox !== undefined) limitMailbox(process, options.mailbox);
  // A pid of this node is a process record.
  if (options.groupLeader !== undefined) rareOf(process).groupLeader = options.groupLeader as Process;
  if (parent === null) return;
  if (options.link === true) linkNewborn(parent, process);
  if (options.monitor === true) watchNewborn(parent, process);
}

function limitMailbox(process: Process, { max, whenFull }: MailboxLimit): void {
  const rare = rareOf(process);
  rare.mailboxLimit = max;
  rare.mailboxPolicy = whenFull ?? "drop_newest";
}

function linkNewborn(parent: Process, process: Process): void {
  parent.links = addLink(parent.links, process);
  process.links = parent;
  const { events } = process.node;
  if ((events.wanted & EVENT_BIT.link) !== 0)
    events.emit({ type: "link", at: process.node.now(), pid: parent, peer: process });
}

function watchNewborn(watcher: Process, process: Process): Ref {
  const monitor = new Monitor(watcher.node.nextRefId(), watcher, "none", null);
  if (watcher.queueLength > 0) markFreshRef(watcher, monitor);
  attachMonitor(monitor, process);
  return monitor;
}
