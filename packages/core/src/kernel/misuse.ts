import { KrarupError, show } from "../values/errors.ts";

/** For what needs a process to act for. */
export function notInProcess(action: string): KrarupError {
  return new KrarupError(
    "ERR_NOT_IN_PROCESS",
    `Cannot ${action} as no process is running: call it from inside a process body, or spawn a process for it`,
  );
}

/** For an operation that another process waits for. */
export function operationInUse(user: unknown): KrarupError {
  return new KrarupError(
    "ERR_BUSY_PROCESS",
    `Cannot wait as ${String(user)} waits for the same operation: make one for each process`,
    user,
  );
}

/** For a value that should have been a pid. */
export function notAPid(value: unknown): KrarupError {
  return new KrarupError(
    "ERR_BAD_ARGUMENT",
    `Cannot address a process as the target must be a pid: current value is ${show(value)}`,
    value,
  );
}

/** For a number of milliseconds that is none. */
export function badDelay(value: unknown): KrarupError {
  return new KrarupError(
    "ERR_BAD_ARGUMENT",
    `Cannot set a timer as the delay must be a number of milliseconds from 0 to 2^47, or "infinity" where that makes sense: current value is ${show(value)}`,
    value,
  );
}

/** For a point in time that is none. */
export function badDeadline(value: unknown): KrarupError {
  return new KrarupError(
    "ERR_BAD_ARGUMENT",
    `Cannot wait until a deadline as it must be a number of milliseconds from -2^47 to 2^47 on the clock of monotonicTime(): current value is ${show(value)}`,
    value,
  );
}

/** For a signal of the outside world that is none. */
export function notASignal(value: unknown): KrarupError {
  return new KrarupError(
    "ERR_BAD_ARGUMENT",
    `Cannot listen for an abort as the signal must be an AbortSignal: current value is ${show(value)}`,
    value,
  );
}
