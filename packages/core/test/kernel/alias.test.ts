import { alias, type Alias, makeRef, monitor, type Self, send, spawn, TIMEOUT, unalias } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, idle, laboratory } from "../laboratory.ts";

describe("alias", () => {
  it("is an address until it is switched off", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<string>) {
        const address = alias<string>();
        send(address, "a");
        const wasActive = unalias(address);
        send(address, "b");
        return [yield* self.receive(), yield* self.receive().after(0), wasActive, unalias(address)];
      }),
    ).toEqual(["a", TIMEOUT, true, false]);
  });

  it("once takes one message", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<string>) {
        const address = alias<string>({ once: true });
        send(address, "a");
        send(address, "b");
        return [yield* self.receive(), yield* self.receive().after(0)];
      }),
    ).toEqual(["a", TIMEOUT]);
  });

  it("travels in messages and stays itself", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<string>) {
        spawn(function* (_: Self, to: Alias<string>) {
          send(to, "from afar");
        }, alias<string>());
        return yield* self.receive();
      }),
    ).toBe("from afar");
  });

  it("of a process that has ended drops what is sent to it", () => {
    const { play } = laboratory();
    const address = play(function* () {
      return alias<string>();
    });
    expect(send(address, "x")).toBe("x");
  });

  it("is switched off by its owner only", () => {
    const { play } = laboratory();
    const foreign = play(function* () {
      return alias<string>();
    });
    expect(
      play(function* () {
        return unalias(foreign);
      }),
    ).toBe(false);
  });

  it("needs a process", () => {
    expect(codeOf(() => alias())).toBe("ERR_NOT_IN_PROCESS");
  });
});

describe("unalias", () => {
  it("of a monitor says whether it was an address", () => {
    const { play } = laboratory();
    expect(
      play(function* () {
        const target = spawn(idle);
        const address = monitor(target, { alias: "demonitor" });
        return [unalias(monitor(target)), unalias(address), unalias(address)];
      }),
    ).toEqual([false, true, false]);
  });

  it("refuses a ref that can be none", () => {
    expect(
      laboratory().play(function* () {
        return codeOf(() => unalias(makeRef()));
      }),
    ).toBe("ERR_BAD_ARGUMENT");
  });
});
