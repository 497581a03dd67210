// The process that shows the exchange, on whichever screen it is given.
//
// It is the last child of the exchange. An orderly stop ends children in reverse order, so it is ended first, while everybody
// else is still there to be asked for a summary. When its time is up it ends by itself; it is a significant child, so its end
// is the end of the exchange.

import { call, type Exit, exit, print, type Self, sendAfter, sendInterval, type Suspension } from "@krarup/core";
import type { Measure } from "./statistics.ts";
import { summarize } from "./summary.ts";
import type { Measurement } from "./tally.ts";
import type { Plan } from "./tree.ts";
import type { View, Viewer } from "./view.ts";

/** Turns views into text for a terminal or a file. */
export interface Screen {
  /** Between two frames. */
  readonly everyMs: number;
  /** Text before the first frame; undefined for none. */
  open(): string | undefined;
  /** Text of a frame; undefined when there is nothing to say. */
  frame(view: View): string | undefined;
  /** Text after the last frame; undefined for none, and when there was no first. */
  close(): string | undefined;
}

export type DisplayMessage = Exit | { readonly type: "frame" } | { readonly type: "over" };

/** Shows views on `screen` until it is told to end, or for `forMs`; then prints the summary. */
export function display(plan: Plan, screen: Screen, viewer: Viewer, forMs: number | "infinity") {
  return function* picture(self: Self<DisplayMessage>): Generator<Suspension, void, void> {
    self.trapExit();
    sendInterval(screen.everyMs, self, { type: "frame" });
    if (forMs !== "infinity") sendAfter(forMs, self, { type: "over" });
    printIfAny(screen.open());
    const reason = yield* showUntilOver(self, screen, viewer);
    printIfAny(screen.close());
    for (const line of summarize(plan, viewer.now(), yield* measure())) print(line);
    exit(reason);
  };
}

/** @returns the reason to end with */
function* showUntilOver(
  self: Self<DisplayMessage>,
  screen: Screen,
  viewer: Viewer,
): Generator<Suspension, unknown, void> {
  for (;;) {
    const message = yield* self.receive();
    if (message.type === "EXIT") return message.reason;
    if (message.type === "over") return "normal";
    printIfAny(screen.frame(viewer.look(yield* measure())));
  }
}

function* measure(): Generator<Suspension, Measurement, void> {
  return yield* call<Measure, Measurement>("statistics", { type: "measure", calls: 0 });
}

function printIfAny(text: string | undefined): void {
  if (text !== undefined) print(text);
}
