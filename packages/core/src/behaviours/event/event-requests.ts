// What travels between the clients of an event manager and the manager.

import type { AnyPid } from "../../values/pid.ts";
import type { HandlerId } from "./event-run.ts";

/** An event that nobody waits for. */
export interface Notify<E = unknown> {
  readonly type: "$gen_notify";
  readonly event: E;
}

/** What a manager is asked for by call. `supervised`: by the caller. */
export type ManagerRequest =
  | { readonly do: "sync_notify"; readonly event: unknown }
  | {
      readonly do: "add_handler";
      readonly id: HandlerId;
      readonly args: readonly unknown[];
      readonly supervised: boolean;
    }
  | { readonly do: "delete_handler"; readonly id: HandlerId; readonly arg: unknown }
  | {
      readonly do: "swap_handler";
      readonly id: HandlerId;
      readonly arg: unknown;
      readonly by: HandlerId;
      readonly args: readonly unknown[];
      readonly supervised: boolean;
    }
  | { readonly do: "call"; readonly id: HandlerId; readonly request: unknown }
  | { readonly do: "which_handlers" };

/** What a handler replied, or why it could not. */
export type HandlerReply = readonly ["ok", unknown] | readonly ["error", unknown];

/**
 * The message that the supervisor of a handler gets when the handler has been removed.
 *
 * `reason` is `"normal"` (it was deleted or removed itself), `"shutdown"` (the manager ends), `["swapped", by, supervisor]`, or why it failed.
 */
export interface HandlerExit {
  readonly type: "gen_event_EXIT";
  readonly manager: AnyPid;
  readonly handler: HandlerId;
  readonly reason: unknown;
}
