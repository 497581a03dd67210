// The door of a simulated node: time and chance are the simulation's, and what belongs to the language's own promises is Node's.

import type { Platform } from "@krarup/core";
import type { ManualPlatform } from "@krarup/core/manual";
import { nodePlatform } from "@krarup/core/node";
import type { Clockwork } from "./clockwork.ts";

/** A platform that moves with `manual`, which `clockwork` moves, and on which async bodies find their process and `self.await` gives a true `AbortSignal`. */
export function simulatedPlatform(manual: ManualPlatform, clockwork: Clockwork): Platform {
  const { owner, cancellation } = nodePlatform();
  return {
    // A scheduler asks for the time now and then to see whether its turn is over, which here it never is.
    now() {
      clockwork.checkProgress();
      return manual.now();
    },
    systemTime: () => manual.systemTime(),
    random: () => manual.random(),
    schedule: (turn) => manual.schedule(turn),
    setAlarm: (deadlineMs, turn) => manual.setAlarm(deadlineMs, turn),
    keepAlive: (wanted) => manual.keepAlive(wanted),
    write: (stream, text) => manual.write(stream, text),
    onStray: (listener) => manual.onStray(listener),
    ...(manual.choose === undefined ? {} : { choose: manual.choose }),
    owner,
    cancellation,
  };
}
