// The messages of the system protocol, see sys.ts.

import type { From } from "../kernel/call.ts";
import type { DebugRequest } from "./debugging.ts";

/** A request of the system protocol. */
export type SystemRequest =
  | { readonly do: "suspend" }
  | { readonly do: "resume" }
  | { readonly do: "get_state" }
  | { readonly do: "replace_state"; readonly state: unknown }
  | { readonly do: "get_status" }
  | { readonly do: "change_code"; readonly oldVsn: unknown; readonly extra: unknown }
  | { readonly do: "debug"; readonly request: DebugRequest }
  | { readonly do: "terminate"; readonly reason: unknown };

/** How a system request travels. */
export interface SystemMessage {
  readonly type: "system";
  readonly from: From<unknown>;
  readonly request: SystemRequest;
}

/** How a system request is answered; failed is what a callback of the behaviour has thrown, or why its state cannot be sent. */
export type SystemAnswer<R = unknown> = { readonly answer: R } | { readonly failed: unknown };

/** Whether `message` is of the system protocol. */
export function isSystemMessage(message: unknown): message is SystemMessage {
  return (
    typeof message === "object" &&
    message !== null &&
    "type" in message &&
    message.type === "system" &&
    "from" in message &&
    "request" in message
  );
}
