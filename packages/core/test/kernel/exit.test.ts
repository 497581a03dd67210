import {
  type Exit,
  exit,
  ExitException,
  isAlive,
  link,
  type Self,
  send,
  spawn,
  whereis,
  register,
  waitingMessages,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, idle, laboratory } from "../laboratory.ts";

describe("exit(reason)", () => {
  it.each(["normal", "shutdown", ["bad", { a: 1 }], undefined, 5])("ends the process with %o", (reason) => {
    const { run, ends } = laboratory();
    expect(
      ends.get(
        run(function* () {
          exit(reason);
        }),
      ),
    ).toEqual(reason);
  });

  it("can be caught, and then nobody else notices", () => {
    const { play } = laboratory();
    expect(
      play(function* () {
        try {
          exit("why");
        } catch (error) {
          return error instanceof ExitException && error.reason;
        }
      }),
    ).toBe("why");
  });

  it("runs finally on its way", () => {
    const log: string[] = [];
    const { run } = laboratory();
    run(function* () {
      try {
        exit("x");
      } finally {
        log.push("finally");
      }
    });
    expect(log).toEqual(["finally"]);
  });

  it.each([
    [Symbol("s"), "Symbol(s)"],
    [{ a: 1n }, '{"a":"1n"}'],
    [Object.create(null), "{}"],
  ])("names %o in its message", (reason, text) => {
    expect(new ExitException(reason).message).toBe(`Exit with reason ${text}`);
  });
});

describe("exit(pid, reason)", () => {
  it("ends the receiver at once; no catch and no finally of it runs", () => {
    const { run, ends } = laboratory();
    const log: string[] = [];
    const pid = run(function* (self: Self) {
      try {
        yield* self.receive();
      } catch {
        log.push("catch");
      } finally {
        log.push("finally");
      }
    });
    expect(exit(pid, "stop")).toBe(true);
    expect([ends.get(pid), log, isAlive(pid)]).toEqual(["stop", [], false]);
  });

  it("normal is ignored by a receiver that does not trap exits", () => {
    const { run } = laboratory();
    const pid = run(idle);
    exit(pid, "normal");
    expect(isAlive(pid)).toBe(true);
  });

  it("kill ends any process, with killed", () => {
    const { run, ends } = laboratory();
    const pid = run(function* (self: Self<Exit>) {
      self.trapExit();
      yield* self.receive();
    });
    exit(pid, "kill");
    expect(ends.get(pid)).toBe("killed");
  });

  it("becomes a message to one that traps exits; from outside it comes from <0.0.0>", () => {
    const { run, platform } = laboratory();
    const log: Exit[] = [];
    const pid = run(function* (self: Self<Exit>) {
      self.trapExit();
      log.push(yield* self.receive());
    });
    exit(pid, ["bad", 1]);
    platform.settle();
    expect(log.map(({ type, pid: from, reason }) => [type, String(from), reason])).toEqual([
      ["EXIT", "<0.0.0>", ["bad", 1]],
    ]);
  });

  it("to a process that has ended does nothing", () => {
    const { run, ends } = laboratory();
    const pid = run(function* () {});
    expect(exit(pid, "kill")).toBe(true);
    expect(ends.get(pid)).toBe("normal");
  });

  it.each([undefined, null, "name", 5, {}])("refuses %o as a target", (target) => {
    expect(codeOf(() => exit(target as never, "x"))).toBe("ERR_BAD_ARGUMENT");
  });

  it("ends the receiver before it takes what waits, and drops what comes later", () => {
    const { run, platform } = laboratory();
    const log: unknown[] = [];
    const pid = run(function* (self: Self<string>) {
      for (;;) log.push(yield* self.receive());
    });
    run(function* () {
      send(pid, "before");
      exit(pid, "stop");
      send(pid, "after");
    });
    platform.settle();
    expect([log, waitingMessages(pid)]).toEqual([[], undefined]);
  });
});

describe("an exit signal to oneself", () => {
  it("by signal() acts before it returns, and nothing catches it", () => {
    const { run, ends } = laboratory();
    const log: string[] = [];
    const pid = run(function* (self: Self) {
      try {
        yield* self.signal("stop");
        log.push("went on");
      } catch {
        log.push("catch");
      } finally {
        log.push("finally");
      }
    });
    expect([ends.get(pid), log]).toEqual(["stop", []]);
  });

  it.each([
    // reason    traps    ends with
    ["normal", false, "normal"],
    ["kill", true, "killed"],
    ["x", false, "x"],
  ] as const)("signal(%o), trapping %s: ends with %o", (reason, traps, end) => {
    const { run, ends } = laboratory();
    const pid = run(function* (self: Self<Exit>) {
      self.trapExit(traps);
      yield* self.signal(reason);
    });
    expect(ends.get(pid)).toBe(end);
  });

  it("is a message where exits are trapped", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<Exit>) {
        self.trapExit();
        const went = yield* self.signal("x");
        const exitMessage = yield* self.receive();
        return [went, exitMessage.reason, exitMessage.pid === self];
      }),
    ).toEqual([true, "x", true]);
  });

  it("by exit(self, reason) leaves the body at once", () => {
    const { run, ends } = laboratory();
    const log: string[] = [];
    const pid = run(function* (self: Self) {
      exit(self, "stop");
      log.push("went on");
    });
    expect([ends.get(pid), log]).toEqual(["stop", []]);
  });

  it("by exit(self, reason) holds even when the body catches everything", () => {
    const { run, ends } = laboratory();
    let turns = 0;
    const pid = run(function* (self: Self) {
      for (;;) {
        try {
          exit(self, "stop");
        } catch {
          turns++;
          yield* self.receive();
        }
      }
    });
    expect([ends.get(pid), turns]).toEqual(["stop", 1]);
  });
});

describe("the end of a process", () => {
  it("frees the name before anybody hears of it", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<Exit>) {
        self.trapExit();
        const child = spawn(function* (me: Self) {
          register("child", me);
          yield* me.receive();
        });
        yield* self.yield();
        link(child);
        exit(child, "x");
        yield* self.receive();
        return whereis("child");
      }),
    ).toBeUndefined();
  });

  it("caused by its own signal to a linked process takes effect at its next operation", () => {
    const { run, ends } = laboratory();
    const log: string[] = [];
    const peer = run(idle);
    const pid = run(function* (self: Self) {
      link(peer);
      exit(peer, "x");
      log.push("still here");
      yield* self.sleep(0);
      log.push("never");
    });
    expect([ends.get(pid), log]).toEqual(["x", ["still here"]]);
  });

  it("shares its reason only where that cannot change", () => {
    const { run, platform } = laboratory();
    const reasons: Map<string, number>[] = [];
    const target = run(idle);
    const watch = function* (self: Self<Exit>) {
      self.trapExit();
      link(target);
      const { reason } = yield* self.receive();
      reasons.push((reason as [Map<string, number>])[0]); // what the test sends below
    };
    run(watch);
    run(watch);
    exit(target, [new Map([["n", 1]])]);
    platform.settle();
    reasons[0]?.set("n", 2);
    expect(reasons.map((reason) => reason.get("n"))).toEqual([2, 1]);
  });

  it("gives nobody a reason that can be changed under others", () => {
    const { run, platform } = laboratory();
    const seen: unknown[] = [];
    const target = run(idle, { mailbox: { max: 1, whenFull: "exit" } });
    run(function* (self: Self<Exit>) {
      self.trapExit();
      link(target);
      seen.push((yield* self.receive()).reason);
    });
    send(target, 1);
    send(target, 2);
    platform.settle();
    expect([seen, Object.isFrozen(seen[0])]).toEqual([[["mailbox_full", 1]], true]);
  });
});
