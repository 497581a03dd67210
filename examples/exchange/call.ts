// A call: seizes a trunk, talks for a while, releases it. One process each, as short-lived as the real thing.
//
// The word is taken twice: `call` of @krarup/core asks a server and waits for its reply, which is what a telephone call does
// first. So the body is named for what it is: a conversation.

import { call, type Down, exit, monitor, type Pid, type Self, send, type Suspension, TIMEOUT } from "@krarup/core";
import type { TrunkMessage } from "./trunk.ts";
import type { Seize, Seized } from "./switch.ts";

/** Holds a trunk for `holdMs`. Ends with `"cut_off"` when the trunk fails under it. */
export function* conversation(self: Self<Down>, holdMs: number): Generator<Suspension, void, void> {
  const answer = yield* call<Seize, Seized>("switch", { type: "seize", by: self });
  if (answer.type === "busy") {
    send("statistics", { type: "blocked" });
    return;
  }
  send("statistics", { type: "seized", call: self });
  yield* talk(self, answer.trunk, holdMs);
  send(answer.trunk, { type: "released", by: self });
}

function* talk(self: Self<Down>, trunk: Pid<TrunkMessage>, holdMs: number): Generator<Suspension, void, void> {
  const ref = monitor(trunk);
  const ended = yield* self.receive(ref).after(holdMs);
  if (ended !== TIMEOUT) exit("cut_off");
}
