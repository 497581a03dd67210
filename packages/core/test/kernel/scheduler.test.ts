import { createNode, type Priority, processInfo, type Self, send, spawnOpt } from "@krarup/core";
import { manualPlatform } from "@krarup/core/manual";
import { describe, expect, it } from "vitest";
import { codeOf, idle, laboratory } from "../laboratory.ts";

/** Spawns one process per priority, each noting its name `rounds` times, and returns the order in which they ran. */
function order(rounds: number, ...priorities: readonly Priority[]): string {
  const { node, platform } = laboratory();
  const log: string[] = [];
  for (const priority of priorities)
    spawnOpt(
      function* (self: Self) {
        for (let i = 0; i < rounds; i++) {
          log.push(priority.charAt(0));
          yield* self.yield();
        }
      },
      [],
      { node, priority },
    );
  platform.settle();
  return log.join("");
}

describe("priorities", () => {
  it("max runs before high before normal", () => {
    expect(order(3, "normal", "high", "max")).toBe("mmmhhhnnn");
  });

  it("equals take turns", () => {
    expect(order(3, "high", "high").length).toBe(6);
    expect(order(2, "normal", "normal", "normal")).toBe("nnnnnn");
  });

  it("a low one is let in after every eighth normal slice, OTP's rule", () => {
    expect(order(20, "low", "normal")).toMatch(/^n{8}ln{8}l/);
  });

  it("a low one runs when nobody else can", () => {
    expect(order(2, "low")).toBe("ll");
  });
});

describe("fairness", () => {
  it("equal processes that never wait get equal shares", () => {
    const { node, platform } = laboratory({ sliceReductions: 10 });
    const counts = Array.from({ length: 20 }, () => 0);
    let total = 0;
    counts.forEach((_, index) => {
      spawnOpt(
        function* (self: Self) {
          while (total < 10_000) {
            total++;
            counts[index] = (counts[index] ?? 0) + 1;
            yield* self.yield(1);
          }
        },
        [],
        { node },
      );
    });
    platform.settle();
    expect(Math.min(...counts) / Math.max(...counts)).toBeGreaterThan(0.9);
  });

  it("a process that only receives what it sends itself does not keep the others from running", () => {
    const { node, platform } = laboratory({ sliceReductions: 10 });
    const log: string[] = [];
    spawnOpt(
      function* (self: Self<number>) {
        for (let i = 0; i < 100; i++) {
          send(self, i);
          yield* self.receive();
        }
        log.push("busy");
      },
      [],
      { node },
    );
    spawnOpt(
      function* () {
        log.push("other");
      },
      [],
      { node },
    );
    platform.settle();
    expect(log).toEqual(["other", "busy"]);
  });
});

describe("yield", () => {
  it("without reductions always gives way", () => {
    const { node, platform } = laboratory();
    const log: string[] = [];
    for (const name of ["a", "b"])
      spawnOpt(
        function* (self: Self) {
          log.push(name);
          yield* self.yield();
          log.push(name);
        },
        [],
        { node },
      );
    platform.settle();
    expect(log.join("")).toBe("abab");
  });

  it("with reductions gives way when the slice is used up", () => {
    const { node, platform } = laboratory({ sliceReductions: 100 });
    const log: string[] = [];
    for (const name of ["a", "b"])
      spawnOpt(
        function* (self: Self) {
          for (let i = 0; i < 4; i++) {
            log.push(name);
            yield* self.yield(50);
          }
        },
        [],
        { node },
      );
    platform.settle();
    expect(log.join("")).toBe("aaabbbab");
  });

  it.each([Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY, "5"])("refuses %o", (reductions) => {
    expect(
      laboratory().play(function* (self: Self) {
        return codeOf(() => self.yield(reductions as never));
      }),
    ).toBe("ERR_BAD_ARGUMENT");
  });

  it("outside a process is refused", () => {
    const escaped = laboratory().play(function* (self: Self) {
      return self.yield();
    });
    expect(codeOf(() => escaped[Symbol.iterator]().next())).toBe("ERR_NOT_IN_PROCESS");
  });
});

describe("turns", () => {
  it("end after a millisecond, so that the event loop gets its share", () => {
    const platform = manualPlatform();
    let nowMs = 0;
    platform.now = () => nowMs;
    const node = createNode({ platform });
    spawnOpt(
      function* (self: Self) {
        for (let i = 0; i < 39; i++) {
          nowMs += 0.25;
          yield* self.yield();
        }
      },
      [],
      { node },
    );
    expect(platform.settle()).toBe(10);
  });

  it("count reductions of each process", () => {
    const { run } = laboratory();
    const pid = run(function* (self: Self<number>) {
      for (let i = 0; i < 10; i++) send(self, i);
      for (;;) yield* self.receive();
    });
    expect(processInfo(pid)?.reductions).toBe(20);
  });

  it("cannot be run from inside a process", () => {
    const { node, platform, play } = laboratory();
    expect(
      play(function* () {
        spawnOpt(idle, [], { node });
        // The turn that runs now is the only one; a second node on the platform asks for another.
        spawnOpt(idle, [], { node: createNode({ platform }) });
        return codeOf(() => platform.settle());
      }),
    ).toBe("ERR_BUSY_PROCESS");
  });
});

describe("a shuffled schedule", () => {
  it("is the same for the same seed, and another for another", () => {
    const trace = (seed: number): string => {
      const { node, platform } = laboratory({ platform: { seed, shuffle: true } });
      const log: number[] = [];
      for (let n = 0; n < 5; n++)
        spawnOpt(
          function* (self: Self) {
            for (let i = 0; i < 5; i++) {
              log.push(n);
              yield* self.yield();
            }
          },
          [],
          { node },
        );
      platform.settle();
      return log.join("");
    };
    expect(trace(7)).toBe(trace(7));
    expect(new Set([1, 2, 3, 4].map(trace)).size).toBe(4);
  });
});
