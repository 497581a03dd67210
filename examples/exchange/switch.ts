// The switch: hands idle trunks to calls.
//
// It hunts: always the idle trunk of the lowest number, as selectors did. When none is idle the call is told "busy" and goes
// away; nobody waits. That is the loss system that Erlang's formula describes.
//
//   call ──seize──► switch ──seized──► trunk          trunk ──idle──► switch
//        ◄─trunk───                  (monitors the call)
//
// What the switch knows is a copy. The truth is with the trunks, so a switch that starts asks them before it serves, and one
// that was killed takes nothing with it: calls in progress go on, and the formula never hears of it.
//
// The dangerous moment: a trunk starts while a switch starts. Its `in_service` waits in the mailbox, and the switch finds it
// by name as well. If `in_service` said "I am idle", a switch that has handed the trunk out meanwhile would do so twice.
// Therefore it says nothing but "I am here": the state comes with the answer to `attach`, every later change after it, in
// order, and a trunk that is attached is not asked again.

import {
  type AnyPid,
  call,
  type Down,
  monitor,
  type Pid,
  reply,
  type Request,
  type Self,
  send,
  type Suspension,
  whereis,
} from "@krarup/core";
import { type TrunkMessage, trunkName } from "./trunk.ts";

/** A call asks for a trunk. */
export interface Seize {
  readonly type: "seize";
  readonly by: AnyPid;
}

/** What it is answered. */
export type Seized = { readonly type: "busy" } | { readonly type: "trunk"; readonly trunk: Pid<TrunkMessage> };

export type SwitchMessage =
  | Request<Seize, Seized>
  | { readonly type: "in_service"; readonly number: number; readonly trunk: Pid<TrunkMessage> }
  | { readonly type: "idle"; readonly number: number; readonly trunk: Pid<TrunkMessage> }
  | Down;

interface Line {
  readonly trunk: Pid<TrunkMessage>;
  isIdle: boolean;
}

/** By trunk number, in the order of hunting; a trunk that is down has no line. */
type Lines = (Line | undefined)[];

/** Serves calls over the trunks 1 to `count`. Registered as `switch`, which is a word of the language. */
export function* exchangeSwitch(self: Self<SwitchMessage>, count: number): Generator<Suspension, never, void> {
  const lines: Lines = [];
  for (let number = 1; number <= count; number++) {
    const trunk = whereis<TrunkMessage>(trunkName(number));
    if (trunk !== undefined) yield* attach(self, lines, number, trunk);
  }
  for (;;) {
    const message = yield* self.receive();
    switch (message.type) {
      case "$gen_call":
        reply(message.from, seize(lines, message.request.by));
        break;
      case "in_service":
        yield* attach(self, lines, message.number, message.trunk);
        break;
      case "idle":
        markIdle(lines, message.number, message.trunk);
        break;
      case "DOWN":
        forget(lines, message.pid);
        break;
    }
  }
}

function* attach(
  self: Pid<SwitchMessage>,
  lines: Lines,
  number: number,
  trunk: Pid<TrunkMessage>,
): Generator<Suspension, void, void> {
  if (lines[number]?.trunk === trunk) return;
  monitor(trunk);
  const isIdle = yield* call(trunk, { type: "attach", switch: self });
  lines[number] = { trunk, isIdle };
}

function seize(lines: Lines, by: AnyPid): Seized {
  const line = lines.find((each) => each?.isIdle === true);
  if (line === undefined) return { type: "busy" };
  line.isIdle = false;
  send(line.trunk, { type: "seized", by });
  return { type: "trunk", trunk: line.trunk };
}

function markIdle(lines: Lines, number: number, trunk: Pid<TrunkMessage>): void {
  const line = lines[number];
  if (line?.trunk === trunk) line.isIdle = true;
}

function forget(lines: Lines, trunk: Down["pid"]): void {
  const number = lines.findIndex((line) => line?.trunk === trunk);
  if (number !== -1) lines[number] = undefined;
}
