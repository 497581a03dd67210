// One handler in its place, and the two things that must never harm its manager: calling it, and telling its supervisor.

import { ExitException } from "../../kernel/exit-exception.ts";
import type { Process } from "../../kernel/process.ts";
import { send } from "../../kernel/send.ts";
import { toExitReason } from "../../mechanisms/exit-term.ts";
import type { HandlerExit } from "./event-requests.ts";
import type { HandlerId, HandlerRun } from "./event-run.ts";
import { stepsIn } from "../callback-steps.ts";

/** A handler in a manager. */
export interface Installed {
  readonly id: HandlerId;
  readonly run: HandlerRun;
  readonly supervisor: Process | null;
}

/** A part of the manager's work; it may wait. */
export type Step<T> = Generator<unknown, T, void>;

/** What came of a callback. */
export type Outcome = { readonly returned: unknown } | { readonly failed: readonly ["EXIT", unknown] };

/** Calls a callback and waits for it. A thrown value that is no error counts as what it returned, as in OTP. */
export function* attempt(callback: () => unknown): Step<Outcome> {
  try {
    const value = callback();
    const steps = stepsIn(value);
    return { returned: steps === null ? value : yield* steps };
  } catch (thrown) {
    if (!(thrown instanceof Error)) return { returned: thrown };
    return { failed: ["EXIT", thrown instanceof ExitException ? thrown.reason : thrown] };
  }
}

/** Tells the supervisor of a handler, if it has one, that the handler is no more. */
export function tellSupervisor(
  manager: Process,
  { id, supervisor }: Pick<Installed, "id" | "supervisor">,
  reason: unknown,
): void {
  if (supervisor === null) return;
  const message: HandlerExit = { type: "gen_event_EXIT", manager, handler: id, reason: toExitReason(reason) };
  send<unknown>(supervisor, message);
}
