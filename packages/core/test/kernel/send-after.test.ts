import {
  cancelTimer,
  exit,
  makeRef,
  monotonicTime,
  readTimer,
  register,
  type Self,
  send,
  sendAfter,
  sendInterval,
  setDefaultNode,
  startTimer,
  type Timeout,
  unregister,
} from "@krarup/core";
import { afterEach, describe, expect, it } from "vitest";
import { codeOf, idle, laboratory, type Laboratory } from "../laboratory.ts";

afterEach(() => setDefaultNode(null));

/** A process that notes what it receives and when. */
function noting(lab: Laboratory) {
  const log: unknown[] = [];
  const pid = lab.run(function* (self: Self<unknown>) {
    for (;;) {
      const message = yield* self.receive();
      log.push([lab.platform.now(), message]);
    }
  });
  return { log, pid };
}

describe("sendAfter", () => {
  it("sends at the time, not earlier", () => {
    const lab = laboratory();
    const { log, pid } = noting(lab);
    sendAfter(10, pid, "x");
    lab.platform.advance(9);
    expect(log).toEqual([]);
    lab.platform.advance(1);
    expect(log).toEqual([[10, "x"]]);
  });

  it("of equal deadlines sends in the order they were set", () => {
    const lab = laboratory();
    const { log, pid } = noting(lab);
    for (const name of ["a", "b", "c"]) sendAfter(10, pid, name);
    lab.platform.advance(10);
    expect(log).toEqual([
      [10, "a"],
      [10, "b"],
      [10, "c"],
    ]);
  });

  it("takes a time on the clock", () => {
    const lab = laboratory();
    const { log, pid } = noting(lab);
    lab.platform.advance(100);
    sendAfter({ at: 150 }, pid, "later");
    sendAfter({ at: 50 }, pid, "overdue");
    lab.platform.advance(50);
    expect(log).toEqual([
      [100, "overdue"],
      [150, "later"],
    ]);
  });

  it("isolates when it is set", () => {
    const lab = laboratory();
    const { log, pid } = noting(lab);
    const message = { n: 1 };
    sendAfter(1, pid, message);
    message.n = 2;
    lab.platform.advance(1);
    expect(log).toEqual([[1, { n: 1 }]]);
  });

  it.each([0, 0.5, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 40, 2 ** 47])("takes %d ms", (ms) => {
    const lab = laboratory();
    const { log, pid } = noting(lab);
    sendAfter(ms, pid, "x");
    lab.platform.advance(Math.ceil(ms));
    expect(log).toEqual([[Math.ceil(ms), "x"]]);
  });

  it.each([
    Number.NaN,
    -1,
    Number.POSITIVE_INFINITY,
    2 ** 47 + 1,
    "5",
    undefined,
    null,
    { at: Number.NaN },
    { at: Number.POSITIVE_INFINITY },
    {},
  ])("refuses %o", (when) => {
    const { node, run } = laboratory();
    const pid = run(idle);
    expect(codeOf(() => sendAfter(when as never, pid, "x"))).toBe("ERR_BAD_ARGUMENT");
    expect(node.timers.size).toBe(0);
  });

  it.each([undefined, null, 5, {}])("refuses %o as a target", (target) => {
    expect(codeOf(() => sendAfter(1, target as never, "x"))).toBe("ERR_BAD_ARGUMENT");
  });

  it("is cancelled with its target, and sets nothing for one that has ended", () => {
    const { node, run } = laboratory();
    const pid = run(idle);
    sendAfter(10, pid, "x");
    expect(node.timers.size).toBe(1);
    exit(pid, "kill");
    expect(node.timers.size).toBe(0);
    sendAfter(10, pid, "x");
    expect(node.timers.size).toBe(0);
  });

  it("aimed at a name looks it up when it expires", () => {
    const lab = laboratory();
    setDefaultNode(lab.node);
    const [first, second] = [noting(lab), noting(lab)];
    register("it", first.pid);
    sendAfter(10, "it", "x");
    unregister("it");
    register("it", second.pid);
    lab.platform.advance(10);
    expect([first.log, second.log]).toEqual([[], [[10, "x"]]]);
    sendAfter(10, "nobody", "x");
    lab.platform.advance(10);
    expect(lab.node.timers.size).toBe(0);
  });
});

describe("startTimer", () => {
  it("sends a timeout with the timer's ref", () => {
    const { play, platform, run } = laboratory();
    const log: unknown[] = [];
    run(function* (self: Self<Timeout<string>>) {
      const ref = startTimer(5, self, "tick");
      const { type, ref: received, message } = yield* self.receive();
      log.push(type, received === ref, message);
    });
    platform.advance(5);
    expect(log).toEqual(["timeout", true, "tick"]);
    expect(
      play(function* () {
        return cancelTimer(startTimer(5, "nobody", 1));
      }),
    ).toBe(5);
  });
});

describe("sendInterval", () => {
  it("repeats without drift until cancelled", () => {
    const lab = laboratory();
    const { log, pid } = noting(lab);
    const ref = sendInterval(10, pid, "tick");
    lab.platform.advance(35);
    expect(cancelTimer(ref)).toBe(5);
    lab.platform.advance(100);
    expect(log).toEqual([
      [10, "tick"],
      [20, "tick"],
      [30, "tick"],
    ]);
  });

  it("sends a message of its own each time", () => {
    const { run, platform } = laboratory();
    const log: number[] = [];
    const pid = run(function* (self: Self<{ n: number }>) {
      for (;;) {
        const message = yield* self.receive();
        log.push(++message.n);
      }
    });
    sendInterval(10, pid, { n: 0 });
    platform.advance(30);
    expect(log).toEqual([1, 1, 1]);
  });

  it("ends with its target", () => {
    const { run, platform, node } = laboratory();
    const pid = run(idle);
    sendInterval(10, pid, 1);
    exit(pid, "kill");
    platform.advance(10);
    expect(node.timers.size).toBe(0);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, "5"])("refuses %o", (everyMs) => {
    expect(codeOf(() => sendInterval(everyMs as never, laboratory().run(idle), 1))).toBe("ERR_BAD_ARGUMENT");
  });
});

describe("cancelTimer and readTimer", () => {
  it("say how much was left, and then false", () => {
    const { run, platform } = laboratory();
    const ref = sendAfter(10, run(idle), 1);
    platform.advance(4);
    expect([readTimer(ref), cancelTimer(ref), cancelTimer(ref), readTimer(ref)]).toEqual([6, 6, false, false]);
  });

  it.each([1, 1_000, 3e9])("never say more than was asked for: %i ms, between two ticks", (ms) => {
    const { run, platform } = laboratory();
    platform.advance(0.4);
    const ref = sendAfter(ms, run(idle), 1);
    expect(readTimer(ref)).toBe(ms);
  });

  it("are false for what has expired and for what is no timer", () => {
    const { run, play, platform } = laboratory();
    const ref = sendAfter(1, run(idle), 1);
    platform.advance(1);
    expect([readTimer(ref), cancelTimer(ref)]).toEqual([false, false]);
    expect(
      play(function* () {
        return [cancelTimer(makeRef()), readTimer(makeRef())];
      }),
    ).toEqual([false, false]);
  });

  it("find a timer aimed at a name on the node where it was set", () => {
    const [here, there] = [laboratory(), laboratory()];
    const ref = there.play(function* () {
      return sendAfter(10, "nobody", 1);
    });
    expect(
      here.play(function* () {
        return cancelTimer(ref);
      }),
    ).toBe(10);
    expect([here.node.timers.size, there.node.timers.size]).toEqual([0, 0]);
  });
});

describe("monotonicTime", () => {
  it("is the platform's clock", () => {
    const { play, platform } = laboratory();
    platform.advance(7);
    expect(
      play(function* () {
        return monotonicTime();
      }),
    ).toBe(7);
  });
});

describe("sleep", () => {
  it("waits for time alone; messages stay", () => {
    const lab = laboratory();
    const log: unknown[] = [];
    const pid = lab.run(function* (self: Self<string>) {
      yield* self.sleep(10);
      log.push(lab.platform.now(), yield* self.receive());
    });
    send(pid, "x");
    lab.platform.advance(9);
    expect(log).toEqual([]);
    lab.platform.advance(1);
    expect(log).toEqual([10, "x"]);
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, "5"])("refuses %o", (ms) => {
    expect(
      laboratory().play(function* (self: Self) {
        return codeOf(() => self.sleep(ms as never));
      }),
    ).toBe("ERR_BAD_ARGUMENT");
  });

  it("may be used again when it is over", () => {
    const lab = laboratory();
    const log: number[] = [];
    lab.run(function* (self: Self) {
      const pause = self.sleep(5);
      yield* pause;
      log.push(lab.platform.now());
      yield* pause;
      log.push(lab.platform.now());
    });
    lab.platform.advance(20);
    expect(log).toEqual([5, 10]);
  });
});
