// The endpoint as a whole, over a real socket.

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { exit, isAlive, type Self, spawn, spawnOpt } from "@krarup/core";
import { startInspection } from "@krarup/observer";
import { describe, expect, it } from "vitest";
import { shop, turns, useLab } from "./lab.ts";

const lab = useLab();

describe("startInspection", () => {
  it("leaves a socket and a descriptor that only the owner may touch, and takes them away", async () => {
    const inspection = await lab().inspect();
    const files = readdirSync(lab().directory);
    expect(files.map((file) => file.replace(/^[0-9a-f]{8}/, "id")).toSorted()).toEqual(["id.json", "id.sock"]);
    for (const file of files) expect(statSync(join(lab().directory, file)).mode & 0o777).toBe(0o600);
    inspection.stop();
    inspection.stop();
    expect(readdirSync(lab().directory)).toEqual([]);
  });

  it("does nothing when it is off", async () => {
    expect(await startInspection(lab().node, { directory: lab().directory, mode: "off" })).toBeUndefined();
    expect(readdirSync(lab().directory)).toEqual([]);
  });

  it("leaves the umask as it was", async () => {
    const before = process.umask();
    await lab().inspect();
    expect(process.umask()).toBe(before);
  });
});

describe("an observer", () => {
  it("learns the node's name and mode from the hello", async () => {
    expect(await (await lab().observer({ mode: "ro" })).greeted).toEqual({
      protocol: 1,
      name: "lab",
      mode: "ro",
    });
  });

  it("is told about the node", async () => {
    lab().openShop();
    const { rows, ...header } = await (await lab().observer()).request("node", {});
    expect(header).toEqual({ node: "lab", at: 1_500, total: 1 });
    expect(rows).toEqual([
      {
        name: "lab",
        osPid: process.pid,
        nodeVersion: process.versions.node,
        mode: "rw",
        entry: "lab.ts",
        uptimeMs: 1_500,
        processCount: 2,
        restarts: 0,
      },
    ]);
  });

  it("lists processes in the order of a key", async () => {
    lab().openShop();
    const client = await lab().observer();
    const names = async (args: Parameters<typeof client.request<"processes">>[1]): Promise<unknown[]> =>
      (await client.request("processes", args)).rows.map((row) => row.name ?? row.initialCall);
    expect(await names({})).toEqual(["shop", "clerk"]);
    expect(await names({ sort: "mailbox", descending: true })).toEqual(["clerk", "shop"]);
    expect(await names({ sort: "mailbox", descending: true, limit: 1 })).toEqual(["clerk"]);
    expect(await names({ sort: "name" })).toEqual(["shop", "clerk"]);
  });

  it("sees everything about one process, by name and by pid", async () => {
    lab().openShop();
    const client = await lab().observer();
    const { rows } = await client.request("info", { process: "shop" });
    expect(rows).toMatchObject([
      {
        pid: "<0.1.0>",
        label: "the shop",
        links: ["<0.2.0>"],
        linkCount: 1,
        ageMs: 1_500,
        status: "waiting",
      },
    ]);
    for (const process of ["<0.2.0>", "0.2.0", "0.2", "2"])
      expect((await client.request("info", { process })).rows).toMatchObject([
        { pid: "<0.2.0>", parent: "<0.1.0>", messages: ["1", "2"] },
      ]);
  });

  it("sees the processes as a tree", async () => {
    lab().openShop();
    const { rows } = await (await lab().observer()).request("tree", {});
    expect(rows.map((row) => [row.depth, row.name ?? row.initialCall, row.kind])).toEqual([
      [0, "shop", "process"],
      [1, "clerk", "process"],
    ]);
  });

  it("sees a bounded number of children and how many more there are", async () => {
    spawnOpt(
      function* parent(self: Self<string>) {
        for (let i = 0; i < 30; i++)
          spawn(function* child(own: Self<string>) {
            yield* own.receive();
          });
        yield* self.receive();
      },
      [],
      { node: lab().node },
    );
    lab().platform.settle();
    const client = await lab().observer();
    const { rows } = await client.request("tree", { childrenMax: 5 });
    expect(rows).toHaveLength(6);
    expect(rows[0]).toMatchObject({ hiddenChildren: 25 });
    expect((await client.request("tree", { root: "3" })).rows).toMatchObject([{ pid: "<0.3.0>", depth: 0 }]);
  });

  it("gets a list of thousands in several frames, complete and in order", async () => {
    for (let i = 0; i < 3_000; i++)
      spawnOpt(
        function* (self: Self<string>) {
          yield* self.receive();
        },
        [],
        { node: lab().node, label: "ø".repeat(1_000) },
      );
    lab().platform.settle();
    const { rows, total } = await (await lab().observer()).request("processes", { limit: 2_500 });
    expect(total).toBe(3_000);
    expect(rows.map((row) => row.pid)).toEqual(Array.from({ length: 2_500 }, (_, i) => `<0.${i + 1}.0>`));
  });

  it("ends a process with a reason", async () => {
    const down: unknown[] = [];
    spawnOpt(
      function* (self: Self<unknown>) {
        spawnOpt(shop, [], { link: true });
        self.trapExit();
        down.push(yield* self.receive());
      },
      [],
      { node: lab().node },
    );
    lab().platform.settle();
    const { rows } = await (await lab().observer()).request("kill", { process: "shop", reason: "closing" });
    expect(rows).toEqual([{ pid: "<0.2.0>", name: "shop", label: "the shop", reason: "closing", isAlive: false }]);
    lab().platform.settle();
    expect(down).toMatchObject([{ type: "EXIT", reason: "closing" }]);
  });

  it("is told when a process traps the exit signal", async () => {
    const pid = spawnOpt(
      function* (self: Self<unknown>) {
        self.trapExit();
        for (;;) yield* self.receive();
      },
      [],
      { node: lab().node },
    );
    lab().platform.settle();
    const client = await lab().observer();
    expect((await client.request("kill", { process: "1" })).rows).toMatchObject([
      { reason: "shutdown", isAlive: true },
    ]);
    expect(isAlive(pid)).toBe(true);
    expect((await client.request("kill", { process: "1", reason: "kill" })).rows).toMatchObject([{ isAlive: false }]);
  });

  it("leaves a report of what it did", async () => {
    lab().openShop();
    const reports: unknown[] = [];
    lab().node.subscribe(["report"], (event) => reports.push(event));
    await (await lab().observer()).request("kill", { process: "shop" });
    expect(reports).toMatchObject([
      {
        report: {
          label: "inspection",
          level: "notice",
          details: { operation: "kill", reason: "shutdown" },
        },
      },
    ]);
  });

  it.each([
    ["ERR_READ_ONLY", "kill", { process: "shop" }],
    ["ERR_NO_PROCESS", "info", { process: "nobody" }],
    ["ERR_NO_PROCESS", "info", { process: "<0.1.7>" }],
    ["ERR_NO_PROCESS", "tree", { root: "0.99.0" }],
    ["ERR_BAD_REQUEST", "info", {}],
    ["ERR_BAD_REQUEST", "processes", { limit: 0 }],
    ["ERR_BAD_REQUEST", "processes", { limit: 1e9 }],
    ["ERR_BAD_REQUEST", "processes", { sort: "constructor" }],
    ["ERR_BAD_REQUEST", "processes", { descending: "yes" }],
    ["ERR_UNKNOWN_OPERATION", "eval", {}],
    ["ERR_UNKNOWN_OPERATION", "constructor", {}],
  ])("is answered %s to %s %o, and can go on", async (code, op, args) => {
    lab().openShop();
    const client = await lab().observer({ mode: "ro" });
    // Requests that the types do not allow.
    const request = client.request as (op: string, args: object) => Promise<unknown>;
    await expect(request.call(client, op, args)).rejects.toMatchObject({ code });
    expect((await client.request("node", {})).total).toBe(1);
  });
});

describe("a node with observers", () => {
  it("answers between slices while its processes run", async () => {
    const client = await lab().observer();
    const pid = spawnOpt(
      function* (self: Self<string>) {
        for (;;) yield* self.yield();
      },
      [],
      { node: lab().node },
    );
    const answer = client.request("processes", {});
    await turns(100);
    exit(pid, "kill");
    expect((await answer).total).toBe(1);
  });
});
