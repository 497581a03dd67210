// Exit signals and links.

import { toExitReason } from "../mechanisms/exit-term.ts";
import { addLink, hasLink, removeLink } from "../mechanisms/links.ts";
import { KrarupError } from "../values/errors.ts";
import type { AnyPid } from "../values/pid.ts";
import { cpu } from "./cpu.ts";
import { currentProcess, requireProcess } from "./current.ts";
import { EVENT_BIT } from "./events.ts";
import { ExitException } from "./exit-exception.ts";
import { signalExit } from "./exit.ts";
import { DOOMED, isLiving, type Process, recordOf, TRAPS_EXITS } from "./process.ts";

/**
 * Ends this process with `reason`, unless the body catches the {@link ExitException} that carries it out.
 *
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#exit/1 | erlang:exit/1}
 */
export function exit(reason: unknown): never;
/**
 * Sends `target` an exit signal.
 *
 * @remarks
 * What it does is OTP's table: `"kill"` ends any process, with reason `"killed"`; to one that traps exits any other reason is an
 * `Exit` message; `"normal"` is ignored by the rest; everything else ends the receiver with that reason. The receiver runs no more
 * code: no `catch`, no `finally`.
 *
 * To send one to oneself prefer `yield* self.signal(reason)`, which nothing can catch. This function, called with the running
 * process, throws to leave the body when the signal ends it; it cannot keep a `finally` on the way from running.
 *
 * **Ordering.** In order with the messages this process sends to `target`.
 *
 * @returns true, also when `target` has ended long ago
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` when `target` is no pid
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#exit/2 | erlang:exit/2}
 */
export function exit(target: AnyPid, reason: unknown): true;
export function exit(...args: [reason: unknown] | [target: AnyPid, reason: unknown]): true {
  if (args.length < 2) throw new ExitException(args[0]);
  // The tuple has two members here: the length was looked at.
  const [target, reason] = args as [AnyPid, unknown];
  const to = recordOf(target);
  const from = currentProcess();
  cpu.reductions--;
  signalExit(to, from, toExitReason(reason), to === from ? "self" : "explicit");
  if (to === cpu.process && (to.flags & DOOMED) !== 0) throw new ExitException(reason);
  return true;
}

/**
 * Ties this process to `target`: when either ends, the other gets an exit signal with the reason.
 *
 * @remarks
 * At most one link exists between two processes, and both know it; linking again or to oneself changes nothing. A `target` that has
 * ended counts as ended with `"noproc"`.
 *
 * @returns true
 * @throws {@link KrarupError} `ERR_NOPROC` when `target` has ended and this process does not trap exits; if it does, an `Exit` message
 * with reason `"noproc"` comes instead. `ERR_NOT_IN_PROCESS` outside a process.
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#link/1 | erlang:link/1}
 */
export function link(target: AnyPid): true {
  const process = requireProcess("link");
  const peer = recordOf(target);
  if (peer === process || hasLink(process.links, peer)) return true;
  if (!isLiving(peer)) {
    if ((process.flags & TRAPS_EXITS) === 0)
      throw new KrarupError(
        "ERR_NOPROC",
        `Cannot link to ${String(peer)} as it has ended: monitor it, or trap exits to be told by message`,
        peer,
      );
    signalExit(process, peer, "noproc", "link");
    return true;
  }
  process.links = addLink(process.links, peer);
  peer.links = addLink(peer.links, process);
  emitLink("link", process, peer);
  return true;
}

/**
 * Removes the link to `target`, from whichever side it was made. Once it has returned, no exit signal of that link comes any more; an
 * `Exit` message that is in the mailbox already stays there.
 *
 * @returns true, also when there was no link
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#unlink/1 | erlang:unlink/1}
 */
export function unlink(target: AnyPid): true {
  const process = requireProcess("unlink");
  const peer = recordOf(target);
  if (!hasLink(process.links, peer)) return true;
  process.links = removeLink(process.links, peer);
  peer.links = removeLink(peer.links, process);
  emitLink("unlink", process, peer);
  return true;
}

function emitLink(type: "link" | "unlink", pid: Process, peer: Process): void {
  const { events } = pid.node;
  if ((events.wanted & EVENT_BIT[type]) !== 0) events.emit({ type, at: pid.node.now(), pid, peer });
}
