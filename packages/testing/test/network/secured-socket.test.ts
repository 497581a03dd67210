import { spawnOpt } from "@krarup/core";
import {
  acceptWebSocket,
  connect,
  connectWebSocket,
  isPortError,
  orExit,
  read,
  readLine,
  request,
  type ServerTls,
  startHttpServer,
  startTcpServer,
  tlsInfo,
  write,
} from "@krarup/ports";
import { describe, expect, it } from "vitest";
import { simulation } from "../../src/index.ts";
import { brief, idle, SERVER, type Stage, type Steps } from "../stage.ts";
import { identity, pem } from "./certificates.ts";

const TRUST = { cacerts: pem("authority"), serverName: "localhost" };

/** A server that answers each line, under TLS. */
async function secured(tls: Partial<ServerTls> = {}, seed = 1): Promise<Stage> {
  const world = simulation({ seed });
  const server = world.machine("server");
  const body = function* (self: Parameters<typeof idle>[0]): Steps<void> {
    yield* startTcpServer({
      port: SERVER.port,
      tls: { ...identity("server"), ...tls },
      *serve(_self, socket) {
        for (let line = yield* readLine(socket); !isPortError(line); line = yield* readLine(socket))
          yield* write(socket, `${line}!\n`);
      },
    });
    yield* idle(self);
  };
  spawnOpt(body, [], { node: server.node });
  await world.settle();
  return { world, server, client: world.machine("client") };
}

describe("a connection under TLS", () => {
  it("takes one round trip more than a plain one, and knows what was agreed upon", async () => {
    const { world, client } = await secured();
    world.network.setLinks({ latencyMs: 10 });
    const answer = await world.run(client, function* () {
      const socket = yield* orExit(connect({ ...SERVER, tls: TRUST }));
      const openedAtMs = world.nowMs;
      yield* write(socket, "hello\n");
      const { version, isVerified } = yield* orExit(tlsInfo(socket));
      return [openedAtMs, yield* readLine(socket), version, isVerified];
    });
    expect(answer).toEqual([40, "hello!", "TLSv1.3", true]);
  });

  it("passes over short reads in the handshake", async () => {
    const { world, client } = await secured();
    world.network.setLinks({ latencyMs: [1, 30], segmentBytes: 1 });
    const answer = await world.run(client, function* () {
      const socket = yield* orExit(connect({ ...SERVER, tls: TRUST }));
      yield* write(socket, "hello\n");
      return yield* readLine(socket);
    });
    expect(answer).toBe("hello!");
  });

  it("fails with the fault that hits its handshake", async () => {
    const { world, client, server } = await secured();
    world.network.setLinks({ latencyMs: 10 });
    const attempt = (): Promise<unknown> =>
      world.run(client, function* () {
        return brief(yield* connect({ ...SERVER, tls: TRUST, timeoutMs: 1_000 }));
      });
    spawnOpt(
      function* (self) {
        yield* self.sleep(25);
        world.network.reset("client", "server");
      },
      [],
      { node: server.node },
    );
    expect(await attempt()).toBe("econnreset");
    spawnOpt(
      function* (self) {
        yield* self.sleep(25);
        world.network.stall("server", "client");
      },
      [],
      { node: server.node },
    );
    expect(await attempt()).toBe("timeout");
  });

  it("is cut off by the server that has waited handshakeTimeoutMs for its first word", async () => {
    const { world, client } = await secured({ handshakeTimeoutMs: 500 });
    const answer = await world.run(client, function* () {
      const socket = yield* orExit(connect(SERVER));
      return [brief(yield* readLine(socket)), Math.round(world.nowMs)];
    });
    expect(answer).toEqual(["closed", 502]);
    await world.advance(10_000);
    expect(world.leftovers.filter((line) => line.includes("accepted"))).toEqual([]);
  });

  it("goes the same way for the same seed", async () => {
    const story = async (): Promise<string> => {
      const { world, client } = await secured({}, 7);
      world.network.setLinks({ latencyMs: [1, 30], segmentBytes: [1, 5], resets: 0.02 });
      const talk = function* (): Steps<void> {
        const socket = yield* connect({ ...SERVER, tls: TRUST });
        if (!isPortError(socket)) yield* write(socket, "hello\n");
      };
      for (let i = 0; i < 5; i++) spawnOpt(talk, [], { node: client.node });
      await world.advance(1_000);
      return world.transcript;
    };
    const first = await story();
    expect(first).toContain("accepted on");
    expect(await story()).toBe(first);
  });
});

describe("an end that is gone in the middle of a handshake", () => {
  it.each([0, 5, 15, 25, 35])("leaves nothing behind: after %i ms", async (atMs) => {
    for (const who of ["client", "server"] as const) {
      const all = await secured({ handshakeTimeoutMs: 300 });
      all.world.network.setLinks({ latencyMs: 10 });
      const talk = function* (): Steps<void> {
        const socket = yield* connect({ ...SERVER, tls: TRUST });
        if (!isPortError(socket)) yield* readLine(socket, { timeoutMs: 100 });
      };
      spawnOpt(talk, [], { node: all.client.node });
      await all.world.advance(atMs);
      all[who].crash();
      await all.world.advance(2_000_000);
      expect([...all.client.openDescriptors, ...all.server.openDescriptors].join()).toBe(
        who === "client" ? "listening on tcp :::7000" : "",
      );
    }
  });
});

describe("wss", () => {
  it("is a WebSocket under TLS", async () => {
    const world = simulation();
    const server = world.machine("server");
    const body = function* (self: Parameters<typeof idle>[0]): Steps<void> {
      const greet = acceptWebSocket(function* (socket) {
        yield* write(socket, "secured");
      });
      yield* startHttpServer({ port: 443, tls: identity("server"), handler: () => greet });
      yield* idle(self);
    };
    spawnOpt(body, [], { node: server.node });
    await world.settle();
    const heard = await world.run(world.machine("client"), function* () {
      const refused = yield* connectWebSocket({ url: "wss://server/", tls: {} });
      const socket = yield* orExit(connectWebSocket({ url: "wss://server/", tls: TRUST }));
      return [brief(refused), yield* read(socket)];
    });
    expect(heard).toEqual(["unable_to_verify_leaf_signature", "secured"]);
  });
});

describe("https", () => {
  it("is HTTP under TLS", async () => {
    const world = simulation();
    const server = world.machine("server");
    const body = function* (self: Parameters<typeof idle>[0]): Steps<void> {
      yield* startHttpServer({ port: 443, tls: identity("server"), handler: () => ({ body: "secured" }) });
      yield* idle(self);
    };
    spawnOpt(body, [], { node: server.node });
    await world.settle();
    const ask = (tls: object): Promise<unknown> =>
      world.run(world.machine("client"), function* () {
        const answer = yield* request({ url: "https://server/", tls });
        return isPortError(answer) ? answer.code : answer.status;
      });
    expect(await ask(TRUST)).toBe(200);
    expect(await ask({ cacerts: pem("authority") })).toBe("err_tls_cert_altname_invalid");
    expect(await ask({})).toBe("unable_to_verify_leaf_signature");
  });
});
