// A trunk: one line to the next town, and a process that knows who is talking on it.
//
// The trunk monitors the call that seized it. A call that hangs up says so; a call that crashes says nothing, and needs not:
// the monitor's Down does. That is the whole of the clean-up code in this exchange.
//
// Who holds a trunk is known here and nowhere else. The switch keeps an index of idle trunks, no more, so it may die at any
// time: the next one asks each trunk ("attach") and is told of every change from then on.

import {
  type AnyPid,
  demonitor,
  type Down,
  monitor,
  type Pid,
  type Ref,
  reply,
  type Request,
  type Self,
  send,
  type Suspension,
  whereis,
} from "@krarup/core";
import type { SwitchMessage } from "./switch.ts";

/** The switch that will be told when this trunk becomes idle. It is answered whether the trunk is idle now. */
export interface Attach {
  readonly type: "attach";
  readonly switch: Pid<SwitchMessage>;
}

export type TrunkMessage =
  | Request<Attach, boolean>
  | { readonly type: "seized"; readonly by: AnyPid }
  | { readonly type: "released"; readonly by: AnyPid }
  | Down;

/** A call on a trunk, and the monitor that tells of its end. */
interface Seizure {
  readonly by: AnyPid;
  readonly ref: Ref;
}

/** The name that trunk `number` is registered under. */
export function trunkName(number: number): string {
  return `trunk.${number}`;
}

/** Serves one call after the other, for ever. */
export function* trunk(self: Self<TrunkMessage>, number: number): Generator<Suspension, never, void> {
  let attached: Pid<SwitchMessage> | undefined;
  let seizure: Seizure | null = null;
  announce(self, number);
  for (;;) {
    const message = yield* self.receive();
    switch (message.type) {
      case "$gen_call":
        attached = message.request.switch;
        reply(message.from, seizure === null);
        break;
      case "seized":
        seizure = { by: message.by, ref: monitor(message.by) };
        break;
      case "released":
        if (seizure?.by !== message.by) break;
        demonitor(seizure.ref, { flush: true });
        seizure = null;
        if (attached !== undefined) send(attached, { type: "idle", number, trunk: self });
        break;
      case "DOWN":
        if (seizure?.ref !== message.ref) break;
        seizure = null;
        if (attached !== undefined) send(attached, { type: "idle", number, trunk: self });
        break;
    }
  }
}

/** Says that a new trunk is there. If no switch is: the next one asks. */
function announce(self: Pid<TrunkMessage>, number: number): void {
  const exchange = whereis<SwitchMessage>("switch");
  if (exchange !== undefined) send(exchange, { type: "in_service", number, trunk: self });
}
