import { type AnyPid, type Exit, exit, isAlive, link, processInfo, type Self, spawn, unlink } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, idle, laboratory } from "../laboratory.ts";

const linksOf = (pid: AnyPid): string[] | undefined => processInfo(pid)?.links.map(String);

describe("link", () => {
  it("is known at both ends, once", () => {
    const { run, platform } = laboratory();
    const peer = run(idle);
    const pid = run(function* (self: Self) {
      link(peer);
      link(peer);
      yield* self.receive();
    });
    platform.settle();
    expect([linksOf(pid), linksOf(peer)]).toEqual([[String(peer)], [String(pid)]]);
  });

  it("to oneself changes nothing", () => {
    const { run } = laboratory();
    const pid = run(function* (self: Self) {
      link(self);
      yield* self.receive();
    });
    expect(linksOf(pid)).toEqual([]);
  });

  it("to a process that has ended throws, as in Erlang; uncaught it ends the caller", () => {
    const { run, ends } = laboratory();
    const dead = run(function* () {});
    const pid = run(function* (self: Self) {
      link(dead);
      yield* self.receive();
    });
    expect(ends.get(pid)).toMatchObject({ code: "ERR_NOPROC", reason: "noproc" });
  });

  it("to a process that has ended is an Exit message where exits are trapped", () => {
    const { run, play } = laboratory();
    const dead = run(function* () {});
    expect(
      play(function* (self: Self<Exit>) {
        self.trapExit();
        link(dead);
        const { pid, reason } = yield* self.receive();
        return [pid === dead, reason];
      }),
    ).toEqual([true, "noproc"]);
  });

  it("needs a process, and a pid", () => {
    const { run, play } = laboratory();
    const peer = run(idle);
    expect(codeOf(() => link(peer))).toBe("ERR_NOT_IN_PROCESS");
    expect(
      play(function* () {
        return codeOf(() => link("peer" as never));
      }),
    ).toBe("ERR_BAD_ARGUMENT");
  });

  it("carries a crash in either direction", () => {
    const { run, ends } = laboratory();
    const [a, b] = [run(idle), run(idle)];
    run(function* (self: Self) {
      link(a);
      yield* self.receive();
    });
    const second = run(function* (self: Self) {
      link(b);
      yield* self.receive();
    });
    exit(a, "x");
    exit(second, "y");
    expect([ends.get(a), ends.get(b), ends.get(second)]).toEqual(["x", "y", "y"]);
  });

  it("carries normal to nobody but those that trap exits", () => {
    const { run, platform } = laboratory();
    const log: unknown[] = [];
    const ending = run(function* (self: Self<string>) {
      yield* self.receive().after(5);
    });
    const plain = run(function* (self: Self) {
      link(ending);
      yield* self.receive();
    });
    run(function* (self: Self<Exit>) {
      self.trapExit();
      link(ending);
      log.push((yield* self.receive()).reason);
    });
    platform.advance(5);
    expect([isAlive(plain), log, linksOf(plain)]).toEqual([true, ["normal"], []]);
  });

  it("works between nodes", () => {
    const [here, there] = [laboratory(), laboratory()];
    const peer = there.run(idle);
    const pid = here.run(function* (self: Self) {
      link(peer);
      yield* self.receive();
    });
    exit(peer, "gone");
    expect(here.ends.get(pid)).toBe("gone");
  });
});

describe("unlink", () => {
  it("works from either end", () => {
    const { run, play } = laboratory();
    const children: AnyPid[] = [];
    play(function* (self: Self) {
      const child = spawn(function* (me: Self<AnyPid>) {
        unlink(yield* me.receive());
        yield* me.receive();
      });
      children.push(child);
      link(child);
      unlink(child);
      exit(child, "x");
      yield* self.yield();
    });
    expect(children.map(isAlive)).toEqual([false]);
    expect(isAlive(run(idle))).toBe(true);
  });

  it("without a link is true", () => {
    const { run, play } = laboratory();
    const peer = run(idle);
    expect(
      play(function* () {
        return unlink(peer);
      }),
    ).toBe(true);
  });

  it("leaves an Exit message that has arrived already", () => {
    const { run, play } = laboratory();
    const peer = run(idle);
    expect(
      play(function* (self: Self<Exit>) {
        self.trapExit();
        link(peer);
        exit(peer, "x");
        unlink(peer);
        return (yield* self.receive()).reason;
      }),
    ).toBe("x");
  });
});

describe("trapExit", () => {
  it("returns the setting before", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<Exit>) {
        return [self.trapExit(), self.trapExit(false), self.trapExit()];
      }),
    ).toEqual([false, true, false]);
  });
});
