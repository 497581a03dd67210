// Owners of tasks in virtual time, and what is left in them.

import {
  type AnyPid,
  type Exit,
  ExitException,
  processInfo,
  self,
  type Self,
  spawnOpt,
  waitingMessages,
} from "@krarup/core";
import { type Body, laboratory } from "../../laboratory.ts";

/** What a body consists of. */
export type Steps<T> = ReturnType<Body<never, T>>;

export function* later<T>(value: T, ms: number): Steps<T> {
  yield* self().sleep(ms);
  return value;
}

export function* forever(): Steps<never> {
  for (;;) yield* self().sleep(1_000_000);
}

/** Why a wait failed, `CallInfo` and what was asked; or "no exit". */
export function* exitOf(wait: Iterable<unknown>): Generator<never, unknown, void> {
  try {
    // Whatever an operation yields goes to the scheduler as it is.
    yield* wait as Iterable<never>;
  } catch (error) {
    if (!(error instanceof ExitException)) throw error;
    // A failed wait raises an ExitException with [why, CallInfo].
    const [why, info] = error.reason as [unknown, { type: string; request: string }];
    return [why, info.type, info.request];
  }
  return "no exit";
}

/** What is left of tasks in a process: messages, monitors, links. */
export function leftIn(pid: AnyPid): unknown {
  const info = processInfo(pid);
  return [waitingMessages(pid), info?.monitors.length, info?.links.length];
}

export const NOTHING_LEFT = [[], 0, 0];

/** Runs `body` in virtual time until it has ended. @returns what it returned, or the reason of its end */
export function live<T>(body: (self: Self<Exit>) => Steps<T>, { traps = false } = {}): T | { readonly ended: unknown } {
  const { node, platform, ends } = laboratory();
  const outcomes: T[] = [];
  const pid = spawnOpt(
    function* (me: Self<Exit>) {
      if (traps) me.trapExit();
      outcomes.push(yield* body(me));
    },
    [],
    { node },
  );
  while (!ends.has(pid) && platform.advanceToNext());
  for (const outcome of outcomes) return outcome;
  return { ended: ends.get(pid) };
}
