// Synchronous start: the starter waits until the new process says that it is ready. What every behaviour and supervisor starts with.
//
//   starter                          child
//   ───────                          ─────
//   spawn, link, monitor ──────────► initialises
//   waits on the monitor's ref       ack(value): a reply through that ref, which removes the monitor
//   ◄────────────────────────────────
//
// An end before the acknowledgement is a failed start: DOWN arrives through the same ref, and the EXIT of the link, which came just
// before it, is taken out of the mailbox.

import { take } from "../mechanisms/mailbox.ts";
import { attachMonitor, detachMonitor, Monitor } from "../mechanisms/monitors.ts";
import { removeLink } from "../mechanisms/links.ts";
import type { From } from "../kernel/call.ts";
import { reply } from "../kernel/call.ts";
import { cpu } from "../kernel/cpu.ts";
import { terminate } from "../kernel/exit.ts";
import { ExitException } from "../kernel/exit-exception.ts";
import { notInProcess } from "../kernel/misuse.ts";
import { finished, KernelOperation, type Suspension } from "../kernel/operation.ts";
import type { Process } from "../kernel/process.ts";
import { SelectiveReceive } from "../kernel/receive.ts";
import type { InternalSpawnOptions } from "../kernel/spawn.ts";
import { isExitOf, TIMEOUT } from "../values/system-messages.ts";

/**
 * Thrown by the start functions of behaviours and supervisors when the new process did not come up.
 *
 * @remarks
 * OTP returns `{error, Reason}` or `ignore` here. `reason` is OTP's `Reason`; for a process that answered *ignore* it is `"ignore"` and
 * `isIgnored` is true. Uncaught, it ends the starter with `reason`.
 */
export class StartError extends ExitException {
  override readonly name: string = "StartError";
  /** Whether the process asked to be left out, which is no failure. */
  readonly isIgnored: boolean;

  constructor(reason: unknown, isIgnored = false) {
    super(reason);
    this.isIgnored = isIgnored;
  }
}

/** How {@link startSync} starts. */
export interface StartOptions extends InternalSpawnOptions {
  /** Milliseconds until an unready process is killed and the start fails with `"timeout"`; default `"infinity"`. */
  readonly timeoutMs?: number | "infinity";
}

/** Tells the starter that the process is ready, with any value. The first call counts. */
export type Acknowledge<R> = (value: R) => void;

/**
 * Starts a process and waits for what it acknowledges.
 *
 * @param make - makes the process; it is handed the function with which the process acknowledges
 * @throws {@link StartError} with the reason of the process when it ends before that
 * @see {@link https://www.erlang.org/doc/apps/stdlib/proc_lib.html#start_link/5 | proc_lib:start_link/5}
 */
export function startSync<R>(
  make: (acknowledge: Acknowledge<R>) => Process,
  timeoutMs: number | "infinity",
): KernelOperation<R> {
  return new StartSync<R>(make, timeoutMs);
}

class StartSync<R> extends KernelOperation<R> {
  readonly #make: (acknowledge: Acknowledge<R>) => Process;
  readonly #timeoutMs: number | "infinity";
  #child: Process | null = null;
  #ref: Monitor | null = null;
  #wait: SelectiveReceive | null = null;

  constructor(make: (acknowledge: Acknowledge<R>) => Process, timeoutMs: number | "infinity") {
    super();
    this.#make = make;
    this.#timeoutMs = timeoutMs;
  }

  override next(): IteratorResult<Suspension, R> {
    const starter = cpu.process;
    if (starter === null) throw notInProcess("start a process");
    const wait = this.#wait ?? this.#begin(starter);
    const step = wait.next();
    if (step.done !== true) return step;
    return this.#conclude(starter, step.value);
  }

  #begin(starter: Process): SelectiveReceive {
    const ref = new Monitor(starter.node.nextRefId(), starter, "reply_demonitor", null);
    // The ref is an alias of the starter while it waits, so it is where a reply goes.
    const from = ref as unknown as From<R>;
    this.#ref = ref;
    this.#child = this.#make((value) => reply(from, value));
    attachMonitor(ref, this.#child);
    this.#wait = new SelectiveReceive(ref).after(this.#timeoutMs);
    return this.#wait;
  }

  #conclude(starter: Process, value: unknown): IteratorResult<Suspension, R> {
    const { child, ref } = this.#forget();
    if (value === TIMEOUT) return this.#giveUp(starter, child, ref);
    if (ref.hasFired) {
      dropExitOf(starter, child);
      // The kernel made the DOWN.
      throw new StartError((value as { reason: unknown }).reason);
    }
    // What the child acknowledges is typed by R.
    return finished(value as R);
  }

  #giveUp(starter: Process, child: Process, ref: Monitor): never {
    detachMonitor(ref);
    ref.aliasMode = "none";
    starter.links = removeLink(starter.links, child);
    child.links = removeLink(child.links, starter);
    terminate(child, "killed");
    throw new StartError("timeout");
  }

  #forget(): { child: Process; ref: Monitor } {
    // Both were set when the wait began.
    const forgotten = { child: this.#child as Process, ref: this.#ref as Monitor };
    this.#child = this.#ref = this.#wait = null;
    return forgotten;
  }
}

/** Takes the EXIT message of `child` out of the mailbox of `starter`, which traps exits. */
function dropExitOf(starter: Process, child: Process): void {
  let before = null;
  for (let at = starter.head; at !== null; at = at.next) {
    if (isExitOf(at.value, child)) {
      take(starter, before, at);
      return;
    }
    before = at;
  }
}
