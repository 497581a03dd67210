import {
  type Alias,
  type AnyPid,
  demonitor,
  type Down,
  type Exit,
  exit,
  link,
  makeRef,
  monitor,
  processInfo,
  register,
  type Self,
  send,
  spawn,
  TIMEOUT,
  unregister,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, idle, laboratory } from "../laboratory.ts";

describe("monitor", () => {
  it("sends exactly one Down when the process ends", () => {
    const { run, play } = laboratory();
    const target = run(idle);
    expect(
      play(function* (self: Self<Down>) {
        const ref = monitor(target);
        exit(target, ["bad", 1]);
        const down = yield* self.receive();
        return [down.type, down.ref === ref, down.pid === target, down.reason, yield* self.receive().after(0)];
      }),
    ).toEqual(["DOWN", true, true, ["bad", 1], TIMEOUT]);
  });

  it("stacks: two monitors, two messages, oldest first", () => {
    const { run, play } = laboratory();
    const target = run(idle);
    expect(
      play(function* (self: Self<Down>) {
        const refs = [monitor(target), monitor(target)];
        exit(target, "x");
        return [(yield* self.receive()).ref === refs[0], (yield* self.receive()).ref === refs[1]];
      }),
    ).toEqual([true, true]);
  });

  it("of a process that has ended says noproc at once", () => {
    const { run, play } = laboratory();
    const dead = run(function* () {});
    expect(
      play(function* (self: Self<Down>) {
        monitor(dead);
        const { pid, reason } = yield* self.receive();
        return [pid === dead, reason];
      }),
    ).toEqual([true, "noproc"]);
  });

  it("of oneself never fires", () => {
    const { run, ends } = laboratory();
    const pid = run(function* (self: Self<Down>) {
      monitor(self);
      yield* self.receive();
    });
    expect([ends.has(pid), processInfo(pid)?.monitors]).toEqual([false, []]);
  });

  it("by name stays with the process when the name moves on, and its Down carries the name", () => {
    const { play } = laboratory({ name: "here" });
    expect(
      play(function* (self: Self<Down>) {
        const target = spawn(idle);
        register("held", target);
        monitor("held");
        unregister("held");
        register("held", self);
        exit(target, "x");
        return (yield* self.receive()).pid;
      }),
    ).toEqual({ name: "held", node: "here" });
  });

  it.each([
    ["a free name", "nobody", { name: "nobody", node: "here" }],
    ["a name elsewhere", { name: "user", node: "there" }, { name: "user", node: "here" }],
  ] as const)("of %s says noproc", (_what, target, pid) => {
    const { play } = laboratory({ name: "here" });
    expect(
      play(function* (self: Self<Down>) {
        monitor(target);
        const down = yield* self.receive();
        return [down.reason, down.pid];
      }),
    ).toEqual(["noproc", pid]);
  });

  it("may replace the word DOWN", () => {
    const { run, play } = laboratory();
    const target = run(idle);
    expect(
      play(function* (self: Self<Down<"WORKER_DOWN">>) {
        monitor(target, { tag: "WORKER_DOWN" });
        exit(target, "x");
        return (yield* self.receive()).type;
      }),
    ).toBe("WORKER_DOWN");
  });

  it.each([undefined, null, 5, {}, []])("refuses %o", (target) => {
    expect(
      laboratory().play(function* () {
        return codeOf(() => monitor(target as never));
      }),
    ).toBe("ERR_BAD_ARGUMENT");
  });

  it("needs a process", () => {
    expect(codeOf(() => monitor(laboratory().run(idle)))).toBe("ERR_NOT_IN_PROCESS");
  });

  it("is dropped with its watcher", () => {
    const { run } = laboratory();
    const target = run(idle);
    run(function* () {
      monitor(target);
    });
    expect(processInfo(target)?.monitoredBy).toEqual([]);
  });

  it("tells after the links: Exit before Down, as in Erlang", () => {
    const { run, play } = laboratory();
    const target = run(idle);
    expect(
      play(function* (self: Self<Down | Exit>) {
        self.trapExit();
        monitor(target);
        link(target);
        exit(target, "x");
        return [(yield* self.receive()).type, (yield* self.receive()).type];
      }),
    ).toEqual(["EXIT", "DOWN"]);
  });

  it("delivers what the process sent before its Down", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<Down | { type: "last words" }>) {
        monitor(
          spawn(function* (_: Self, to: AnyPid) {
            send(to, { type: "last words" } as never);
            throw new Error("x");
          }, self),
        );
        return [(yield* self.receive()).type, (yield* self.receive()).type];
      }),
    ).toEqual(["last words", "DOWN"]);
  });
});

describe("demonitor", () => {
  it("stops the Down from coming", () => {
    const { run, play } = laboratory();
    const target = run(idle);
    expect(
      play(function* (self: Self<Down>) {
        demonitor(monitor(target));
        exit(target, "x");
        return yield* self.receive().after(0);
      }),
    ).toBe(TIMEOUT);
  });

  it.each([
    // flush   fired   info   what is left
    [false, false, true, TIMEOUT],
    [true, false, true, TIMEOUT],
    [false, true, false, "DOWN"],
    [true, true, false, TIMEOUT],
  ] as const)("flush %s, fired %s: info says %s, and %o is left", (flush, fired, info, left) => {
    const { run, play } = laboratory();
    const target = run(idle);
    expect(
      play(function* (self: Self<Down>) {
        const ref = monitor(target);
        if (fired) exit(target, "x");
        const said = demonitor(ref, { flush, info: true });
        const rest = yield* self.receive().after(0);
        return [said, rest === TIMEOUT ? TIMEOUT : rest.type];
      }),
    ).toEqual([info, left]);
  });

  it("is true without info, also twice and for a ref that is no monitor", () => {
    const { run, play } = laboratory();
    const target = run(idle);
    expect(
      play(function* () {
        const ref = monitor(target);
        return [demonitor(ref), demonitor(ref), demonitor(makeRef()), demonitor(makeRef(), { info: true })];
      }),
    ).toEqual([true, true, true, false]);
  });

  it("refuses what is no ref, and the monitor of another process", () => {
    const { run, play } = laboratory();
    const target = run(idle);
    const foreign = play(function* () {
      return monitor(target);
    });
    expect(
      play(function* () {
        return [codeOf(() => demonitor(undefined as never)), codeOf(() => demonitor(foreign))];
      }),
    ).toEqual(["ERR_BAD_ARGUMENT", "ERR_BAD_ARGUMENT"]);
  });
});

describe("a monitor that is an alias", () => {
  it.each([
    // mode                after a message   after demonitor   after the Down
    ["explicit_unalias", ["m", "m"], ["m"], ["m"]],
    ["demonitor", ["m", "m"], [], []],
    ["reply_demonitor", ["m"], [], []],
  ] as const)("%s: %j, %j, %j", (mode, afterMessage, afterDemonitor, afterDown) => {
    const { play } = laboratory();
    /** How many of two messages through the ref arrive after `act`. */
    const arrived = (act: (ref: Alias, target: AnyPid) => void, count: number): unknown[] =>
      play(function* (self: Self<unknown>) {
        const target = spawn(idle);
        const ref = monitor(target, { alias: mode });
        act(ref, target);
        const found: unknown[] = [];
        yield* self.receive({ type: "DOWN" }).after(0);
        for (let i = 0; i < count; i++) send(ref, "m" as never);
        for (let next = yield* self.receive().after(0); next !== TIMEOUT; next = yield* self.receive().after(0))
          found.push(next);
        return found;
      });
    expect(arrived(() => undefined, 2)).toEqual(afterMessage);
    expect(arrived((ref) => void demonitor(ref), 1)).toEqual(afterDemonitor);
    expect(arrived((_ref, target) => void exit(target, "x"), 1)).toEqual(afterDown);
  });

  it("reply_demonitor: the first message removes the monitor", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<unknown>) {
        const target = spawn(idle);
        const ref = monitor(target, { alias: "reply_demonitor" });
        send(ref, "reply" as never);
        exit(target, "x");
        return [yield* self.receive(), yield* self.receive().after(0)];
      }),
    ).toEqual(["reply", TIMEOUT]);
  });
});
