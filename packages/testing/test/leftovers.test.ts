import { send, type Self, sendAfter, spawnOpt } from "@krarup/core";
import { listen, orExit } from "@krarup/ports";
import { expect, it } from "vitest";
import { simulation } from "../src/index.ts";
import { idle } from "./stage.ts";

it("leftovers are processes, descriptors and timers, and none when the program has ended", async () => {
  const world = simulation();
  const machine = world.machine("m");
  world.probe(machine);
  expect(world.leftovers).toEqual([]);
  const server = spawnOpt(
    function* server(self: Self<string>) {
      sendAfter(60_000, "nobody", "later");
      yield* orExit(listen({ port: 7000 }));
      yield* self.receive();
    },
    [],
    { node: machine.node },
  );
  spawnOpt(idle, [], { node: world.machine("n").node });
  await world.settle();
  expect(world.leftovers).toEqual([
    "m: process server, waiting",
    "m: descriptor, listening on tcp :::7000",
    "m: timers, 1",
    "n: process idle, waiting",
  ]);
  send(server, "stop");
  await world.advance(60_000);
  expect(world.leftovers).toEqual(["n: process idle, waiting"]);
});
