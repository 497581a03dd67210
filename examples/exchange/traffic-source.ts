// The traffic source: a Poisson stream of calls.
//
// Gaps between calls are exponential, measured from the time at which the last call was due, not from the time at which the
// process got its turn: lateness does not add up. The exponential distribution has no memory, so a source that is killed and
// starts anew, with a fresh gap, carries on the same Poisson stream. With any other distribution a restart would show.
//
// Calls are children of the supervisor `calls`, not of the source: its end is not theirs.

import { monotonicTime, type Self, spawnLink, type Suspension } from "@krarup/core";
import { seededRandom } from "@krarup/core/manual";
import { DynamicSupervisor } from "@krarup/supervisor";
import { conversation } from "./call.ts";
import { exponential } from "./exponential.ts";

/** What a source offers. The load in erlangs is `holdMs / gapMs`. */
export interface Traffic {
  /** Mean time between two calls. */
  readonly gapMs: number;
  /** Mean holding time. */
  readonly holdMs: number;
}

/** Asks for calls, for ever. Every incarnation needs a seed of its own, or it would repeat the calls of the one before. */
export function* trafficSource(
  self: Self,
  { gapMs, holdMs }: Traffic,
  seed: number,
): Generator<Suspension, never, void> {
  const random = seededRandom(seed);
  for (let dueMs = monotonicTime(); ;) {
    dueMs += exponential(random, gapMs);
    yield* self.sleep(Math.max(0, dueMs - monotonicTime()));
    const lengthMs = exponential(random, holdMs);
    yield* DynamicSupervisor.startChild("calls", {
      start: () => spawnLink(conversation, lengthMs),
      restart: "temporary",
    });
  }
}
