import { alias, makeRef, monitor, type Self, send, sendAfter, spawn, TIMEOUT, waitingMessages } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, laboratory } from "../laboratory.ts";

type Message = { type: "a"; n: number } | { type: "b"; n: number };

describe("receive", () => {
  it("takes the oldest message", () => {
    expect(
      laboratory().play(function* (self: Self<number>) {
        for (const n of [1, 2]) send(self, n);
        return [yield* self.receive(), yield* self.receive()];
      }),
    ).toEqual([1, 2]);
  });

  it("waits for one", () => {
    const { run, platform } = laboratory();
    let got: unknown;
    const pid = run(function* (self: Self<string>) {
      got = yield* self.receive();
    });
    expect(got).toBeUndefined();
    send(pid, "x");
    platform.settle();
    expect(got).toBe("x");
  });

  it("with a pattern takes the oldest that matches; the others stay, in order", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<Message>) {
        for (const message of [
          { type: "a", n: 1 },
          { type: "b", n: 2 },
          { type: "a", n: 3 },
          { type: "b", n: 4 },
        ] as const)
          send(self, message);
        const b = yield* self.receive({ type: "b" });
        return [b.n, waitingMessages(self)?.map((message) => (message as Message).n)]; // what was sent
      }),
    ).toEqual([2, [1, 3, 4]]);
  });

  it("with a guard takes what the guard accepts with true, and nothing else", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<number>) {
        for (const n of [1, 2, 3]) send(self, n);
        const truthy = yield* self.receive(((n: number) => n) as never).after(0);
        return [truthy, yield* self.receive((n) => n > 1)];
      }),
    ).toEqual([TIMEOUT, 2]);
  });

  it("does not match where a guard throws, as in Erlang", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<{ user?: { name: string } }>) {
        send(self, {});
        send(self, { user: { name: "x" } });
        return yield* self.receive((message) => (message.user as { name: string }).name === "x"); // throws for the first
      }),
    ).toEqual({ user: { name: "x" } });
  });

  it("with a ref takes what came through it", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<string>) {
        const mine = alias<string>();
        send(self, "direct");
        send(mine, "through the alias");
        return [yield* self.receive(mine), yield* self.receive()];
      }),
    ).toEqual(["through the alias", "direct"]);
  });

  it("with a ref is not woken by other messages", () => {
    const { run, platform, node } = laboratory();
    const pid = run(function* (self: Self<number>) {
      yield* self.receive(makeRef());
    });
    const before = node.scheduler.slices;
    for (let i = 0; i < 5; i++) send(pid, i);
    platform.settle();
    expect(node.scheduler.slices).toBe(before);
  });

  it("looks at each message once per wait", () => {
    const { run, platform } = laboratory();
    let looks = 0;
    const pid = run(function* (self: Self<number>) {
      yield* self.receive((n) => {
        looks++;
        return n === 9;
      });
    });
    for (let n = 0; n <= 9; n++) {
      send(pid, n);
      platform.settle();
    }
    expect(looks).toBe(10);
  });

  it("may be used again when it has finished, but not by two at once", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<number>) {
        const next = self.receive((n) => n > 1);
        for (const n of [1, 2, 3]) send(self, n);
        return [yield* next, yield* next];
      }),
    ).toEqual([2, 3]);
  });

  it("outside a process is refused", () => {
    const escaped = laboratory().play(function* (self: Self<number>) {
      return self.receive();
    });
    expect(codeOf(() => escaped[Symbol.iterator]().next())).toBe("ERR_NOT_IN_PROCESS");
  });
});

describe("a receive by a fresh ref", () => {
  it.each([
    ["an alias", () => alias<string>()],
    ["a monitor", () => monitor(spawn(function* () {}))],
    ["makeRef", () => makeRef()],
  ] as const)("skips what was there before: %s", (_what, make) => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<unknown>) {
        for (let i = 0; i < 100_000; i++) send(self, { ref: i });
        const ref = make();
        const started = performance.now();
        for (let i = 0; i < 1_000; i++) yield* self.receive({ ref }).after(0);
        return performance.now() - started;
      }),
    ).toBeLessThan(500); // 1,000 walks over 100,000 messages take seconds
  });

  it("finds what comes after, also when the message before it is gone", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<unknown>) {
        send(self, "old");
        const ref = makeRef();
        yield* self.receive();
        send(self, { ref });
        return yield* self.receive({ ref });
      }),
    ).toMatchObject({ ref: expect.anything() });
  });
});

describe("after", () => {
  it("gives up when the time is over", () => {
    const { run, platform } = laboratory();
    const log: unknown[] = [];
    run(function* (self: Self<string>) {
      log.push(yield* self.receive().after(100));
    });
    platform.advance(99);
    expect(log).toEqual([]);
    platform.advance(1);
    expect(log).toEqual([TIMEOUT]);
  });

  it("0 looks through the mailbox once", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<string>) {
        const before = yield* self.receive().after(0);
        send(self, "x");
        return [before, yield* self.receive().after(0)];
      }),
    ).toEqual([TIMEOUT, "x"]);
  });

  it("is not restarted by messages that do not match", () => {
    const { run, platform } = laboratory();
    let got: unknown;
    const pid = run(function* (self: Self<string>) {
      got = yield* self.receive((text) => text === "never").after(100);
    });
    for (let i = 0; i < 10; i++) {
      send(pid, "other");
      platform.advance(10);
    }
    expect(got).toBe(TIMEOUT);
  });

  it("loses against a message that is there", () => {
    const { run, platform } = laboratory();
    let got: unknown;
    const pid = run(function* (self: Self<string>) {
      got = yield* self.receive((text) => text === "x").after(10);
    });
    sendAfter(10, pid, "x");
    platform.advance(10);
    expect(got).toBe("x");
  });

  it("leaves no timer behind", () => {
    const { run, platform, node } = laboratory();
    const pid = run(function* (self: Self<string>) {
      yield* self.receive().after(1_000);
      yield* self.receive();
    });
    expect(node.timers.size).toBe(1);
    send(pid, "x");
    platform.settle();
    expect(node.timers.size).toBe(0);
  });

  it("infinity waits without end", () => {
    const { run, platform, ends } = laboratory();
    const pid = run(function* (self: Self<string>) {
      yield* self.receive().after("infinity");
    });
    platform.advance(2 ** 40);
    expect(ends.has(pid)).toBe(false);
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, 2 ** 48, "10", undefined, null])("refuses %o", (ms) => {
    expect(
      laboratory().play(function* (self: Self<string>) {
        return codeOf(() => self.receive().after(ms as never));
      }),
    ).toBe("ERR_BAD_ARGUMENT");
  });

  it("takes fractions, and never fires early", () => {
    const { run, platform } = laboratory();
    let got: unknown;
    run(function* (self: Self<string>) {
      got = yield* self.receive().after(0.5);
    });
    platform.advance(0.4);
    expect(got).toBeUndefined();
    platform.advance(0.6);
    expect(got).toBe(TIMEOUT);
  });
});

describe("a receive in a bounded mailbox", () => {
  it("goes on when the message it stopped at is displaced", () => {
    const { run, platform } = laboratory();
    let got: unknown;
    const body = function* (self: Self<{ type: string }>) {
      got = yield* self.receive({ type: "x" });
    };
    const pid = run(body, { mailbox: { max: 2, whenFull: "drop_oldest" } });
    for (const type of ["a", "b", "c", "d", "e", "x"]) {
      send(pid, { type });
      platform.settle();
    }
    expect(got).toEqual({ type: "x" });
  });
});
