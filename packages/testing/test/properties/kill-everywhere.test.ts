// A process that uses every kind of port is killed at every moment of its life in turn: nothing of it may be left, on either machine.

import { exit, type Self, spawnOpt } from "@krarup/core";
import {
  connect,
  isPortError,
  openFile,
  openUdp,
  orExit,
  type Port,
  readLine,
  replaceFile,
  spawnExecutable,
  write,
  writeFile,
} from "@krarup/ports";
import { expect, it } from "vitest";
import { idle, SERVER, stage, type Steps } from "../stage.ts";

const MOMENTS = Array.from({ length: 150 }, (_, i) => i / 5);

it("a process that is killed at any moment leaves no process, descriptor or timer", async () => {
  const reached = new Set<number>();
  for (const moment of MOMENTS) {
    const { world, server, client } = await stage((_self, socket) => echo(socket));
    world.network.setLinks({ latencyMs: [1, 4], segmentBytes: [1, 30] });
    client.disk.set({ latencyMs: [0.5, 2] });
    client.install("cat", (_self, { stdio }) => echo(stdio));
    const before = world.leftovers;
    const victim = spawnOpt(useEverything, [], { node: client.node });
    await world.advance(moment);
    reached.add(client.openDescriptors.length);
    const killer = function* (): Steps<void> {
      exit(victim, "kill");
    };
    spawnOpt(killer, [], { node: client.node });
    await world.advance(20_000);
    expect([moment, world.leftovers]).toEqual([moment, before]);
    expect(server.openDescriptors).toHaveLength(1);
  }
  // It was caught in all of its stages; the third and the fourth descriptor are opened at the same moment.
  expect([...reached].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 4, 5]);
});

function* echo(port: Port): Steps<void> {
  for (let line = yield* readLine(port); !isPortError(line); line = yield* readLine(port))
    yield* write(port, `${line}\n`);
}

function* useEverything(self: Self<unknown>): Steps<void> {
  yield* orExit(writeFile("/a", "x".repeat(100_000)));
  yield* orExit(openFile("/a"));
  yield* say(yield* orExit(connect(SERVER)), "hello to the server");
  yield* orExit(openUdp({ port: 5 }));
  yield* say(yield* orExit(spawnExecutable("cat")), "hello to the child");
  yield* orExit(replaceFile("/a", "y".repeat(200_000)));
  yield* idle(self);
}

function* say(port: Port, text: string): Steps<void> {
  yield* orExit(write(port, `${text}\n`));
  yield* orExit(readLine(port));
}
