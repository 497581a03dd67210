// Sending.

import { isolate, isolateMoving } from "../mechanisms/isolate.ts";
import { CallMonitor, detachMonitor, Monitor, REQUEST } from "../mechanisms/monitors.ts";
import { KrarupError, show } from "../values/errors.ts";
import type { NameAtNode, Pid } from "../values/pid.ts";
import { Alias } from "./alias.ts";
import { cpu } from "./cpu.ts";
import { currentNode } from "./current.ts";
import { deliver, deliverOrdinary, settleCall } from "./delivery.ts";
import { EVENT_BIT } from "./events.ts";
import { notAPid } from "./misuse.ts";
import { Process, rareOf, TRACED } from "./process.ts";
import type { Via } from "./names.ts";

/** A registered name, or a name held by a registry of its own. */
export type Name = string | NameAtNode | Via;

/** Where a message can be sent: a pid, an alias, a name. */
export type Destination<M> = Pid<M> | Alias<M> | Name;

/** How one message is sent. */
export interface SendOptions {
  /** ArrayBuffers to move instead of copying: the sender's become empty. */
  readonly transfer?: readonly ArrayBuffer[];
}

/**
 * Sends `message` to `target` and returns at once.
 *
 * @remarks
 * The receiver gets a copy; nothing mutable is ever shared. What may be sent is plain data: primitives, plain objects and arrays,
 * Map, Set, Date, typed arrays and ArrayBuffers, Error, pids and refs. What is deeply frozen is shared instead of copied, see
 * {@link immutable}.
 *
 * Sending to a pid, an alias or a `{ name, node }` never fails: if nobody is there the message is dropped. To learn of that, monitor
 * the process.
 *
 * **Ordering.** Signals from one process to another arrive in the order sent. Between different senders nothing is promised.
 * **Waiting.** Nobody waits.
 * **Cost.** One reduction, and the copy: about 40 ns for a small message.
 *
 * @returns the message as it was given, as in Erlang
 * @throws {@link KrarupError} `ERR_NOT_SENDABLE` and `ERR_MESSAGE_LIMIT`, naming the path to what cannot be sent;
 * `ERR_NOT_REGISTERED` for a registered name that nobody holds, as in Erlang
 *
 * @see {@link https://www.erlang.org/doc/system/ref_man_processes.html#message-sending | Erlang, Message Sending}
 */
export function send<M>(target: Destination<M>, message: M, options?: SendOptions): M {
  const copy = options?.transfer === undefined ? isolate(message) : isolateMoving(message, options.transfer);
  cpu.reductions--;
  if (target instanceof Process) deliverFromSender(target, copy);
  else sendElsewhere(target, copy);
  return message;
}

function sendElsewhere(target: Destination<never>, message: unknown): void {
  if (target instanceof Monitor) sendThroughMonitor(target, message);
  else if (target instanceof Alias) sendThroughAlias(target, message);
  else sendToName(target, message);
}

function sendToName(target: Destination<never>, message: unknown): void {
  if (typeof target === "string") deliverFromSender(requireHolder(target), message);
  else if (typeof target !== "object" || target === null) throw notAPid(target);
  else if ("via" in target) target.via.send(target.name, message);
  else if ("node" in target) {
    const node = currentNode();
    const holder = target.node === node.name ? node.names.whereis(target.name) : undefined;
    if (holder !== undefined) deliverFromSender(holder, message);
  } else throw notAPid(target);
}

/** Delivers an isolated ordinary message from whoever runs now. */
export function deliverFromSender(to: Process, message: unknown): void {
  if ((to.flags & TRACED) !== 0) traceSend(to, message);
  deliverOrdinary(to, message);
}

function requireHolder(name: string): Process {
  const holder = currentNode().names.whereis(name);
  if (holder === undefined)
    throw new KrarupError(
      "ERR_NOT_REGISTERED",
      `Cannot send as nobody is registered as ${show(name)}: register a process, or send to { name, node } where a loss is fine`,
      name,
    );
  return holder;
}

/** Sends an isolated message through the ref of a monitor, while it is an alias. */
function sendThroughMonitor(monitor: Monitor, message: unknown): void {
  const { aliasMode } = monitor;
  if (aliasMode === "none") return;
  if (aliasMode === "reply_demonitor" || aliasMode === REQUEST) {
    monitor.aliasMode = "none";
    detachMonitor(monitor);
  }
  if (monitor instanceof CallMonitor) return settleCall(monitor, message);
  // Watchers are process records: only the kernel makes monitors.
  deliver(
    monitor.watcher as Process,
    aliasMode === REQUEST ? { type: "response", ref: monitor, reply: message } : message,
    monitor,
  );
}

function sendThroughAlias(alias: Alias<never>, message: unknown): void {
  if (!alias.isActive) return;
  if (alias.once) alias.isActive = false;
  deliver(alias.owner, message, alias);
}

function traceSend(to: Process, message: unknown): void {
  const { events } = to.node;
  if (cpu.process !== null) rareOf(cpu.process).sent++;
  if ((events.wanted & EVENT_BIT.send) !== 0)
    events.emit({ type: "send", at: to.node.now(), from: cpu.process, to, message });
}
