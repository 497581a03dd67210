import { exit, register, registered, type Self, send, setDefaultNode, unregister, whereis } from "@krarup/core";
import { afterEach, describe, expect, it } from "vitest";
import { codeOf, idle, laboratory } from "../laboratory.ts";

afterEach(() => setDefaultNode(null));

describe("register", () => {
  it("makes a process findable; others may do it for it", () => {
    const { run, play } = laboratory();
    const pid = run(idle);
    expect(
      play(function* () {
        return [register("worker", pid), whereis("worker") === pid, registered()];
      }),
    ).toEqual([true, true, ["worker"]]);
  });

  it("refuses a process that has ended", () => {
    const { run } = laboratory();
    const dead = run(function* () {});
    expect(codeOf(() => register("x", dead))).toBe("ERR_BAD_ARGUMENT");
  });

  it("is undone by the end of the process", () => {
    const { run, node } = laboratory();
    setDefaultNode(node);
    const pid = run(function* (self: Self) {
      register("x", self);
      yield* self.receive();
    });
    expect(whereis("x") === pid).toBe(true);
    exit(pid, "kill");
    expect([whereis("x"), registered()]).toEqual([undefined, []]);
  });

  it("acts on the node of the process, not on the one of the caller", () => {
    const [here, there] = [laboratory(), laboratory()];
    const pid = there.run(idle);
    expect(
      here.play(function* () {
        register("x", pid);
        return whereis("x");
      }),
    ).toBeUndefined();
    expect(
      there.play(function* () {
        return whereis("x") === pid;
      }),
    ).toBe(true);
  });
});

describe("unregister", () => {
  it("frees the name; the process goes on", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<string>) {
        register("x", self);
        unregister("x");
        send(self, "alive");
        return [whereis("x"), yield* self.receive()];
      }),
    ).toEqual([undefined, "alive"]);
  });

  it("refuses a name that nobody holds", () => {
    expect(
      laboratory().play(function* () {
        return codeOf(() => unregister("nobody"));
      }),
    ).toBe("ERR_NOT_REGISTERED");
  });
});
