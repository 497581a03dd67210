import { type AnyPid, call, ExitException, type Operation, type Pid, type Request } from "@krarup/core";
import { type PortError, portError } from "./port-error.ts";
import { sequence } from "./sequence.ts";

/** A command with who gave it. */
export interface CommandOf<C> {
  readonly caller: AnyPid;
  readonly command: C;
}

/** Gives `command` to a port and waits for its answer, of type `T`. One that has ended answers `"closed"`. */
export function ask<T, C>(
  port: Pid<Request<CommandOf<C>, unknown>>,
  action: string,
  command: C,
): Operation<T | PortError> {
  return sequence(function* (caller) {
    try {
      // Which answer belongs to which command is the port's side of the protocol.
      return (yield* call(port, { caller, command }, { timeoutMs: "infinity" })) as T | PortError;
    } catch (thrown) {
      if (thrown instanceof ExitException) return portError(action, "closed");
      throw thrown;
    }
  });
}
