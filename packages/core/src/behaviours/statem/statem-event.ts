// The events of a state machine: what callbacks are called for.

import type { From } from "../../kernel/call.ts";
import type { Cast } from "../server/server-body.ts";

/**
 * The three kinds of time-outs. A machine has at most one event time-out (`"timeout"`) and one `"state_timeout"`, and any number of named
 * ones.
 */
export type TimeoutType = "timeout" | "state_timeout" | readonly ["timeout", unknown];

/**
 * What kind of event it is: a request with its caller, a cast, any other message, an event the machine inserted itself, a time-out.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/gen_statem.html#t:event_type/0 | gen_statem:event_type()}
 */
export type EventType = readonly ["call", From<unknown>] | "cast" | "info" | "internal" | TimeoutType;

/** One event. */
export interface StatemEvent {
  readonly type: EventType;
  readonly content: unknown;
}

/** The event that a message is. Time-outs are none: they are told by their timers. */
export function eventOf(message: unknown): StatemEvent {
  if (typeof message === "object" && message !== null && "type" in message) {
    // Only `call` and `cast` make messages of these types; whoever forges one gets what a forger gets in OTP.
    if (message.type === "$gen_call") {
      const { from, request } = message as unknown as { from: From<unknown>; request: unknown }; // made by `call`
      return { type: ["call", from], content: request };
    }
    if (message.type === "$gen_cast") return { type: "cast", content: (message as Cast).request }; // made by `cast`
  }
  return { type: "info", content: message };
}
