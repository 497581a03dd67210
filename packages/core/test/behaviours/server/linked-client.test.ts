import { exit, genServer } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { exitOf, live } from "../task/task-owner.ts";

const Fragile = genServer({ init: () => null, call: { fail: () => exit("oops") } });

describe("a client that is linked to the server it calls", () => {
  it("sees a crash twice if it traps exits: as the exit of the call, and as an Exit", () => {
    const seen = live(
      function* (me) {
        const why = yield* exitOf(Fragile.call(yield* Fragile.startLink()).fail());
        return [why, (yield* me.receive()).reason];
      },
      { traps: true },
    );
    expect(seen).toEqual([["oops", "call", "fail"], "oops"]);
  });

  it("ends with the server if it does not, although it catches the exit of the call", () => {
    const seen = live(function* (me) {
      yield* exitOf(Fragile.call(yield* Fragile.startLink()).fail());
      yield* me.sleep(10);
      return "survived";
    });
    expect(seen).toEqual({ ended: "oops" });
  });

  it("survives when it is not linked", () => {
    const seen = live(function* (me) {
      yield* exitOf(Fragile.call(yield* Fragile.start()).fail());
      yield* me.sleep(10);
      return "survived";
    });
    expect(seen).toBe("survived");
  });
});
