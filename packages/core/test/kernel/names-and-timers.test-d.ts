import {
  dictionaryKey,
  monitor,
  type Pid,
  type Ref,
  type Self,
  sendAfter,
  sendInterval,
  startTimer,
  type Timeout,
  whereis,
} from "@krarup/core";
import { expectTypeOf, it } from "vitest";

declare const tick: Pid<"tick">;

it("a timer sends what its target understands", () => {
  expectTypeOf(sendAfter(5, tick, "tick")).toEqualTypeOf<Ref>();
  sendInterval(5, tick, "tick");
  // @ts-expect-error: it understands "tick".
  sendAfter(5, tick, "tock");
  // @ts-expect-error: it understands "tick".
  sendInterval(5, tick, "tock");
});

it("startTimer needs a target that understands time-outs", () => {
  startTimer(5, {} as Pid<Timeout<number>>, 1);
  // @ts-expect-error: it does not understand a Timeout.
  startTimer(5, tick, "tick");
});

it("whereis may find nobody, and takes the caller's word for the rest", () => {
  expectTypeOf(whereis<"tick">("ticker")).toEqualTypeOf<Pid<"tick"> | undefined>();
  expectTypeOf(whereis("ticker")).toEqualTypeOf<Pid<never> | undefined>();
});

it("a monitor that is an alias is an address", () => {
  expectTypeOf(monitor(tick)).toEqualTypeOf<Ref>();
  expectTypeOf(monitor(tick, { alias: "demonitor" })).toExtend<Ref>();
});

it("a dictionary key holds values of its type", () => {
  const self = {} as Self;
  const tries = dictionaryKey<number>("tries");
  expectTypeOf(self.get(tries)).toEqualTypeOf<number | undefined>();
  self.put(tries, 1);
  // @ts-expect-error: tries are counted in numbers.
  self.put(tries, "one");
});
