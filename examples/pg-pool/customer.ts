import { monotonicTime, type Self, type Suspension } from "@krarup/core";
import { seededRandom } from "@krarup/core/manual";
import { anyTransfer, transfer } from "./bank.ts";
import { Tally, TALLY } from "./tally.ts";

/** Milliseconds that a customer waits for a connection. */
const QUEUE_MS = 3_000;
/** Milliseconds until a customer comes back after an error. */
const SULK_MS = 50;

/** Sends money about, one transfer after the other, for as long as it is let. */
export function* customer(self: Self, seed: number): Generator<Suspension, never, void> {
  const random = seededRandom(seed);
  for (let i = 0; ; i++) {
    // No other process has this pid, not even the one that is started when this one is killed.
    const wish = anyTransfer(`${String(self)}-${i}`, random);
    const since = monotonicTime();
    const error = yield* transfer(wish, { queueMs: QUEUE_MS });
    Tally.cast(TALLY).note(wish.id, error?.code ?? null, monotonicTime() - since);
    if (error !== null) yield* self.sleep(SULK_MS);
  }
}
