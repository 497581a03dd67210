// Putting a message into a mailbox, and waking who waits for it. Every way a message can come ends here.

import { toExitReason } from "../mechanisms/exit-term.ts";
import { enqueue, take } from "../mechanisms/mailbox.ts";
import { MAILBOX_ALARM_LENGTH } from "../values/limits.ts";
import type { CallMonitor } from "../mechanisms/monitors.ts";
import type { Ref } from "../values/ref.ts";
import { EVENT_BIT } from "./events.ts";
import { end } from "./exit.ts";
import { BOUNDED, EXITED, type Process, type Rare, rareOf, STATE, WAITING } from "./process.ts";

/** Delivers `message`, which must be isolated already. A message to a process that has ended is dropped. */
export function deliver(to: Process, message: unknown, tag: Ref | null): void {
  const state = to.flags & STATE;
  if (state === EXITED) return;
  to.received++;
  enqueue(to, message, tag);
  if (state === WAITING && (to.awaiting === null || to.awaiting === tag)) to.node.scheduler.wake(to);
  if (to.queueLength >= MAILBOX_ALARM_LENGTH) alarm(to);
}

/** Puts what becomes of a call where its caller looks for it: nobody else could take it, so the mailbox is not asked. */
export function settleCall(call: CallMonitor, outcome: unknown): void {
  // Watchers are process records: only the kernel makes monitors.
  const to = call.watcher as Process;
  if ((to.flags & STATE) === EXITED) return;
  to.received++;
  call.outcome = outcome;
  call.isSettled = true;
  if ((to.flags & STATE) === WAITING && to.awaiting === call) to.node.scheduler.wake(to);
}

/** Delivers an ordinary message, to which the limit of the mailbox applies. */
export function deliverOrdinary(to: Process, message: unknown): void {
  if ((to.flags & BOUNDED) === 0 || (to.flags & STATE) === EXITED) deliver(to, message, null);
  else deliverBounded(to, message, rareOf(to));
}

function deliverBounded(to: Process, message: unknown, rare: Rare): void {
  if (to.queueLength < rare.mailboxLimit) {
    deliver(to, message, null);
    return;
  }
  rare.dropped++;
  switch (rare.mailboxPolicy) {
    case "drop_newest":
      return;
    case "drop_oldest":
      if (dropOldest(to)) deliver(to, message, null);
      return;
    case "exit":
      end(to, toExitReason(["mailbox_full", rare.mailboxLimit]));
      return;
  }
}

/** Drops the oldest ordinary message; replies, DOWN and timer messages are never dropped. */
function dropOldest(to: Process): boolean {
  let before = null;
  for (let at = to.head; at !== null; at = at.next) {
    if (at.tag === null) {
      take(to, before, at);
      return true;
    }
    before = at;
  }
  return false;
}

function alarm(to: Process): void {
  const { queueLength, node } = to;
  const doubled = queueLength % MAILBOX_ALARM_LENGTH === 0 && Math.log2(queueLength / MAILBOX_ALARM_LENGTH) % 1 === 0;
  if (doubled && (node.events.wanted & EVENT_BIT.long_mailbox) !== 0)
    node.events.emit({ type: "long_mailbox", at: node.now(), pid: to, length: queueLength });
}
