import { type AnyPid, ExitException, type Operation, type Pid, type Request, type Suspension } from "@krarup/core";
import { Call, finished, requireProcess } from "@krarup/core/internal";
import { type PortError, portError } from "./port-error.ts";

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
  return new Ask<T>(port, action, { caller: null, command });
}

/** A call in which it is nothing unusual that the server has ended. Flat, as every read and write is one. */
class Ask<T> extends Call<T | PortError> {
  readonly #action: string;
  readonly #request: { caller: AnyPid | null; readonly command: unknown };

  constructor(port: Pid<never>, action: string, request: { caller: AnyPid | null; readonly command: unknown }) {
    super("$gen_call", port, request, Number.POSITIVE_INFINITY);
    this.#action = action;
    this.#request = request;
  }

  override next(): IteratorResult<Suspension, T | PortError> {
    // Whoever uses the operation is known when it is used, and the request is copied when it is sent.
    this.#request.caller = requireProcess("wait for a port");
    try {
      return super.next();
    } catch (thrown) {
      if (!(thrown instanceof ExitException)) throw thrown;
      return finished(portError(this.#action, "closed"));
    }
  }

  protected override serverEnded(): IteratorResult<Suspension, T | PortError> {
    return finished(portError(this.#action, "closed"));
  }
}
