// What a callback of a state machine decided. Both forms of gen_statem come down to this; statem-body.ts performs it.

import type { From } from "../../kernel/call.ts";
import { KrarupError, show } from "../../values/errors.ts";
import type { StatemEvent } from "./statem-event.ts";
import type { TimeoutRequest } from "./statem-timeouts.ts";

/** One thing to do in a transition. */
export type StatemStep =
  | { readonly do: "reply"; readonly to: From<unknown>; readonly value: unknown }
  | { readonly do: "postpone"; readonly postpones: boolean }
  | { readonly do: "insert"; readonly event: StatemEvent }
  | { readonly do: "timeout"; readonly request: TimeoutRequest }
  | { readonly do: "nothing" }
  | BadReturn;

/** What was returned is nothing that a callback may return. */
export interface BadReturn {
  readonly do: "fail";
  /** OTP's reason: a word for the place, and the value. */
  readonly reason: readonly [string, unknown];
}

/** The decision of one callback. */
export type Verdict =
  | {
      readonly do: "go";
      readonly state: unknown;
      readonly data: unknown;
      readonly repeats: boolean;
      readonly steps: readonly StatemStep[];
    }
  | { readonly do: "stop"; readonly reason: unknown; readonly data: unknown; readonly steps: readonly StatemStep[] }
  | BadReturn;

/** The error that ends a machine whose callback returned `reason[1]`. */
export function badReturn({ reason }: BadReturn): KrarupError {
  const [word, value] = reason;
  return new KrarupError(
    "ERR_BAD_RETURN",
    `Cannot go on as a callback returned what it may not (${word}): current value is ${show(value)}`,
    reason,
  );
}
