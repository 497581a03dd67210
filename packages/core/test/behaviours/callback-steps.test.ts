import { cast, genServer, genStatem, self, startServer } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { laboratory } from "../laboratory.ts";
import { live } from "./task/task-owner.ts";

describe("a callback that returns an operation", () => {
  it("waits for it, and what it comes to is the value", () => {
    const Inner = genServer({ init: () => 7, call: { value: ({ state }) => state } });
    const seen = live(function* () {
      const inner = yield* Inner.start();
      const Outer = genServer({
        init: () => null,
        call: { ask: () => Inner.call(inner).value(), pause: () => self().sleep(50) },
      });
      const outer = yield* Outer.start();
      const asked: number = yield* Outer.call(outer).ask();
      yield* Outer.call(outer).pause();
      return asked;
    });
    expect(seen).toBe(7);
  });

  it("waits in terminate, too", () => {
    const { run, ends, platform } = laboratory();
    const Slow = genServer({
      init: () => null,
      cast: { end: (own) => own.stop("normal") },
      terminate: () => self().sleep(50),
    });
    const pids: unknown[] = [];
    run(function* () {
      const pid = yield* Slow.start();
      pids.push(pid);
      Slow.cast(pid).end();
    });
    platform.advance(49);
    expect([...ends.keys()].some((pid) => pid === pids[0])).toBe(false);
    platform.advance(1);
    expect([...ends.keys()].some((pid) => pid === pids[0])).toBe(true);
  });
});

describe("a callback that returns a promise", () => {
  const Impatient = genServer({ init: () => null, cast: { go: () => Promise.resolve("later") } });
  const Machine = genStatem({
    init: () => ({ state: "only", data: null }),
    states: { only: { cast: { go: () => Promise.resolve("later") } } },
  });

  it.each([
    ["genServer", () => Impatient.start(), "go"],
    ["genStatem", () => Machine.start(), "go"],
    [
      "startServer",
      () => startServer({ init: () => ["ok", 1], handleCast: (() => Promise.resolve(["noreply", 1])) as never }, 0),
      "go",
    ],
  ] as const)("ends a %s with an error that says what to do", (_kind, start, request) => {
    const { run, ends, platform } = laboratory();
    const pids: unknown[] = [];
    run(function* () {
      const pid = yield* start();
      pids.push(pid);
      cast(pid, request);
    });
    platform.settle();
    const reasons = [...ends].filter(([pid]) => pid === pids[0]).map(([, reason]) => reason);
    expect(reasons).toMatchObject([
      { code: "ERR_BAD_RETURN", message: expect.stringContaining("yield* self().await") },
    ]);
  });
});
