// Where a machine does as a server does; and the one time-out that beats what waits.

import { type Exit, exit, self, spawn, spawnLink, startStatem } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { live } from "../task/task-owner.ts";
import { machineOf, run } from "./scripted-machine.ts";

describe("a machine that traps exits", () => {
  it("ends with its parent, by way of terminate", () => {
    const lines: string[] = [];
    live(function* (me) {
      spawn(function* () {
        yield* startStatem(trapping(lines), null, { link: true });
        exit("parent gone");
      });
      yield* me.sleep(5);
    });
    expect(lines).toEqual(['terminate "parent gone" in a']);
  });

  it("is told of anybody else's end", () => {
    const lines: string[] = [];
    live(function* (me) {
      const module = trapping(lines);
      const init: typeof module.init = (args) => {
        spawnLink(() => exit("stranger gone"));
        return module.init(args);
      };
      yield* startStatem({ ...module, init }, null);
      yield* me.sleep(5);
    });
    expect(lines).toEqual(["info [object Object] in a"]);
  });
});

/** A machine that keeps everything and writes down what happens. */
function trapping(lines: string[]): ReturnType<typeof machineOf> {
  const module = machineOf({}, lines);
  return {
    ...module,
    init(args) {
      self<Exit>().trapExit();
      return module.init(args);
    },
  };
}

describe("a machine that asks to hibernate", () => {
  it("goes on as if it had not", () => {
    const init = ["ok", "a", "d", "hibernate"] as const;
    const results = { m: ["keep_state", "d", "hibernate"], n: ["next_state", "b", "d", ["hibernate", true]] };
    expect(run({ init, results, casts: ["m", "n", "o"] }).lines).toEqual(["cast m in a", "cast n in a", "cast o in b"]);
  });
});

describe("an event time-out of 0 ms", () => {
  it("comes before a message that is waiting already", () => {
    const init = ["ok", "a", "d", ["timeout", 0, "e"]] as const;
    expect(run({ init, casts: ["m"] }).lines).toEqual(["timeout e in a", "cast m in a"]);
    const results = { m: ["keep_state", "d", ["timeout", 0, "e"]] };
    expect(run({ results, casts: ["m", "n"] }).lines).toEqual(["cast m in a", "timeout e in a", "cast n in a"]);
  });
});
