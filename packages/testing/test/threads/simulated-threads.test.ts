import { exit, spawn } from "@krarup/core";
import { blocking, threadModule } from "@krarup/ports";
import { describe, expect, it } from "vitest";
import { simulation } from "../../src/index.ts";
import { brief } from "../stage.ts";

const work = threadModule<typeof import("./thread-work.ts")>(new URL("./thread-work.ts", import.meta.url));

describe("blocking in a simulated world", () => {
  it("takes the virtual time that the test has chosen", async () => {
    const world = simulation();
    const machine = world.machine("m");
    machine.setThreads({ durationMs: 90_000 });
    expect(await world.run(machine, () => blocking(work, "add", [20, 22]))).toBe(42);
    expect(world.nowMs).toBe(90_000);
  });

  it("ends with a time-out, in virtual time, when the work takes longer", async () => {
    const world = simulation();
    const machine = world.machine("m");
    machine.setThreads({ durationMs: 90_000 });
    const answer = await world.run(machine, () => blocking(work, "add", [1, 1], { timeoutMs: 500 }));
    expect([brief(answer), world.nowMs]).toEqual(["timeout", 500]);
  });

  it("answers thread_ended when the thread crashes", async () => {
    const world = simulation();
    const machine = world.machine("m");
    machine.setThreads({ crashes: 1 });
    expect(brief(await world.run(machine, () => blocking(work, "add", [1, 1])))).toBe("thread_ended");
  });

  it("throws what the function throws, and what cannot be copied", async () => {
    const world = simulation();
    const machine = world.machine("m");
    await expect(world.run(machine, () => blocking(work, "fail", ["no"]))).rejects.toThrow(new RangeError("no"));
    await expect(world.run(machine, () => blocking(work, "makeFunction", []))).rejects.toThrow(TypeError);
  });

  it("waits for the promise that a function returns", async () => {
    const world = simulation();
    expect(await world.run(world.machine("m"), () => blocking(work, "later", ["done"]))).toBe("done");
  });

  it("leaves nothing behind when its process ends in the middle", async () => {
    const world = simulation();
    const machine = world.machine("m");
    machine.setThreads({ durationMs: 1_000 });
    await world.run(machine, function* (self) {
      const caller = spawn(function* () {
        yield* blocking(work, "add", [1, 1]);
      });
      yield* self.sleep(10);
      exit(caller, "kill");
    });
    expect(world.leftovers).toEqual([]);
  });
});
