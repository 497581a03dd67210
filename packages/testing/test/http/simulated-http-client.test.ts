import { exit, type Self, spawn, spawnOpt } from "@krarup/core";
import {
  acceptWebSocket,
  type BodyWriter,
  connectWebSocket,
  type HttpRequest,
  type HttpResponse,
  isPortError,
  orExit,
  read,
  readBody,
  request,
  requestStream,
  startHttpServer,
  write,
} from "@krarup/ports";
import { expect, it } from "vitest";
import { type Machine, simulation, type Simulation } from "../../src/index.ts";
import { brief, idle, type Steps } from "../stage.ts";

const MOMENTS = Array.from({ length: 60 }, (_, i) => i * 3);

it("a process that is killed at any moment of its requests leaves nothing on either machine", async () => {
  const reached = new Set<number>();
  for (const moment of MOMENTS) {
    const { world, client } = await served();
    world.network.setLinks({ latencyMs: [1, 4], segmentBytes: [1, 3_000] });
    const before = world.leftovers;
    const victim = spawnOpt(useEverything, [], { node: client.node });
    await world.advance(moment);
    reached.add(client.openDescriptors.length);
    spawnOpt(
      function* () {
        exit(victim, "kill");
      },
      [],
      { node: client.node },
    );
    await world.advance(40_000);
    expect([moment, world.leftovers]).toEqual([moment, before]);
  }
  // The WebSocket has a connection beside the kept one, or the one of the answer that is read.
  expect(reached).toEqual(new Set([1, 2]));
});

it("requests at the same time have connections of their own, and later ones use them again", async () => {
  const { world, client } = await served();
  const open = await world.run(client, function* (self) {
    const asking = function* (): Steps<void> {
      yield* orExit(request({ url: "http://server/" }));
    };
    const found: number[] = [];
    for (const count of [3, 2]) {
      for (let i = 0; i < count; i++) spawn(asking);
      yield* self.sleep(1_000);
      found.push(client.openDescriptors.length);
    }
    return found;
  });
  expect(open).toEqual([3, 3]);
  await world.advance(5_000);
  expect(client.openDescriptors).toEqual([]);
});

it("a body that ends before its time is an error, not the whole", async () => {
  const { world, client } = await served();
  const asked = await world.run(client, function* () {
    const answer = yield* orExit(requestStream({ url: "http://server/big" }));
    yield* orExit(read(answer.body));
    world.network.reset("client", "server");
    for (;;) {
      const part = yield* read(answer.body);
      if (isPortError(part)) return part.code;
    }
  });
  expect(asked).toBe("econnreset");
});

it("nobody answers where nobody listens, and no name is found where there is none", async () => {
  const world = simulation();
  const client = world.machine("client");
  world.machine("server");
  const ask = (url: string): Promise<unknown> => world.run(client, () => request({ url })).then(brief);
  expect([await ask("http://server:81/"), await ask("http://nobody/")]).toEqual(["econnrefused", "enotfound"]);
});

function* useEverything(self: Self<unknown>): Steps<void> {
  for (let i = 0; i < 3; i++) yield* request({ url: "http://server/", method: "POST", body: "y".repeat(30_000) });
  const answer = yield* orExit(requestStream({ url: "http://server/big" }));
  yield* read(answer.body);
  const socket = yield* orExit(connectWebSocket({ url: "ws://server/socket" }));
  yield* write(socket, "z".repeat(50_000));
  yield* read(socket);
  yield* idle(self);
}

const big: BodyWriter = function* (send) {
  for (let i = 0; i < 50; i++) yield* send("x".repeat(20_000));
};

function* handler(message: HttpRequest): Steps<HttpResponse> {
  if (message.path === "/big") return { body: big };
  if (message.path === "/socket")
    return acceptWebSocket(function* (socket) {
      for (let each = yield* read(socket); !isPortError(each); each = yield* read(socket)) yield* write(socket, each);
    });
  const body = yield* readBody(message);
  return isPortError(body) ? { status: 413 } : { body };
}

async function served(): Promise<{ readonly world: Simulation; readonly client: Machine }> {
  const world = simulation();
  spawnOpt(
    function* (self: Self<unknown>) {
      yield* startHttpServer({ port: 80, handler });
      yield* idle(self);
    },
    [],
    { node: world.machine("server").node },
  );
  await world.settle();
  return { world, client: world.machine("client") };
}
