import {
  call,
  type DebugFunction,
  genEvent,
  eventHandler,
  genServer,
  genStatem,
  type Pid,
  type Request,
  resume,
  startServer,
  suspend,
  sys,
  type SystemEvent,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, laboratory } from "../laboratory.ts";
import { live } from "./task/task-owner.ts";

const Counter = genServer({
  init: (start: number) => start,
  call: { add: (self, by: number) => (self.state += by) },
  cast: { reset: (self) => void (self.state = 0) },
});

/** An event without what differs from run to run. */
function brief(event: SystemEvent): unknown {
  switch (event.type) {
    case "in":
      return ["in", (event.message as { request?: unknown }).request ?? event.message]; // a call and a cast have one
    case "out":
      return ["out", event.reply];
    case "handled":
      return ["handled", event.state];
  }
}

function noting(seen: unknown[], last = Number.POSITIVE_INFINITY): DebugFunction<number> {
  return {
    id: "noting",
    state: 1,
    step: (count, event) => (seen.push([count, ...[brief(event)]]), count === last ? "done" : count + 1),
  };
}

describe("sys", () => {
  it("log keeps the last events, oldest first, until it is switched off", () => {
    const seen = live(function* () {
      const counter = yield* Counter.start(1);
      yield* sys.log(counter, 4);
      Counter.cast(counter).reset();
      yield* Counter.call(counter).add(2);
      const kept = (yield* sys.log(counter, "get")).map(brief);
      yield* sys.log(counter, 1);
      const fewer = (yield* sys.log(counter, "get")).map(brief);
      yield* sys.log(counter, false);
      yield* Counter.call(counter).add(2);
      return [kept, fewer, yield* sys.log(counter, "get")];
    });
    expect(seen).toEqual([
      [
        ["handled", 0],
        ["in", ["add", 2]],
        ["out", 2],
        ["handled", 2],
      ],
      [["handled", 2]],
      [],
    ]);
  });

  it("statistics count what comes in and the replies, from when they are switched on", () => {
    const { platform, play } = laboratory();
    const seen = play(function* () {
      const counter = yield* Counter.start(1);
      yield* Counter.call(counter).add(1);
      const before = yield* sys.statistics(counter, "get");
      yield* sys.statistics(counter, true);
      Counter.cast(counter).reset();
      yield* Counter.call(counter).add(1);
      const counted = yield* sys.statistics(counter, "get");
      yield* sys.statistics(counter, false);
      return [before, counted, yield* sys.statistics(counter, "get")];
    });
    const now = expect.any(Number);
    expect(seen).toEqual([
      "no_statistics",
      { startedAtMs: now, nowMs: now, reductions: now, messagesIn: 2, messagesOut: 1 },
      "no_statistics",
    ]);
    expect(platform.now()).toBe(0);
  });

  it("trace reports each event at level info", () => {
    const { node, play } = laboratory();
    const reports: unknown[] = [];
    node.subscribe(["report"], (event) => {
      if (event.type === "report")
        reports.push([event.report.label, event.report.level, event.report.details["event"]]);
    });
    play(function* () {
      const counter = yield* Counter.start(1);
      yield* sys.trace(counter, true);
      yield* Counter.call(counter).add(1);
      yield* sys.trace(counter, false);
      yield* Counter.call(counter).add(1);
    });
    expect(reports).toEqual(["in", "out", "handled"].map((event) => ["trace", "info", event]));
  });

  it("install calls a function with its state until it is done or removed", () => {
    const seen: unknown[] = [];
    const removed: unknown[] = [];
    live(function* () {
      const counter = yield* Counter.start(1);
      yield* sys.install(counter, noting(seen, 3));
      yield* Counter.call(counter).add(1);
      yield* Counter.call(counter).add(1);
      yield* sys.install(counter, noting(removed));
      Counter.cast(counter).reset();
      yield* sys.remove(counter, "noting");
      yield* Counter.call(counter).add(1);
    });
    expect(seen).toEqual([
      [1, ["in", ["add", 1]]],
      [2, ["out", 2]],
      [3, ["handled", 2]],
    ]);
    expect(removed).toEqual([
      [1, ["in", "reset"]],
      [2, ["handled", 0]],
    ]);
  });

  it("a debug function that throws is removed and harms nobody; a second one of the same id changes nothing", () => {
    const seen: unknown[] = [];
    const value = live(function* () {
      const counter = yield* Counter.start(1);
      yield* sys.install(counter, {
        id: "bad",
        state: null,
        step: () => {
          seen.push("called");
          throw new Error("bad");
        },
      });
      yield* sys.install(counter, { ...noting(seen), id: "bad" });
      yield* Counter.call(counter).add(1);
      return yield* Counter.call(counter).add(1);
    });
    expect([value, seen]).toEqual([3, ["called"]]);
  });

  it("the option debug of a start switches all of them on", () => {
    const seen: unknown[] = [];
    const kept = live(function* () {
      const made = noting(seen);
      const counter = yield* Counter.startOpt([1], {
        debug: [["log", 1], "statistics", ["install", made]],
      });
      yield* Counter.call(counter).add(1);
      const counted = yield* sys.statistics(counter, "get");
      return [(yield* sys.log(counter, "get")).map(brief), counted === "no_statistics" ? counted : counted.messagesIn];
    });
    expect(kept).toEqual([[["handled", 2]], 1]);
    expect(seen).toHaveLength(3);
  });

  it("serves state machines, event managers and servers with OTP's callbacks, also suspended ones", () => {
    const Door = genStatem({
      init: () => ({ state: "shut" as const, data: null }),
      states: { shut: { call: { see: () => "shut" } } },
    });
    const Silent = eventHandler({ init: () => 0, event: (self, by: number) => void (self.state += by) });
    const Events = genEvent({ silent: Silent });
    const seen = live(function* () {
      const door = yield* Door.start();
      const events = yield* Events.start();
      const plain = yield* startServer(
        { init: () => ["ok", 0] as const, handleCall: (_request, _from, count: number) => ["reply", count, count + 1] },
        null,
      );
      const pids: readonly Pid<never>[] = [door, events, plain];
      for (const pid of pids) yield* suspend(pid);
      for (const pid of pids) yield* sys.log(pid, 10);
      for (const pid of pids) yield* resume(pid);
      yield* Door.call(door).see();
      yield* Events.addHandler(events, "silent");
      yield* call(plain as Pid<Request<string, unknown>>, "count"); // what it understands
      const logs: unknown[] = [];
      for (const pid of pids) logs.push((yield* sys.log(pid, "get")).map(({ type }) => type));
      return logs;
    });
    expect(seen).toEqual([1, 2, 3].map(() => ["in", "out", "handled"]));
  });

  it("refuses lengths, switches and functions that are none", () => {
    const counter = {} as never; // never asked
    expect(codeOf(() => sys.log(counter, 0))).toBe("ERR_BAD_ARGUMENT");
    expect(codeOf(() => sys.trace(counter, 1 as never))).toBe("ERR_BAD_ARGUMENT"); // the mistake
    expect(codeOf(() => sys.statistics(counter, "maybe" as never))).toBe("ERR_BAD_ARGUMENT"); // the mistake
    expect(codeOf(() => sys.install(counter, { id: "x" } as never))).toBe("ERR_BAD_ARGUMENT"); // the mistake
    expect(codeOf(() => Counter.startOpt([1], { debug: ["loud" as never] }))).toBe("ERR_BAD_ARGUMENT"); // the mistake
  });
});
