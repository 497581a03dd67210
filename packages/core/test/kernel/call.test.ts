import {
  call,
  type CallInfo,
  exit,
  ExitException,
  type Pid,
  processInfo,
  register,
  reply,
  type Request,
  type Self,
  send,
  spawn,
  TIMEOUT,
  waitingMessages,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { idle, laboratory } from "../laboratory.ts";

type Double = Request<number, number>;

function* doubler(self: Self<Double>) {
  for (;;) {
    const { from, request } = yield* self.receive();
    reply(from, request * 2);
  }
}

/** A process that ends when it is asked. */
function* quitter(self: Self<Double>) {
  yield* self.receive();
  exit("had enough");
}

/** The reason with which a call fails, without the pid. */
function* failureOf(server: Pid<Double> | string, timeoutMs: number | "infinity" = 100) {
  try {
    yield* call<number, number>(server, 21, { timeoutMs });
  } catch (error) {
    // A failed call raises an ExitException with [why, CallInfo].
    const [why, info] = (error as ExitException).reason as [unknown, CallInfo];
    return [why, info.type, info.server === server, info.request];
  }
  return "no failure";
}

describe("call", () => {
  it("returns the reply", () => {
    expect(
      laboratory().play(function* () {
        return yield* call(spawn(doubler), 21);
      }),
    ).toBe(42);
  });

  it("reaches a name", () => {
    expect(
      laboratory().play(function* () {
        register("doubler", spawn(doubler));
        return yield* call<number, number>("doubler", 4);
      }),
    ).toBe(8);
  });

  it("fails with noproc where there is no server", () => {
    const { play, run } = laboratory();
    const dead = run(function* (_self: Self<Double>) {});
    expect(play(() => failureOf(dead))).toEqual(["noproc", "call", true, 21]);
    expect(play(() => failureOf("nobody"))).toEqual(["noproc", "call", true, 21]);
  });

  it("fails with the server's reason when it ends before it replies", () => {
    const { play } = laboratory();
    expect(play(() => failureOf(spawn(quitter)))).toEqual(["had enough", "call", true, 21]);
  });

  it("names the error that ended the server as its cause", () => {
    const { play } = laboratory();
    const cause = play(function* () {
      const server = spawn(function* (self: Self<Double>) {
        yield* self.receive();
        throw new RangeError("too far");
      });
      try {
        yield* call(server, 21);
      } catch (error) {
        return (error as ExitException).cause; // what a call throws
      }
      return undefined;
    });
    expect(cause).toBeInstanceOf(RangeError);
  });

  it("of oneself fails with calling_self", () => {
    expect(laboratory().play((self: Self<Double>) => failureOf(self))).toEqual(["calling_self", "call", true, 21]);
  });

  it("fails with timeout; a late reply vanishes and nothing is left", () => {
    const { run, platform, node } = laboratory();
    const log: unknown[] = [];
    const server = run(function* (self: Self<Double>) {
      const { from } = yield* self.receive();
      yield* self.sleep(200);
      reply(from, 1);
    });
    const client = run(function* (self: Self<string>) {
      log.push(yield* failureOf(server));
      yield* self.receive();
    });
    platform.advance(99);
    expect(log).toEqual([]);
    platform.advance(200);
    expect(log).toEqual([["timeout", "call", true, 21]]);
    expect([waitingMessages(client), processInfo(client)?.monitors, node.timers.size]).toEqual([[], [], 0]);
  });

  it("infinity waits without end", () => {
    const { run, platform, ends } = laboratory();
    const client = run(function* () {
      yield* call(spawn(idle) as Pid<Double>, 1, { timeoutMs: "infinity" });
    });
    platform.advance(2 ** 40);
    expect(ends.has(client)).toBe(false);
  });

  it("leaves the mailbox alone", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<string>) {
        send(self, "before");
        const answer = yield* call(spawn(doubler), 1);
        return [answer, yield* self.receive(), yield* self.receive().after(0)];
      }),
    ).toEqual([2, "before", TIMEOUT]);
  });

  it("costs the same with a hundred thousand messages queued", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<number>) {
        const server = spawn(doubler);
        for (let i = 0; i < 100_000; i++) send(self, i);
        const started = performance.now();
        for (let i = 0; i < 1_000; i++) yield* call(server, i);
        return performance.now() - started;
      }),
    ).toBeLessThan(500); // 1,000 walks over 100,000 messages take seconds
  });

  it("in a full mailbox still finds its reply", () => {
    const { run, platform } = laboratory();
    const log: unknown[] = [];
    const server = run(function* (self: Self<Double>) {
      const { from, request } = yield* self.receive();
      yield* self.sleep(10);
      reply(from, request * 2);
    });
    const client = run(
      function* (self: Self<number>) {
        send(self, 0);
        log.push(yield* call(server, 21));
      },
      { mailbox: { max: 1, whenFull: "drop_oldest" } },
    );
    for (let i = 1; i < 5; i++) send(client, i);
    platform.advance(10);
    expect(log).toEqual([42]);
  });

  it("counts the first reply", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<never>) {
        const server = spawn(function* (me: Self<Double>) {
          const { from } = yield* me.receive();
          reply(from, 1);
          reply(from, 2);
        });
        return [yield* call(server, 0), yield* self.receive().after(0)];
      }),
    ).toEqual([1, TIMEOUT]);
  });

  it("may be answered by another process, later", () => {
    const { play } = laboratory();
    expect(
      play(function* () {
        const front = spawn(function* (self: Self<Double>) {
          send(spawn(doubler), yield* self.receive());
          yield* self.receive();
        });
        return yield* call(front, 3);
      }),
    ).toBe(6);
  });

  it("isolates request and reply", () => {
    const { play } = laboratory();
    const request = { n: 1 };
    expect(
      play(function* () {
        const server = spawn(function* (self: Self<Request<{ n: number }, { n: number }>>) {
          const { from, request: got } = yield* self.receive();
          got.n = 5;
          reply(from, got);
          got.n = 9;
        });
        return yield* call(server, request);
      }),
    ).toEqual({ n: 5 });
    expect(request).toEqual({ n: 1 });
  });

  it("may be made again with the same operation, also after a failure", () => {
    const { play } = laboratory();
    expect(
      play(function* () {
        const ask = call<number, number>("doubler", 5);
        const why = yield* (function* () {
          try {
            yield* ask;
          } catch (error) {
            return (error as ExitException).reason;
          }
          return "none";
        })(); // as above
        register("doubler", spawn(doubler));
        return [(why as unknown[])[0], yield* ask, yield* ask];
      }),
    ).toEqual(["noproc", 10, 10]);
  });

  it.each([undefined, null, 5, {}])("refuses %o as a server, each time it is tried", (server) => {
    const { run, ends } = laboratory();
    const pid = run(function* () {
      const ask = call(server as never, 1 as never);
      try {
        yield* ask;
      } catch {
        yield* ask;
      }
    });
    expect(ends.get(pid)).toMatchObject({ code: "ERR_BAD_ARGUMENT" });
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])("refuses a timeoutMs of %o", (timeoutMs) => {
    expect(() => call("x", 1, { timeoutMs })).toThrow("Cannot set a timer");
  });

  it("uncaught ends the caller with why and what", () => {
    const { run, ends } = laboratory();
    const pid = run(function* () {
      yield* call<number, number>("nobody", 1);
    });
    expect(ends.get(pid)).toEqual(["noproc", { type: "call", server: "nobody", request: 1 }]);
  });
});
