import type { Operation } from "@krarup/core";
import { type PortError, portError, systemCodeOf } from "./port-error.ts";
import { sequence } from "./sequence.ts";

/**
 * One wait for what is outside: what the system refuses is a value; what we or the caller did wrong is thrown.
 *
 * @param action - for the error: "read notes.txt"
 */
export function attempt<T>(action: string, act: (signal: AbortSignal) => PromiseLike<T>): Operation<T | PortError> {
  return sequence(function* (process) {
    try {
      return yield* process.await(act);
    } catch (error) {
      const code = systemCodeOf(error);
      if (code === null) throw error;
      return portError(action, code);
    }
  });
}
