import { spawnOpt } from "@krarup/core";
import {
  close,
  closeWrite,
  connect,
  isPortError,
  listen,
  listenerInfo,
  orExit,
  type Port,
  portInfo,
  read,
  readExactly,
  readLine,
  write,
} from "@krarup/ports";
import { describe, expect, it } from "vitest";
import { brief, idle, SERVER, stage, start, type Steps } from "../stage.ts";

function* echo(_self: unknown, socket: Port): Steps<void> {
  for (let line = yield* readLine(socket); typeof line === "string"; line = yield* readLine(socket))
    yield* write(socket, `${line}\n`);
}

function* ask(socket: Port, text: string): Steps<unknown> {
  const written = yield* write(socket, `${text}\n`);
  return isPortError(written) ? written.code : brief(yield* readLine(socket));
}

describe("an attempt to connect", () => {
  it.each([
    ["to nobody on a machine that is there", { host: "server", port: 7001 }, "econnrefused", 2],
    ["to a name that does not exist", { host: "nowhere", port: 7000 }, "enotfound", 0],
    ["to a path where nobody listens", { path: "/run/none.sock" }, "enoent", 0],
  ] as const)("%s ends in %s: %s after %s ms", async (_what, address, expected, ms) => {
    const { world, client } = await stage(idle);
    const socket = await world.run(client, () => connect(address));
    expect([brief(socket), world.nowMs]).toEqual([expected, ms]);
  });

  it("on a cut network ends with the time-out of the port, or that of the system where it is sooner", async () => {
    const { world, client } = await stage(idle);
    world.network.partition(["client"], ["server"]);
    expect(brief(await world.run(client, () => connect(SERVER)))).toBe("timeout");
    expect(world.nowMs).toBe(15_000);
    expect(brief(await world.run(client, () => connect({ ...SERVER, timeoutMs: "infinity" })))).toBe("etimedout");
    expect(world.nowMs).toBe(15_000 + 1 + 127_000);
  });

  it("is emfile when the machine has no descriptor left", async () => {
    const { world, client } = await stage(idle);
    client.setDescriptorsMax(1);
    const answers = await world.run(client, function* () {
      const first = yield* orExit(connect(SERVER));
      const second = brief(yield* connect(SERVER));
      yield* close(first);
      return [second, isPortError(yield* connect(SERVER))];
    });
    expect(answers).toEqual(["emfile", false]);
  });

  it("reaches a machine by its alias and by its address", async () => {
    const { world, client } = await stage(echo);
    world.network.alias("db.example.org", "server");
    for (const host of ["db.example.org", "10.0.0.1"])
      expect(
        await world.run(client, function* () {
          return yield* ask(yield* orExit(connect({ host, port: 7000 })), host);
        }),
      ).toBe(host);
  });
});

describe("listen", () => {
  it("refuses an address that is taken, and chooses a port for 0", async () => {
    const { world, server } = await stage(idle);
    const answers = await world.run(server, function* () {
      const free = yield* orExit(listenerInfo(yield* orExit(listen({ port: 0 }))));
      return [brief(yield* listen({ port: 7000 })), free.address];
    });
    expect(answers).toEqual(["eaddrinuse", { host: "::", port: 49_152 }]);
  });

  it("takes connections in when there are descriptors again", async () => {
    const { world, server, client } = await stage(echo, { descriptorsMax: 2 });
    const answers = await world.run(client, function* () {
      const first = yield* orExit(connect(SERVER));
      const second = yield* orExit(connect(SERVER));
      yield* write(second, "waits\n");
      const early = brief(yield* readLine(second, { timeoutMs: 1_000 }));
      yield* close(first);
      return [early, yield* ask(second, "now")];
    });
    expect(answers).toEqual(["timeout", "waits"]);
    expect(server.openDescriptors).toHaveLength(2);
  });
});

describe("a connection", () => {
  it("holds a fast writer up while the other side does not read, and loses nothing", async () => {
    let received = 0;
    const { world, client } = await stage(function* (self, socket) {
      yield* self.sleep(60_000);
      for (let chunk = yield* read(socket); !isPortError(chunk); chunk = yield* read(socket)) received += chunk.length;
    });
    let written = 0;
    const writer = function* (): Steps<void> {
      const socket = yield* orExit(connect(SERVER));
      for (; written < 64; written++) yield* orExit(write(socket, new Uint8Array(65_536)));
      yield* close(socket);
    };
    spawnOpt(writer, [], { node: client.node });
    await world.advance(59_000);
    // What both systems and both Nodes hold.
    expect(written).toBeLessThanOrEqual(5);
    await world.advance(60_000);
    expect([written, received]).toEqual([64, 64 * 65_536]);
  });

  it("keeps the other direction after the end of one", async () => {
    const { world, client } = await stage(function* (_self, socket) {
      yield* write(socket, brief(yield* readExactly(socket, 4)) as string);
      yield* write(socket, "still here");
    });
    const answers = await world.run(client, function* () {
      const socket = yield* orExit(connect({ ...SERVER, exitOnClose: false }));
      yield* orExit(write(socket, "ping"));
      yield* closeWrite(socket);
      return [brief(yield* readExactly(socket, 14)), brief(yield* read(socket)), brief(yield* write(socket, "x"))];
    });
    expect(answers).toEqual(["pingstill here", "closed", "epipe"]);
  });

  it("delivers byte by byte where segments have one", async () => {
    const { world, client } = await stage(echo);
    world.network.setLinks({ segmentBytes: 1, latencyMs: [1, 2] });
    const lengths = await world.run(client, function* () {
      const socket = yield* orExit(connect(SERVER));
      yield* orExit(write(socket, "hello\n"));
      const parts: unknown[] = [];
      for (let text = ""; text.length < 6; text += String(parts.at(-1))) parts.push(brief(yield* read(socket)));
      return parts;
    });
    expect(lengths.join("")).toBe("hello\n");
    expect(lengths.length).toBeGreaterThan(1);
  });

  it("waits for as long as a link stalls, and goes on", async () => {
    const { world, client } = await stage(echo);
    const [early, late] = await world.run(client, function* (self) {
      const socket = yield* orExit(connect(SERVER));
      world.network.stall("server", "client");
      yield* write(socket, "anybody?\n");
      const first = yield* readLine(socket, { timeoutMs: 3_000_000 });
      world.network.heal("server", "client");
      yield* self.sleep(0);
      return [brief(first), brief(yield* readLine(socket))];
    });
    expect([early, late]).toEqual(["timeout", "anybody?"]);
  });

  it("survives a partition that is shorter than the system's patience, and no longer one", async () => {
    const { world, client } = await stage(echo);
    const answers = await world.run(client, function* (self) {
      const socket = yield* orExit(connect(SERVER));
      world.network.partition(["client"], ["server"]);
      yield* write(socket, "one\n");
      yield* self.sleep(600_000);
      world.network.heal("client", "server");
      const one = brief(yield* readLine(socket));
      world.network.partition(["client"], ["server"]);
      yield* write(socket, "two\n");
      return [one, brief(yield* readLine(socket))];
    });
    expect(answers).toEqual(["one", "etimedout"]);
    expect(Math.round(world.nowMs / 1_000)).toBe(600 + 925);
  });

  it("is reset on both sides by a reset", async () => {
    const ends: unknown[] = [];
    const { world, client } = await stage(function* (_self, socket) {
      ends.push(brief(yield* read(socket)));
    });
    const answer = await world.run(client, function* () {
      const socket = yield* orExit(connect(SERVER));
      expect(world.network.reset("client", "server")).toBe(1);
      return brief(yield* read(socket));
    });
    await world.settle();
    expect([answer, ends]).toEqual(["econnreset", ["econnreset"]]);
  });

  it("of a machine that has crashed stays open on the other side, until that writes", async () => {
    const { world, server, client } = await stage(echo);
    const answers = await world.run(client, function* () {
      const socket = yield* orExit(connect(SERVER));
      const before = yield* ask(socket, "there?");
      server.crash();
      const silence = brief(yield* readLine(socket, { timeoutMs: 60_000 }));
      const isOpen = !isPortError(yield* portInfo(socket));
      server.restart();
      start(server, echo);
      const after = yield* ask(socket, "there?");
      return [before, silence, isOpen, after, yield* ask(yield* orExit(connect(SERVER)), "again")];
    });
    expect(answers).toEqual(["there?", "timeout", true, "econnreset", "again"]);
  });

  it("ends with the process that owns it, on both sides, and leaves no descriptor", async () => {
    const { world, server, client } = await stage(echo);
    await world.run(client, function* () {
      yield* orExit(connect(SERVER));
    });
    await world.advance(10);
    expect([client.openDescriptors, server.openDescriptors]).toEqual([[], ["listening on tcp :::7000"]]);
  });

  it("over a unix socket stays on its machine", async () => {
    const { world, server, client } = await stage(idle);
    const path = "/run/control.sock";
    await world.run(server, () => listen({ path }));
    expect(brief(await world.run(client, () => connect({ path })))).toBe("enoent");
  });
});
