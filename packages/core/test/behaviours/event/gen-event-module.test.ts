import { type EventModule, genEvent, getState } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { type Body, laboratory } from "../../laboratory.ts";

let lines: unknown[] = [];

/** Runs `body` in a process of a node of its own. */
function play<T>(body: Body<unknown, T>): T {
  lines = [];
  return laboratory().play(body);
}

const counting: EventModule<number, number> = {
  init: (start) => ["ok", start],
  handleEvent(event, count) {
    if (event === "leave") return "remove_handler";
    return event === "swap" ? ["swap_handler", "why", count, ["counting", "next"], 1] : ["ok", count + 1];
  },
  handleCall: (request, count) => (request === "odd" ? ("garbage" as never) : ["ok", [request, count], count]), // nonsense is tested
  terminate(arg, count) {
    lines.push([arg, count]);
    return count;
  },
};
const swapping: EventModule<unknown, unknown> = {
  ...counting,
  init: (args) => ["ok", args],
  handleEvent: (_event, state) => ["ok", state],
};

describe("a handler of OTP's form", () => {
  const Counts = genEvent({ counting, swapping });

  it("handles events and requests, and leaves by its result", () => {
    const answers = play(function* () {
      const manager = yield* Counts.start();
      yield* Counts.addHandler(manager, "counting", 10);
      yield* Counts.syncNotify(manager, "e");
      const reply = yield* Counts.call(manager, "counting").request("how many");
      yield* Counts.syncNotify(manager, "leave");
      return [reply, yield* Counts.whichHandlers(manager)];
    });
    expect(answers).toEqual([["how many", 11], []]);
    expect(lines).toEqual([["remove_handler", 11]]);
  });

  it("is removed for what is no result", () => {
    const thrown = play(function* () {
      const manager = yield* Counts.start();
      yield* Counts.addHandler(manager, "counting", 1);
      try {
        return yield* Counts.call(manager, "counting").request("odd");
      } catch (error) {
        return error;
      }
    });
    expect(thrown).toMatchObject({ reason: ["garbage", { type: "call" }] });
    expect(lines).toEqual([[["error", "garbage"], 1]]);
  });

  it("is replaced in its place by the handler it names, which gets its arguments and what was left", () => {
    const seen = play(function* () {
      const manager = yield* Counts.start();
      yield* Counts.addHandler(manager, ["swapping", 1], "first");
      yield* Counts.addHandler(manager, "counting", 5);
      yield* Counts.addHandler(manager, ["swapping", 2], "last");
      const swapped = yield* Counts.swapHandler(manager, ["counting", "out"], ["swapping", "in"]);
      return [swapped, yield* getState(manager)];
    });
    expect(seen).toEqual([
      "ok",
      [
        ["swapping", ["in", 5]],
        [["swapping", 2], "last"],
        [["swapping", 1], "first"],
      ],
    ]);
  });

  it("is removed when the handler it names cannot start", () => {
    const left = play(function* () {
      const manager = yield* Counts.start();
      yield* Counts.addHandler(manager, "counting", 5);
      yield* Counts.syncNotify(manager, "swap");
      return yield* getState(manager);
    });
    expect(left).toEqual([
      [
        ["counting", "next"],
        [1, 5],
      ],
    ]);
    expect(lines).toEqual([["why", 5]]);
  });
});
