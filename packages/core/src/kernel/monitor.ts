import { dropTagged } from "../mechanisms/mailbox.ts";
import { type AliasMode, attachMonitor, detachMonitor, Monitor } from "../mechanisms/monitors.ts";
import { KrarupError, show } from "../values/errors.ts";
import type { AnyPid, NameAtNode } from "../values/pid.ts";
import type { Ref } from "../values/ref.ts";
import type { Alias } from "./alias.ts";
import { requireProcess } from "./current.ts";
import { fire } from "./exit.ts";
import { notAPid } from "./misuse.ts";
import { isLiving, markFreshRef, Process } from "./process.ts";

/** How a monitor differs from a plain one. */
export interface MonitorOptions {
  /** Replaces the word `DOWN` in the message. */
  readonly tag?: string;
  /** Makes the ref an alias of this process as well, see {@link alias}; default none. */
  readonly alias?: Exclude<AliasMode, "none">;
}

/**
 * Starts watching a process and promises exactly one {@link Down} message when it ends.
 *
 * @remarks
 * A monitor is one-way and may be stacked: watching twice gives two refs and two messages. It never ends the watcher. Watching what
 * does not exist is no error; the message comes at once, with reason `"noproc"`. A name is looked up now: the monitor stays with the
 * process even if the name moves on, and its `Down` carries `{ name, node }` instead of the pid.
 *
 * **Ordering.** Everything the process sent to the watcher before it ended is received before the `Down`.
 * **Cost.** O(1); about 100 bytes until it fires or is taken back.
 *
 * @typeParam M - messages this process understands through the alias
 * @returns the ref that {@link demonitor} and the `Down` message carry
 * @throws {@link KrarupError} `ERR_NOT_IN_PROCESS` outside a process
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#monitor/3 | erlang:monitor/3}
 */
export function monitor<M = never>(
  target: AnyPid | string | NameAtNode,
  options: MonitorOptions & { readonly alias: Exclude<AliasMode, "none"> },
): Ref & Alias<M>;
export function monitor(target: AnyPid | string | NameAtNode, options?: MonitorOptions): Ref;
export function monitor(target: AnyPid | string | NameAtNode, options: MonitorOptions = {}): Ref {
  const watcher = requireProcess("monitor");
  const name = nameIn(target);
  const naming = name === undefined && options.tag === undefined ? null : namingOf(name, options.tag);
  const made = new Monitor(watcher.node.nextRefId(), watcher, options.alias ?? "none", naming);
  if (watcher.queueLength > 0) markFreshRef(watcher, made);
  const found = name === undefined ? requireRecord(target) : lookUp(watcher, target, name);
  if (found === watcher) return made;
  watcher.node.waits.attach();
  if (found !== undefined && isLiving(found)) attachMonitor(made, found);
  else fire(made, found ?? watcher.node.system, "noproc");
  return made;
}

function lookUp(watcher: Process, target: AnyPid | string | NameAtNode, name: string): Process | undefined {
  const isElsewhere =
    typeof target === "object" &&
    "node" in target &&
    typeof target.node === "string" &&
    target.node !== watcher.node.name;
  return isElsewhere ? undefined : watcher.node.names.whereis(name);
}

function nameIn(target: AnyPid | string | NameAtNode): string | undefined {
  if (typeof target === "string") return target;
  return !(target instanceof Process) && typeof target === "object" && target !== null && "name" in target
    ? target.name
    : undefined;
}

function namingOf(name: string | undefined, tag: string | undefined): { name?: string; tag?: string } {
  return { ...(name === undefined ? {} : { name }), ...(tag === undefined ? {} : { tag }) };
}

function requireRecord(target: unknown): Process {
  if (target instanceof Process) return target;
  throw notAPid(target);
}

/** What {@link demonitor} does beside removing the monitor. */
export interface DemonitorOptions {
  /** Also removes the `Down` message if it is in the mailbox already. */
  readonly flush?: boolean;
  /** Returns whether a monitor was really removed. */
  readonly info?: boolean;
}

/**
 * Takes a monitor of this process back. With `flush` no `Down` of it is left or will come.
 *
 * @returns true; with `info`, whether there was a monitor to remove (with `flush` as well: no `Down` was there to flush)
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for what is no monitor, or one of another process
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#demonitor/2 | erlang:demonitor/2}
 */
export function demonitor(ref: Ref, options: DemonitorOptions = {}): boolean {
  const process = requireProcess("demonitor");
  if (!(ref instanceof Monitor)) return demonitorUnknown(ref, options);
  if (ref.watcher !== process)
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot demonitor ${String(ref)} as it belongs to ${String(ref.watcher)}`,
      ref,
    );
  const wasRemoved = detachMonitor(ref);
  if (ref.aliasMode !== "explicit_unalias") ref.aliasMode = "none";
  if (options.flush === true) dropTagged(process, ref);
  return options.info === true ? wasRemoved : true;
}

function demonitorUnknown(ref: Ref, options: DemonitorOptions): boolean {
  if (typeof ref !== "object" || ref === null)
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot demonitor as a ref is needed: current value is ${show(ref)}`,
      ref,
    );
  return options.info !== true;
}
