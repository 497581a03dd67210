import { exit, type Self, spawnLink, spawnOpt } from "@krarup/core";
import { DynamicSupervisor, Supervisor } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { useLab } from "../lab.ts";

const lab = useLab();

function* works(self: Self<string>) {
  const reason = yield* self.receive();
  exit(reason);
}

/** A tree of every kind of child: running, ended in order, of a dynamic supervisor, spawned by a worker. */
function openTree(): void {
  const { node, platform } = lab();
  const start = () => spawnLink(works);
  spawnOpt(
    function* (self: Self<string>) {
      yield* Supervisor.startLink({
        name: "root",
        strategy: "rest_for_one",
        children: [
          { id: "steady", start },
          { id: "done", restart: "transient", start: () => spawnLink(function* () {}) },
          { id: 7, type: "supervisor", start: () => DynamicSupervisor.startLink({ name: "visitors" }) },
        ],
      });
      for (let i = 0; i < 3; i++) yield* DynamicSupervisor.startChild("visitors", { start });
      yield* self.receive();
    },
    [],
    { node },
  );
  platform.settle();
}

describe("the tree", () => {
  it("shows children in the order of their start, those that do not run among them", async () => {
    openTree();
    const { rows } = await (await lab().observer()).request("tree", { root: "root" });
    expect(rows.map(({ depth, childId, kind, status, name }) => [depth, childId, kind, status, name])).toEqual([
      [0, null, "supervisor", "waiting", "root"],
      [1, "steady", "worker", "waiting", null],
      [1, "done", "worker", "undefined", null],
      [1, "7", "supervisor", "waiting", "visitors"],
      [2, null, "worker", "waiting", null],
      [2, null, "worker", "waiting", null],
      [2, null, "worker", "waiting", null],
    ]);
    expect(rows[0]?.supervisor).toEqual({ strategy: "rest_for_one", intensity: 3, periodMs: 5_000, restarts: 0 });
    expect(rows[3]?.supervisor?.strategy).toBe("dynamic");
  });

  it("shows the children that it may, counting the others", async () => {
    openTree();
    const { rows } = await (await lab().observer()).request("tree", { root: "root", childrenMax: 1 });
    expect(rows.map(({ childId, hiddenChildren }) => [childId, hiddenChildren])).toEqual([
      [null, 2],
      ["steady", 0],
    ]);
  });

  it("shows everybody once, also below a process that has ended", async () => {
    openTree();
    const client = await lab().observer();
    await client.request("kill", { process: "1", reason: "kill" });
    const { rows } = await client.request("tree", {});
    const pids = rows.flatMap(({ pid }) => pid ?? []);
    expect(new Set(pids).size).toBe(pids.length);
  });

  it("counts restarts for the child that ended, and for its supervisor; not for siblings", async () => {
    openTree();
    const { platform } = lab();
    const client = await lab().observer();
    const steady = (await client.request("tree", { root: "root" })).rows[1];
    await client.request("kill", { process: steady?.pid ?? "", reason: "boom" });
    platform.settle();
    const { rows } = await client.request("tree", { root: "root" });
    expect(rows.map(({ childId, restarts }) => [childId, restarts]).slice(0, 3)).toEqual([
      [null, 0],
      ["steady", 1],
      ["done", 0],
    ]);
    expect(rows[0]?.supervisor?.restarts).toBe(1);
    expect((await client.request("node", {})).rows[0]?.restarts).toBe(1);
  });
});
