// Ending a child, by OTP 25's protocol. The dangerous moment is a child that ends by itself while it is being told to:
//
//   1. monitor it                    DOWN will come in any case, also if it has ended already (then with reason noproc)
//   2. send it the exit signal       it stays linked: should the supervisor be killed now, the child falls with it
//   3. wait for DOWN                 and kill it when its time is up
//   4. unlink                        from here on no EXIT of it can come (on one node there is no link left by now; OTP's protocol does
//                                    not rely on that, nor on where the child is)
//   5. take its EXIT, if there       it came before the DOWN and tells the true reason where DOWN can only say noproc
//
// So nothing of the child is left in the mailbox, and an end that crossed the signal is not mistaken for a crash of a running child.

import { type AnyPid, type Down, type Exit, exit, monitor, type Suspension, TIMEOUT, unlink } from "@krarup/core";
import { isExitOf, type Process } from "@krarup/core/internal";
import type { Shutdown } from "./child-spec.ts";

/** Ends one child of the running process `supervisor`. @returns the reason with which the child ended */
export function* shutDown(supervisor: Process, pid: AnyPid, shutdown: Shutdown): Generator<Suspension, unknown, void> {
  const ref = monitor(pid);
  exit(pid, signalFor(shutdown));
  let down = yield* supervisor.receive(ref).after(shutdown === "brutal_kill" ? "infinity" : shutdown);
  if (down === TIMEOUT) {
    exit(pid, "kill");
    down = yield* supervisor.receive(ref);
  }
  // Only a DOWN comes through the ref of a monitor.
  return yield* reasonOfEnd(supervisor, down as Down);
}

/** The exit signal that a shutdown begins with. */
export function signalFor(shutdown: Shutdown): "kill" | "shutdown" {
  return shutdown === "brutal_kill" ? "kill" : "shutdown";
}

/** Steps 4 and 5, for the child whose `down` has come. @returns the reason with which it ended */
export function* reasonOfEnd(supervisor: Process, down: Down): Generator<Suspension, unknown, void> {
  // It was monitored by pid, so a pid is what DOWN carries.
  const pid = down.pid as AnyPid;
  unlink(pid);
  const ended = yield* supervisor.receive((message: unknown) => isExitOf(message, pid)).after(0);
  // The guard has looked at it.
  return ended === TIMEOUT ? down.reason : (ended as Exit).reason;
}
