import { send, sendAfter, spawnOpt, type Suspension } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { type Machine, type Probe, simulation, type Simulation } from "../src/index.ts";

function setUp(): { readonly world: Simulation; readonly machine: Machine; readonly probe: Probe } {
  const world = simulation();
  const machine = world.machine("m");
  return { world, machine, probe: world.probe(machine) };
}

function sendLater(machine: Machine, probe: Probe, ms: number, message: string): void {
  const body = function* (): Generator<Suspension, void, void> {
    sendAfter(ms, probe.pid, message);
  };
  spawnOpt(body, [], { node: machine.node });
}

describe("next", () => {
  it("takes the oldest message, or the oldest that matches", async () => {
    const { probe } = setUp();
    for (const n of [1, 2, 3]) send(probe.pid, { type: n === 2 ? "even" : "odd", n });
    expect(await probe.next({ type: "even" })).toEqual({ type: "even", n: 2 });
    expect(await probe.next()).toEqual({ type: "odd", n: 1 });
    expect(probe.messages).toEqual([{ type: "odd", n: 3 }]);
  });

  it("lets time go by until the message comes, and no further", async () => {
    const { world, machine, probe } = setUp();
    sendLater(machine, probe, 4_000, "late");
    expect(await probe.next("late")).toBe("late");
    expect(world.nowMs).toBe(4_000);
  });

  it("says what has come instead", async () => {
    const { probe } = setUp();
    send(probe.pid, { type: "other" });
    await expect(probe.next({ type: "wanted" }, { withinMs: 100 })).rejects.toThrow(
      /No message like .*wanted.* within 100 ms; what has come: .*other/,
    );
    await expect(setUp().probe.next()).rejects.toThrow("No message has come within 5000 ms; what has come: nothing");
  });
});

describe("isSilent", () => {
  it("passes when nothing comes in that time, and not when something does", async () => {
    const { world, machine, probe } = setUp();
    sendLater(machine, probe, 100, "boo");
    await probe.isSilent(99);
    expect(world.nowMs).toBe(99);
    await expect(probe.isSilent(1)).rejects.toThrow('A message has come where none was expected: "boo"');
  });
});
