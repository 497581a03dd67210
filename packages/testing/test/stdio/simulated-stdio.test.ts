import { spawnOpt } from "@krarup/core";
import { isPortError, openStdio, orExit, readLine, write } from "@krarup/ports";
import { describe, expect, it } from "vitest";
import { simulation } from "../../src/index.ts";
import { brief, type Steps } from "../stage.ts";

function* shout(): Steps<void> {
  const stdio = yield* orExit(openStdio());
  for (let line = yield* readLine(stdio); !isPortError(line); line = yield* readLine(stdio))
    yield* write(stdio, `${line.toUpperCase()}!\n`);
  yield* write(stdio, "bye\n");
}

describe("standard input and output", () => {
  it("are what the test types, and the node's output", async () => {
    const world = simulation();
    const machine = world.machine("m");
    spawnOpt(shout, [], { node: machine.node });
    machine.type("hello\nwor");
    await world.settle();
    machine.type("ld\n");
    await world.settle();
    expect(machine.output).toBe("HELLO!\nWORLD!\n");
    machine.endInput();
    await world.settle();
    expect(world.leftovers).toEqual([]);
  });

  it("leave to the next port what came together with the last that was taken", async () => {
    const world = simulation();
    const machine = world.machine("m");
    machine.type("one\ntwo\nthree");
    machine.endInput();
    for (const line of ["one", "two", "three"]) {
      const taken = await world.run(machine, function* () {
        return yield* readLine(yield* orExit(openStdio()));
      });
      expect(taken).toBe(line);
      await world.settle();
    }
  });

  it("belong to one at a time, are no terminal, and can be taken again", async () => {
    const world = simulation();
    const machine = world.machine("m");
    const codes = await world.run(machine, function* () {
      const raw = brief(yield* openStdio({ raw: true }));
      yield* orExit(openStdio());
      return [raw, brief(yield* openStdio())];
    });
    await world.settle();
    expect(codes).toEqual(["enotty", "ebusy"]);
    expect(isPortError(await world.run(machine, () => openStdio()))).toBe(false);
  });
});
