import { type Self, spawnOpt } from "@krarup/core";
import {
  acceptWebSocket,
  connectWebSocket,
  orExit,
  read,
  startHttpServer,
  type WebSocketPort,
  write,
} from "@krarup/ports";
import { describe, expect, it } from "vitest";
import { type Machine, simulation, type Simulation } from "../../src/index.ts";
import { brief, idle, type Steps } from "../stage.ts";

const URL = "ws://server/";

describe("a simulated WebSocket", () => {
  it("finds by its pings, within a minute, that the other side is gone", async () => {
    const { world, server, client } = await served(echo);
    const end = await world.run(client, function* () {
      const socket = yield* orExit(connectWebSocket({ url: URL }));
      server.crash();
      return brief(yield* read(socket));
    });
    expect(end).toBe("timeout");
    expect(world.nowMs).toBeGreaterThan(59_000);
    expect(world.nowMs).toBeLessThan(60_010);
  });

  it("stays open while both sides are silent and answer pings", async () => {
    const { world, client } = await served(echo);
    const heard = await world.run(client, function* (self) {
      const socket = yield* orExit(connectWebSocket({ url: URL }));
      yield* self.sleep(600_000);
      yield* write(socket, "still here");
      return brief(yield* read(socket));
    });
    expect(heard).toBe("still here");
  });

  it("refuses a message over the limit, and says so to both sides", async () => {
    const ends: unknown[] = [];
    const { world, client } = await served(function* (socket) {
      ends.push(brief(yield* read(socket)));
    });
    const end = await world.run(client, function* () {
      const socket = yield* orExit(connectWebSocket({ url: URL }));
      yield* write(socket, new Uint8Array(1_048_577));
      return brief(yield* read(socket));
    });
    expect([end, ends]).toEqual(["close_1009", ["emsgsize"]]);
  });

  it("breaks with the connection", async () => {
    const { world, client } = await served(echo);
    const end = await world.run(client, function* () {
      const socket = yield* orExit(connectWebSocket({ url: URL }));
      world.network.reset("client", "server");
      return brief(yield* read(socket));
    });
    expect(end).toBe("econnreset");
  });

  it("is refused with the status of the answer where there is none", async () => {
    const { world, client } = await served(null);
    expect(brief(await world.run(client, () => connectWebSocket({ url: URL })))).toBe("http_403");
  });

  it("leaves nothing behind when its process ends", async () => {
    const { world, server, client } = await served(echo);
    await world.run(client, () => connectWebSocket({ url: URL }));
    await world.advance(10_000);
    expect([client.openDescriptors, server.openDescriptors.length]).toEqual([[], 1]);
  });
});

function* echo(socket: WebSocketPort): Steps<void> {
  for (;;) yield* write(socket, yield* orExit(read(socket)));
}

/** A server of WebSockets at {@link URL}, or one that refuses them. */
async function served(
  serve: ((socket: WebSocketPort) => Steps<unknown>) | null,
): Promise<{ readonly world: Simulation; readonly server: Machine; readonly client: Machine }> {
  const world = simulation();
  const server = world.machine("server");
  spawnOpt(
    function* (self: Self<unknown>) {
      yield* startHttpServer({ port: 80, handler: () => (serve === null ? { status: 403 } : acceptWebSocket(serve)) });
      yield* idle(self);
    },
    [],
    { node: server.node },
  );
  await world.settle();
  return { world, server, client: world.machine("client") };
}
