// Theme mailbox, second part: timers.

import { cancelTimer, makeRef, readTimer, type Ref, sendAfter, sendInterval, startTimer } from "@krarup/core";
import { drain, type Scenarios } from "../stage/lab.ts";
import { refIn } from "../stage/system-messages.ts";

export const timers: Scenarios = {
  *timer_send_after(lab) {
    const a = yield* lab.puppet();
    sendAfter(120, a.pid, "third");
    sendAfter(40, a.pid, "first");
    sendAfter(80, a.pid, "second");
    yield* lab.sleep(200);
    yield* lab.outcome("a", a);
    const r = startTimer(40, a.pid, "m");
    yield* lab.sleep(100);
    const messages = yield* a.does(drain);
    lab.log("a", "alive", messages);
    lab.log("s", "same_ref", refIn(messages[0]) === r);
    yield* lab.killSilently(a);
  },

  *timer_cancel_and_read(lab) {
    const a = yield* lab.puppet();
    const long = sendAfter(5000, a.pid, "long");
    lab.log("s", "read", isLeftOf(5000, readTimer(long)));
    lab.log("s", "cancel", isLeftOf(5000, cancelTimer(long)));
    lab.log("s", "cancel_again", cancelTimer(long));
    lab.log("s", "read_after_cancel", readTimer(long));
    const short = sendAfter(30, a.pid, "fired");
    yield* lab.sleep(90);
    lab.log("s", "cancel_fired", cancelTimer(short));
    lab.log("s", "read_fired", readTimer(short));
    yield* lab.outcome("a", a);
    lab.log("s", "cancel_bogus", cancelTimer(makeRef()));
    yield* lab.killSilently(a);
  },

  *timer_outlives_its_creator(lab) {
    const a = yield* lab.puppet();
    const b = yield* lab.puppet();
    const second = yield* a.does(() => {
      sendAfter(100, b.pid, "one");
      return sendAfter(1000, b.pid, "two");
    });
    yield* a.exits("boom");
    lab.log("s", "cancelled", Number.isInteger(cancelTimer(second)));
    yield* lab.sleep(250);
    yield* lab.outcome("b", b);
    yield* lab.killSilently(b);
  },

  *timer_interval(lab) {
    const a = yield* lab.puppet();
    const ticks = sendInterval(60, a.pid, "tick");
    yield* lab.sleep(400);
    lab.log("s", "cancel", cancelInterval(ticks));
    yield* lab.settle();
    lab.log("s", "enough", (yield* a.does(drain)).length >= 4);
    yield* lab.sleep(200);
    lab.log("s", "after_cancel", (yield* a.does(drain)).length);
    const b = yield* lab.puppet();
    const toB = sendInterval(60, b.pid, "tick");
    yield* b.exits("boom");
    yield* lab.sleep(150);
    lab.log("s", "cancel_after_target_gone", cancelInterval(toB));
    yield* lab.killSilently(a);
  },
};

function isLeftOf(whole: number, left: number | false): boolean {
  return left !== false && Number.isInteger(left) && left >= 1 && left <= whole;
}

/** `timer:cancel/1`, which answers the same whether the timer still ran; ours tells. */
function cancelInterval(ref: Ref): readonly [string, string] {
  cancelTimer(ref);
  return ["ok", "cancel"];
}
