import { type AnyPid, makeRef, type NameRegistry, type Pid, register, type Self, send, spawn } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, laboratory } from "../laboratory.ts";

/** A body that notes all it receives. */
function noting(log: unknown[]) {
  return function* (self: Self<unknown>) {
    for (;;) log.push(yield* self.receive());
  };
}

describe("send", () => {
  it("delivers a copy", () => {
    const { run, platform } = laboratory();
    const log: unknown[] = [];
    const message = { list: [1] };
    const pid = run(noting(log));
    expect(send(pid, message)).toBe(message);
    message.list.push(2);
    platform.settle();
    expect(log).toEqual([{ list: [1] }]);
  });

  it("keeps the order of one sender", () => {
    const { run, platform } = laboratory();
    const log: unknown[] = [];
    const pid = run(noting(log));
    for (let i = 0; i < 100; i++) send(pid, i);
    platform.settle();
    expect(log).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it("to a process that has ended is dropped", () => {
    const { run } = laboratory();
    const pid = run(function* () {});
    expect(send(pid, "x")).toBe("x");
  });

  it("to oneself waits in the mailbox", () => {
    expect(
      laboratory().play(function* (self: Self<string>) {
        send(self, "me");
        return yield* self.receive();
      }),
    ).toBe("me");
  });

  it("refuses at once what cannot be sent; nothing arrives", () => {
    const { run, platform } = laboratory();
    const log: unknown[] = [];
    const pid = run(noting(log));
    expect(codeOf(() => send(pid, { fn: () => 1 }))).toBe("ERR_NOT_SENDABLE");
    platform.settle();
    expect(log).toEqual([]);
  });

  it("moves what is transferred", () => {
    const { run, platform } = laboratory();
    const log: unknown[] = [];
    const pid = run(noting(log));
    const bytes = new Uint8Array([1, 2]);
    send(pid, bytes, { transfer: [bytes.buffer] });
    platform.settle();
    expect([log, bytes.length]).toEqual([[new Uint8Array([1, 2])], 0]);
  });

  it.each([undefined, null, 5, true, {}, [], { name: "x" }, () => 1])("refuses %o as a target", (target) => {
    expect(codeOf(() => send(target as never, 1 as never))).toBe("ERR_BAD_ARGUMENT");
  });

  it("refuses a ref that is no address", () => {
    const { play } = laboratory();
    expect(
      play(function* () {
        return codeOf(() => send(makeRef() as never, 1 as never));
      }),
    ).toBe("ERR_BAD_ARGUMENT");
  });
});

describe("send to a name", () => {
  it("reaches the holder, and fails when there is none, as in Erlang", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<string>) {
        register("me", self);
        send("me", "hello");
        return [yield* self.receive(), codeOf(() => send("nobody", 1))];
      }),
    ).toEqual(["hello", "ERR_NOT_REGISTERED"]);
  });

  it("at a node is dropped when nobody is there", () => {
    const { play } = laboratory({ name: "here" });
    expect(
      play(function* (self: Self<string>) {
        register("me", self);
        send({ name: "me", node: "here" }, "hello");
        send({ name: "nobody", node: "here" }, 1);
        send({ name: "me", node: "elsewhere" }, 1);
        return [yield* self.receive(), yield* self.receive().after(0)];
      }),
    ).toEqual(["hello", Symbol.for("krarup.timeout")]);
  });

  it("of a registry of one's own goes through it, isolated", () => {
    const { play } = laboratory();
    const sent: unknown[] = [];
    const via: NameRegistry = {
      registerName: () => true,
      unregisterName: () => undefined,
      whereisName: (): AnyPid | undefined => undefined,
      send: (name, message) => void sent.push(name, message),
    };
    const message = { n: 1 };
    play(function* () {
      send({ via, name: ["shard", 3] }, message);
    });
    message.n = 2;
    expect(sent).toEqual([["shard", 3], { n: 1 }]);
  });
});

describe("ordering", () => {
  it("signals and messages of one sender arrive in the order sent", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<string>) {
        spawn(function* (_: Self, parent: Pid<string>) {
          send(parent, "first");
          send(parent, "second");
        }, self);
        return [yield* self.receive(), yield* self.receive()];
      }),
    ).toEqual(["first", "second"]);
  });
});
