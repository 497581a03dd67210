// The statistics: hears what became of every call, and outlives them all.
//
// It monitors each call that seized a trunk. So it learns of its end however it ends, which nobody who has crashed could
// report, and needs no message for it. Chaos leaves it alone: it is the instrument, not the experiment.
//
// An exchange starts empty, and early calls are blocked too seldom. Counting begins when the warm-up is over.

import {
  type AnyPid,
  type Down,
  type From,
  monitor,
  monotonicTime,
  reply,
  type Request,
  type Self,
  sendAfter,
  type Suspension,
} from "@krarup/core";
import { type Measurement, Tally } from "./tally.ts";

/** Asks for the measurement: now, or when it has counted so many calls. */
export interface Measure {
  readonly type: "measure";
  readonly calls: number;
}

export type StatisticsMessage =
  | { readonly type: "blocked" }
  | { readonly type: "seized"; readonly call: AnyPid }
  | { readonly type: "warm" }
  | Request<Measure, Measurement>
  | Down;

interface Waiting {
  readonly calls: number;
  readonly from: From<Measurement>;
}

/** Counts. `batchLength` is that of the first batches, see `BatchMeans`. */
export function* statistics(
  self: Self<StatisticsMessage>,
  warmUpMs: number,
  batchLength: number,
): Generator<Suspension, never, void> {
  let tally = new Tally(false, batchLength, 0, monotonicTime());
  let waiting: Waiting[] = [];
  sendAfter(warmUpMs, self, { type: "warm" });
  for (;;) {
    const message = yield* self.receive();
    switch (message.type) {
      case "warm":
        tally = new Tally(true, batchLength, tally.busy, monotonicTime());
        break;
      case "blocked":
        tally.blocked();
        break;
      case "seized":
        monitor(message.call);
        tally.seized(monotonicTime());
        break;
      case "DOWN":
        tally.ended(isCrash(message.reason), monotonicTime());
        break;
      case "$gen_call":
        waiting.push({ calls: message.request.calls, from: message.from });
        break;
    }
    if (waiting.length > 0) waiting = answer(waiting, tally);
  }
}

/** A call that was over before it could be monitored, "noproc", had hung up: chaos is never that quick. */
function isCrash(reason: unknown): boolean {
  return reason !== "normal" && reason !== "noproc";
}

/** Replies to those who have waited long enough. @returns the others */
function answer(waiting: readonly Waiting[], tally: Tally): Waiting[] {
  const isDue = ({ calls }: Waiting): boolean => tally.calls >= calls;
  for (const { from } of waiting.filter(isDue)) reply(from, tally.read(monotonicTime()));
  return waiting.filter((each) => !isDue(each));
}
