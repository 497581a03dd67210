import { type AnyPid, call, genServer, type Self, send, spawnLink, type Suspension } from "@krarup/core";
import { PartitionSupervisor, SpecError, Supervisor, type SupervisorPid } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { partitionOf } from "../src/partition-supervisor.ts";
import { begin, inside } from "./logged-application.ts";
import { Stage } from "./stage.ts";

const Cell = genServer({
  init: (partition: number) => ({ partition }),
  call: { partition: ({ state }) => state.partition },
  info: () => undefined,
});

function cells(stage: Stage, partitions: number): SupervisorPid {
  const { pid } = stage.tryStart(() =>
    PartitionSupervisor.startLink({ name: "cells", partitions, start: (partition) => Cell.startLink(partition) }),
  );
  if (pid === undefined) throw new Error("not started");
  return pid;
}

describe("partitionOf", () => {
  it.each([
    [0, 0],
    [6, 2],
    [-6, 2],
    [2 ** 53, 0],
    [7n, 3],
    [-7n, 3],
  ])("takes the whole number %s modulo 4: %s", (key, partition) => {
    expect(partitionOf(key, 4)).toBe(partition);
  });

  it("spreads texts evenly, each always to the same", () => {
    const keys = Array.from({ length: 4_000 }, (_, number) => `user-${number}`);
    const sizes = [0, 0, 0, 0];
    for (const key of keys) {
      const partition = partitionOf(key, 4);
      expect(partitionOf(key, 4)).toBe(partition);
      sizes[partition] = (sizes[partition] ?? 0) + 1;
    }
    expect(Math.min(...sizes)).toBeGreaterThan(900);
  });
});

describe("PartitionSupervisor", () => {
  it("starts one child for each partition", () => {
    const stage = new Stage();
    const supervisor = cells(stage, 3);
    const listed = stage.ask(() => Supervisor.whichChildren(supervisor));
    expect(listed.map(({ id }) => id)).toEqual([2, 1, 0]);
    expect(inside(stage, () => PartitionSupervisor.partitions("cells"))).toBe(3);
  });

  it("leads each key to its partition, by name or by pid", () => {
    const stage = new Stage();
    const supervisor = cells(stage, 3);
    const ask = (which: SupervisorPid | string, key: number): unknown =>
      stage.ask(() => Cell.call(PartitionSupervisor.via(which, key)).partition());
    expect([0, 1, 2, 3].map((key) => ask("cells", key))).toEqual([0, 1, 2, 0]);
    expect(ask(supervisor, 4)).toBe(1);
  });

  it("leads to the new child after a restart", () => {
    const stage = new Stage();
    const supervisor = cells(stage, 2);
    const [second] = stage.ask(() => Supervisor.whichChildren(supervisor));
    // It was listed as running.
    stage.kill(second?.pid as AnyPid);
    expect(stage.ask(() => Cell.call(PartitionSupervisor.via("cells", 1)).partition())).toBe(1);
    expect(stage.ask(() => Supervisor.whichChildren(supervisor))[0]?.pid).not.toBe(second?.pid);
  });

  it("leads nowhere when there is no such supervisor", () => {
    const stage = new Stage();
    const failures: unknown[] = [];
    const nowhere = PartitionSupervisor.via("cells", 1);
    const attempts = [
      function* () {
        send(nowhere, "hello");
      },
      () => call(nowhere, "hello"),
    ];
    for (const attempt of attempts)
      begin(stage, function* () {
        try {
          yield* attempt();
        } catch (failure) {
          failures.push(failure);
        }
      });
    expect(failures).toMatchObject([{ code: "ERR_NOT_REGISTERED" }, { reason: ["noproc", {}] }]);
  });

  it("is a name to send to", () => {
    const stage = new Stage();
    const got: string[] = [];
    const hears = function* (me: Self<number>, partition: number): Generator<Suspension, void, void> {
      for (;;) got.push(`${partition} gets ${yield* me.receive()}`);
    };
    const spec = { partitions: 2, start: (partition: number) => spawnLink(hears, partition) };
    const { pid } = stage.tryStart(() => PartitionSupervisor.startLink(spec));
    begin(stage, function* () {
      // It has just been started.
      for (const key of [1, 2, 3]) send(PartitionSupervisor.via(pid as SupervisorPid, key), key);
    });
    expect(new Set(got)).toEqual(new Set(["1 gets 1", "0 gets 2", "1 gets 3"]));
  });

  it.each([0, 1.5, "2"])("refuses %j partitions", (partitions) => {
    // What does not compile may still arrive from JavaScript.
    const spec = { partitions: partitions as number, start: () => Cell.startLink(0) };
    expect(() => PartitionSupervisor.startLink(spec)).toThrow(SpecError);
  });
});
