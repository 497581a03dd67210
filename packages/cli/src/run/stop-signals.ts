// SIGINT and SIGTERM: the first asks for an orderly stop, the second ends the program at once.

import { EXIT, type ExitCode } from "../exit-codes.ts";

/** A signal that asks the program to end. */
export type StopSignal = "SIGINT" | "SIGTERM";

const FORCED: Readonly<Record<StopSignal, ExitCode>> = { SIGINT: EXIT.sigint, SIGTERM: EXIT.sigterm };

/**
 * Milliseconds within which another signal counts as the same. A Ctrl-C reaches everybody in the foreground, and npm hands on to its child
 * what it gets itself: under `npm start` one key press is two signals, a millisecond or so apart. Nobody presses twice that quickly.
 */
const SAME_MS = 250;

/**
 * Waits for the first signal. From now on signals have no effect of their own.
 *
 * @param force - called with the exit code at the second signal
 */
export function firstStopSignal(force: (code: ExitCode) => void): Promise<StopSignal> {
  const { promise, resolve } = Promise.withResolvers<StopSignal>();
  let firstAtMs: number | null = null;
  const take = (signal: StopSignal): void => {
    const now = performance.now();
    if (firstAtMs === null) {
      firstAtMs = now;
      resolve(signal);
    } else if (now - firstAtMs > SAME_MS) force(FORCED[signal]);
  };
  process.on("SIGINT", take);
  process.on("SIGTERM", take);
  return promise;
}
