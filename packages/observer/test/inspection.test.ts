// The endpoint as a whole, over a real socket, on a node whose time stands still.

import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { createConnection, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNode, exit, isAlive, type Node, register, type Self, send, spawn, spawnLink, spawnOpt } from "@krarup/core";
import { type ManualPlatform, manualPlatform } from "@krarup/core/manual";
import { type Inspection, type InspectionOptions, startInspection } from "@krarup/observer";
import { connect, findNodes, type InspectionClient, visit } from "@krarup/observer/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { encodeFrame } from "../src/wire/codec.ts";
import { FrameReader } from "../src/wire/frame-reader.ts";

let directory = "";
let platform: ManualPlatform;
let node: Node;
const open: { close(): void }[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "krarup-test-"));
  platform = manualPlatform();
  node = createNode({ platform, name: "lab", reports: "none" });
});

afterEach(() => {
  for (const each of open.splice(0)) each.close();
  rmSync(directory, { recursive: true });
});

async function inspect(options: InspectionOptions = {}): Promise<Inspection> {
  const inspection = await startInspection(node, { directory, mode: "rw", entry: "lab.ts", ...options });
  if (inspection === undefined) throw new Error("Inspection is off");
  open.push({ close: () => inspection.stop() });
  return inspection;
}

async function observer(options: InspectionOptions = {}): Promise<InspectionClient> {
  const client = await connect((await inspect(options)).endpoint);
  open.push(client);
  return client;
}

async function rawSocket(endpoint: string): Promise<Socket> {
  const socket = createConnection(endpoint);
  open.push({ close: () => socket.destroy() });
  await once(socket, "connect");
  return socket;
}

/** Everything that comes until the other side closes. */
async function answersOn(socket: Socket): Promise<unknown[]> {
  const reader = new FrameReader();
  const answers: unknown[] = [];
  for await (const chunk of socket) for (const frame of reader.read(chunk as Buffer)) answers.push(frame);
  return answers;
}

/** Lets the event loop go round. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

function* shop(self: Self<string>) {
  register("shop", self);
  self.setLabel("the shop");
  const clerk = spawnLink(function* clerk(own: Self<number>) {
    yield* own.receive((message): message is 3 => message === 3);
  });
  send(clerk, 1);
  send(clerk, 2);
  yield* self.receive();
}

function openShop(): void {
  spawnOpt(shop, [], { node });
  platform.settle();
  platform.advance(1_500);
}

describe("startInspection", () => {
  it("leaves a socket and a descriptor that only the owner may touch, and takes them away", async () => {
    const inspection = await inspect();
    const files = readdirSync(directory);
    expect(files.map((file) => file.replace(/^[0-9a-f]{8}/, "id")).toSorted()).toEqual(["id.json", "id.sock"]);
    for (const file of files) expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600);
    inspection.stop();
    inspection.stop();
    expect(readdirSync(directory)).toEqual([]);
  });

  it("does nothing when it is off", async () => {
    expect(await startInspection(node, { directory, mode: "off" })).toBeUndefined();
    expect(readdirSync(directory)).toEqual([]);
  });

  it("leaves the umask as it was", async () => {
    const before = process.umask();
    await inspect();
    expect(process.umask()).toBe(before);
  });
});

describe("an observer", () => {
  it("learns the node's name and mode from the hello", async () => {
    expect(await (await observer({ mode: "ro" })).greeted).toEqual({ protocol: 1, name: "lab", mode: "ro" });
  });

  it("is told about the node", async () => {
    openShop();
    const { rows, ...header } = await (await observer()).request("node", {});
    expect(header).toEqual({ node: "lab", at: 1_500, total: 1 });
    expect(rows).toEqual([
      { name: "lab", osPid: process.pid, nodeVersion: process.versions.node, mode: "rw", entry: "lab.ts", uptimeMs: 1_500, processCount: 2, restarts: 0 },
    ]);
  });

  it("lists processes in the order of a key", async () => {
    openShop();
    const client = await observer();
    const names = async (args: Parameters<typeof client.request<"processes">>[1]): Promise<unknown[]> =>
      (await client.request("processes", args)).rows.map((row) => row.name ?? row.initialCall);
    expect(await names({})).toEqual(["shop", "clerk"]);
    expect(await names({ sort: "mailbox", descending: true })).toEqual(["clerk", "shop"]);
    expect(await names({ sort: "mailbox", descending: true, limit: 1 })).toEqual(["clerk"]);
    expect(await names({ sort: "name" })).toEqual(["shop", "clerk"]);
  });

  it("sees everything about one process, by name and by pid", async () => {
    openShop();
    const client = await observer();
    const { rows } = await client.request("info", { process: "shop" });
    expect(rows).toMatchObject([{ pid: "<0.1.0>", label: "the shop", links: ["<0.2.0>"], linkCount: 1, ageMs: 1_500, status: "waiting" }]);
    for (const process of ["<0.2.0>", "0.2.0", "0.2", "2"])
      expect((await client.request("info", { process })).rows).toMatchObject([{ pid: "<0.2.0>", parent: "<0.1.0>", messages: ["1", "2"] }]);
  });

  it("sees the processes as a tree", async () => {
    openShop();
    const { rows } = await (await observer()).request("tree", {});
    expect(rows.map((row) => [row.depth, row.name ?? row.initialCall, row.kind])).toEqual([
      [0, "shop", "process"],
      [1, "clerk", "process"],
    ]);
  });

  it("sees a bounded number of children and how many more there are", async () => {
    spawnOpt(function* parent(self: Self<string>) {
      for (let i = 0; i < 30; i++) spawn(function* child(own: Self<string>) { yield* own.receive(); });
      yield* self.receive();
    }, [], { node });
    platform.settle();
    const client = await observer();
    const { rows } = await client.request("tree", { childrenMax: 5 });
    expect(rows).toHaveLength(6);
    expect(rows[0]).toMatchObject({ hiddenChildren: 25 });
    expect((await client.request("tree", { root: "3" })).rows).toMatchObject([{ pid: "<0.3.0>", depth: 0 }]);
  });

  it("gets a list of thousands in several frames, complete and in order", async () => {
    for (let i = 0; i < 3_000; i++) spawnOpt(function* (self: Self<string>) { yield* self.receive(); }, [], { node, label: "ø".repeat(1_000) });
    platform.settle();
    const { rows, total } = await (await observer()).request("processes", { limit: 2_500 });
    expect(total).toBe(3_000);
    expect(rows.map((row) => row.pid)).toEqual(Array.from({ length: 2_500 }, (_, i) => `<0.${i + 1}.0>`));
  });

  it("ends a process with a reason", async () => {
    const down: unknown[] = [];
    spawnOpt(function* (self: Self<unknown>) {
      spawnOpt(shop, [], { link: true });
      self.trapExit();
      down.push(yield* self.receive());
    }, [], { node });
    platform.settle();
    const { rows } = await (await observer()).request("kill", { process: "shop", reason: "closing" });
    expect(rows).toEqual([{ pid: "<0.2.0>", name: "shop", label: "the shop", reason: "closing", isAlive: false }]);
    platform.settle();
    expect(down).toMatchObject([{ type: "EXIT", reason: "closing" }]);
  });

  it("is told when a process traps the exit signal", async () => {
    const pid = spawnOpt(function* (self: Self<unknown>) {
      self.trapExit();
      for (;;) yield* self.receive();
    }, [], { node });
    platform.settle();
    const client = await observer();
    expect((await client.request("kill", { process: "1" })).rows).toMatchObject([{ reason: "shutdown", isAlive: true }]);
    expect(isAlive(pid)).toBe(true);
    expect((await client.request("kill", { process: "1", reason: "kill" })).rows).toMatchObject([{ isAlive: false }]);
  });

  it("leaves a report of what it did", async () => {
    openShop();
    const reports: unknown[] = [];
    node.subscribe(["report"], (event) => reports.push(event));
    await (await observer()).request("kill", { process: "shop" });
    expect(reports).toMatchObject([{ report: { label: "inspection", level: "notice", details: { operation: "kill", reason: "shutdown" } } }]);
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
    openShop();
    const client = await observer({ mode: "ro" });
    // Requests that the types do not allow.
    const request = client.request as (op: string, args: object) => Promise<unknown>;
    await expect(request.call(client, op, args)).rejects.toMatchObject({ code });
    expect((await client.request("node", {})).total).toBe(1);
  });
});

describe("a connection", () => {
  it.each([
    ["random bytes", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
    ["a giant length", Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ["a frame that is no plain data", Buffer.from([0, 0, 0, 3, 0xd4, 0x72, 0x40])],
  ])("is closed after %s", async (_what, bytes) => {
    const socket = await rawSocket((await inspect()).endpoint);
    socket.write(bytes);
    expect(await answersOn(socket)).toMatchObject([{ error: { code: "ERR_FRAME" } }]);
  });

  it("is closed when a bad frame follows good ones", async () => {
    const socket = await rawSocket((await inspect()).endpoint);
    socket.write(Buffer.concat([encodeFrame({ hello: { protocol: 1 } }), encodeFrame({ id: 1, op: "node", args: {} }), Buffer.from([0, 0, 0, 1, 0xc1])]));
    expect(await answersOn(socket)).toMatchObject([{ hello: {} }, { id: 1, rows: [{}] }, { id: 1, end: {} }, { error: { code: "ERR_FRAME" } }]);
  });

  it("is closed when the client speaks another protocol, after saying which one is spoken here", async () => {
    const socket = await rawSocket((await inspect()).endpoint);
    socket.write(encodeFrame({ hello: { protocol: 99 } }));
    expect(await answersOn(socket)).toMatchObject([{ hello: { protocol: 1 } }, { error: { code: "ERR_PROTOCOL" } }]);
  });

  it("is closed when it does not begin with a hello", async () => {
    const socket = await rawSocket((await inspect()).endpoint);
    socket.write(encodeFrame({ id: 1, op: "node", args: {} }));
    expect(await answersOn(socket)).toMatchObject([{ error: { code: "ERR_BAD_REQUEST" } }]);
  });

  it.each([
    ["says nothing", 0],
    ["sends its hello byte by byte", 1],
  ])("is closed after five seconds when the client %s", async (_what, bytesPerSecond) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    open.push({ close: () => vi.useRealTimers() });
    const socket = await rawSocket((await inspect()).endpoint);
    await turns(10);
    const hello = encodeFrame({ hello: { protocol: 1 } });
    for (let second = 0; second < 5; second++) {
      expect(socket.readableEnded).toBe(false);
      socket.write(hello.subarray(second * bytesPerSecond, (second + 1) * bytesPerSecond));
      await turns(10);
      vi.advanceTimersByTime(1_000);
    }
    expect(await answersOn(socket)).toEqual([]);
  });

  it("leaves the others alone, however it ends", async () => {
    const client = await observer();
    const [entry] = findNodes(directory);
    for (let i = 0; i < 40; i++) {
      const socket = await rawSocket(entry?.endpoint ?? "");
      socket.write(Buffer.from([i, i, i, i]));
      socket.destroy();
    }
    expect((await client.request("node", {})).total).toBe(1);
  });

  it("is refused when there are sixteen", async () => {
    const { endpoint } = await inspect();
    for (let i = 0; i < 16; i++) open.push(await connect(endpoint));
    await expect(connect(endpoint)).rejects.toMatchObject({ code: "ERR_CONNECTION" });
  });
});

describe("connect", () => {
  it("fails where nobody listens", async () => {
    await expect(connect(join(directory, "none.sock"))).rejects.toMatchObject({ code: "ERR_CONNECTION" });
  });

  it.each([
    ["ERR_PROTOCOL", "speaks another protocol", encodeFrame({ hello: { protocol: 2, name: "future", mode: "rw" } })],
    ["ERR_FRAME", "speaks something else", Buffer.from("SSH-2.0-OpenSSH_9.9\r\n")],
    ["ERR_TIMEOUT", "says nothing", Buffer.alloc(0)],
  ])("fails with %s when the other side %s", async (code, _what, bytes) => {
    const path = join(directory, "other.sock");
    const server = createServer((socket) => void socket.on("error", () => undefined).write(bytes)).listen(path);
    open.push(server);
    await once(server, "listening");
    await expect(connect(path, { timeoutMs: 200 })).rejects.toMatchObject({ code });
  });

  it("fails what is not answered when the node goes away", async () => {
    const inspection = await inspect();
    const client = await connect(inspection.endpoint);
    const answer = client.request("node", {});
    inspection.stop();
    await expect(answer).rejects.toMatchObject({ code: "ERR_CONNECTION" });
  });
});

describe("visit", () => {
  it("connects to a node that is there", async () => {
    await inspect({ name: "other" });
    const [entry] = findNodes(directory);
    expect(entry?.descriptor).toMatchObject({ name: "other", pid: process.pid, mode: "rw", protocol: 1 });
    const visited = entry === undefined ? undefined : await visit(entry, {}, directory);
    expect(visited?.type).toBe("connected");
    if (visited?.type === "connected") open.push(visited.client);
  });

  it("keeps an entry whose program runs, even if nobody answers", async () => {
    const inspection = await inspect();
    const [entry] = findNodes(directory);
    rmSync(inspection.endpoint);
    expect(entry === undefined ? undefined : await visit(entry, {}, directory)).toMatchObject({ type: "failed", error: { code: "ERR_CONNECTION" } });
    expect(existsSync(inspection.endpoint.replace(/sock$/, "json"))).toBe(true);
  });
});

describe("a node with observers", () => {
  it("answers between slices while its processes run", async () => {
    const client = await observer();
    const pid = spawnOpt(function* (self: Self<string>) {
      for (;;) yield* self.yield();
    }, [], { node });
    const answer = client.request("processes", {});
    await turns(100);
    exit(pid, "kill");
    expect((await answer).total).toBe(1);
  });
});
