// A crash that takes many along. The ends are worked off one by one: no recursion, whatever the shape.

import { type AnyPid, exit, link, type Pid, type Self, send, spawnLink, spawnOpt } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { idle, laboratory } from "../laboratory.ts";

const MANY = 100_000;
const MESH = 500;

type Peers = readonly AnyPid[];

/** Links itself to whom it is told, then waits. */
function* linker(self: Self<Peers>) {
  for (;;) for (const peer of yield* self.receive()) link(peer);
}

function lastOf<T>(items: readonly T[]): T {
  const last = items.at(-1);
  if (last === undefined) throw new Error("there is none");
  return last;
}

describe("a cascade", () => {
  it(`through a chain of ${MANY} ends all of them with the first one's reason`, () => {
    const { node, platform, ends } = laboratory();
    const pids: Pid<Peers>[] = [];
    for (let i = 0; i < MANY; i++) {
      const pid = spawnOpt(linker, [], { node });
      if (i > 0) send(pid, [lastOf(pids)]);
      pids.push(pid);
    }
    platform.settle();
    exit(lastOf(pids), "boom");
    expect(node.processCount).toBe(0);
    expect(pids.every((pid) => ends.get(pid) === "boom")).toBe(true);
  });

  it(`from the middle of a star of ${MANY}, and back from one of its points`, () => {
    const { node, run, ends } = laboratory();
    const points: AnyPid[] = [];
    const centre = run(function* (self: Self<never>) {
      for (let i = 0; i < MANY; i++) points.push(spawnLink(idle));
      yield* self.receive();
    });
    exit(lastOf(points), "boom");
    expect([node.processCount, ends.get(centre)]).toEqual([0, "boom"]);
    expect(points.every((pid) => ends.get(pid) === "boom")).toBe(true);
  });

  it(`through a mesh of ${MESH}, where everybody is linked to everybody`, () => {
    const { node, platform, ends } = laboratory();
    const pids = Array.from({ length: MESH }, () => spawnOpt(linker, [], { node }));
    pids.forEach((pid, index) => send(pid, pids.slice(0, index)));
    platform.settle();
    exit(lastOf(pids), ["boom", 1]);
    expect(node.processCount).toBe(0);
    expect(new Set(pids.map((pid) => String(ends.get(pid))))).toEqual(new Set(["boom,1"]));
  });
});
