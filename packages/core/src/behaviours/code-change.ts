// What a codeChange callback comes to. All forms of behaviours share it: a state, or an answer that leaves the old one.

import { ExitException } from "../kernel/exit-exception.ts";
import { toExitReason } from "../mechanisms/exit-term.ts";
import { KrarupError } from "../values/errors.ts";
import { stepsIn } from "./callback-steps.ts";

/** The new state, as `getState` shows it; or why the old one stays. */
export type CodeChange = { readonly state: unknown } | { readonly error: unknown };

/** What {@link changeCode} returns. */
export type CodeChangeAnswer = "ok" | readonly ["error", unknown];

/** What `change` comes to when it may throw. */
export function outcomeOf(change: () => CodeChange): CodeChange {
  try {
    return change();
  } catch (thrown) {
    return { error: ["EXIT", toExitReason(thrown instanceof ExitException ? thrown.reason : thrown)] };
  }
}

/** What `callback` returns. As in OTP, a thrown value that is no error counts as that. */
export function returnedBy(callback: () => unknown): unknown {
  const value = returnedOrThrown(callback);
  if (stepsIn(value) === null) return value;
  throw new KrarupError("ERR_BAD_RETURN", "Cannot change the code as codeChange may not wait: it returned a generator");
}

function returnedOrThrown(callback: () => unknown): unknown {
  try {
    return callback();
  } catch (thrown) {
    if (thrown instanceof Error) throw thrown;
    return thrown;
  }
}

/** Reads what a callback in OTP's form returned. */
export function readStateChange(value: unknown): CodeChange {
  return Array.isArray(value) && value.length === 2 && value[0] === "ok" ? { state: value[1] } : { error: value };
}
