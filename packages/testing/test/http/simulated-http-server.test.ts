import { type Self, spawnOpt } from "@krarup/core";
import {
  type BodyWriter,
  connect,
  type HttpRequest,
  type HttpResponse,
  isPortError,
  orExit,
  type Port,
  read,
  readBody,
  request,
  startHttpServer,
  textOf,
  write,
} from "@krarup/ports";
import { Supervisor } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { serviceSpec } from "../../../../examples/http/tree.ts";
import { type Machine, simulation, type Simulation } from "../../src/index.ts";
import { brief, idle, type Steps } from "../stage.ts";

const URL = "http://server:80/";

const greeting = (): HttpResponse => ({ body: "hello" });

describe("time limits", () => {
  it("a client that sends no whole head in ten seconds is answered with 408", async () => {
    const { world, client } = await served(greeting);
    const heard = await world.run(client, () => conversation("GET / HTTP/1.1\r\nHost"));
    expect(heard).toBe("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n");
    expect(world.nowMs).toBeLessThan(10_010);
  });

  it("a client that sends no whole body in a minute is answered with 408", async () => {
    const { world, client } = await served(function* (message) {
      return { body: brief(yield* readBody(message)) === "closed" ? "never" : "whole" };
    });
    const heard = await world.run(client, () =>
      conversation("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab", 25_000, "c", 25_000, "d"),
    );
    expect(heard).toContain("408");
    expect(world.nowMs).toBeGreaterThan(59_000);
    expect(world.nowMs).toBeLessThan(60_010);
  });

  it("a connection without a request is closed after five seconds", async () => {
    const { world, client } = await served(greeting);
    await world.run(client, () => conversation("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    expect(world.nowMs).toBeGreaterThan(5_000);
    expect(world.nowMs).toBeLessThan(5_010);
  });

  it("a handler that takes more than a minute costs its client a 503", async () => {
    const { world, client } = await served(function* (_message, self) {
      yield* self.sleep(100_000);
      return greeting();
    });
    const answer = await world.run(client, () => request({ url: URL, timeoutMs: 70_000 }));
    expect(isPortError(answer) || answer.status).toBe(503);
    expect(world.nowMs).toBeLessThan(60_010);
  });

  it("a client that takes nothing of its response is cut off after thirty seconds", async () => {
    const body: BodyWriter = function* (send) {
      for (let i = 0; i < 100; i++) if (isPortError(yield* send("x".repeat(100_000)))) return;
    };
    const { world, client, server } = await served(() => ({ body }));
    const held = world.run(client, function* (self) {
      const socket = yield* orExit(connect({ host: "server", port: 80 }));
      yield* write(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      yield* self.sleep(32_000);
      return "slept";
    });
    expect(await held).toBe("slept");
    expect(server.openDescriptors).toHaveLength(1);
  });
});

describe("order", () => {
  it("responses go out in the order of the requests, though the handlers run at the same time", async () => {
    const { world, client } = await served(function* ({ path }, self) {
      yield* self.sleep(path === "/slow" ? 1_000 : 1);
      return { body: path };
    });
    const ask = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
    const heard = await world.run(client, () => conversation(ask("/slow") + ask("/quick") + ask("/slow")));
    expect([...heard.matchAll(/\/(?:slow|quick)/g)].map(String)).toEqual(["/slow", "/quick", "/slow"]);
    expect(world.nowMs).toBeLessThan(1_000 + 5_000 + 20);
  });
});

describe("faults", () => {
  it("a client that is reset in the middle ends its handler", async () => {
    const ends: unknown[] = [];
    const { world, client, server } = await served(function* (_message, self) {
      yield* self.sleep(60_000);
      return greeting();
    });
    server.node.subscribe(["exit"], (event) => event.type === "exit" && ends.push(event.reason));
    const asked = world.run(client, () => request({ url: URL }));
    spawnOpt(
      function* (self) {
        yield* self.sleep(100);
        world.network.reset("client", "server");
      },
      [],
      { node: client.node },
    );
    expect(brief(await asked)).toBe("econnreset");
    expect(ends).toContainEqual(["shutdown", "client_gone"]);
  });

  it("a server whose power fails answers nobody: the time of the request ends", async () => {
    const { world, client, server } = await served(function* (_message, self) {
      yield* self.sleep(500);
      server.crash();
      return greeting();
    });
    const answer = await world.run(client, () => request({ url: URL, timeoutMs: 5_000 }));
    expect(brief(answer)).toBe("timeout");
  });

  it("a kept connection that the server has closed costs nobody a request", async () => {
    const { world, client } = await served(greeting);
    const statuses = await world.run(client, function* (self) {
      const found: unknown[] = [];
      for (const pause of [0, 4_999, 5_000, 5_001, 5_002, 9_000]) {
        yield* self.sleep(pause);
        const answer = yield* request({ url: URL });
        found.push(isPortError(answer) ? answer.code : answer.status);
      }
      return found;
    });
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200]);
  });

  it("over a network that loses connections each request gets its answer or an error, and nothing is left", async () => {
    const { world, client, server } = await served(function* (message) {
      return { body: yield* orExit(readBody(message)) };
    });
    world.network.setLinks({ latencyMs: [1, 30], segmentBytes: [1, 4_000], resets: 0.01, stalls: 0.05 });
    const answers = await world.run(client, function* () {
      const found: unknown[] = [];
      for (let i = 0; i < 200; i++) {
        const answer = yield* request({ url: URL, method: "POST", body: `${i}`.repeat(2_000) });
        found.push(isPortError(answer) ? answer.code : textOf(answer.body) === `${i}`.repeat(2_000));
      }
      return found;
    });
    expect(new Set(answers)).toEqual(new Set([true, "econnreset"]));
    await world.advance(60_000);
    expect([client.openDescriptors, server.openDescriptors.length]).toEqual([[], 1]);
  });
});

it("examples/http tells the same story for the same seed, in virtual time", async () => {
  const [first, again, other] = [await story(3), await story(3), await story(4)];
  expect(first).toEqual(again);
  expect(first.transcript).not.toBe(other.transcript);
  expect(first.answers).toEqual([200, 200, 500, 200, 200, 500, "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", '{"length":50000}']);
  expect(first.leftovers).toEqual([]);
});

async function story(seed: number): Promise<{ answers: unknown; transcript: string; leftovers: unknown }> {
  const world = simulation({ seed });
  world.network.setLinks({ latencyMs: [1, 20], segmentBytes: [1, 5_000] });
  const server = world.machine("server");
  spawnOpt(
    function* (self: Self<unknown>) {
      yield* Supervisor.startLink(serviceSpec({ port: 80 }, 3));
      yield* idle(self);
    },
    [],
    { node: server.node },
  );
  await world.settle();
  const client = world.machine("client");
  const answers = await world.run(client, function* () {
    const found: unknown[] = [];
    for (let i = 0; i < 6; i++) found.push((yield* orExit(request({ url: URL }))).status);
    found.push(textOf((yield* orExit(request({ url: `${URL}count` }))).body));
    const body = "x".repeat(50_000);
    found.push(textOf((yield* orExit(request({ url: `${URL}length`, method: "POST", body }))).body));
    return found;
  });
  await world.advance(60_000);
  const leftovers = client.openDescriptors;
  world.end();
  return { answers, transcript: world.transcript, leftovers };
}

type Handler = (message: HttpRequest, self: Self) => Steps<HttpResponse> | HttpResponse;

interface Served {
  readonly world: Simulation;
  readonly server: Machine;
  readonly client: Machine;
}

/** A server with `handler` at {@link URL}. */
async function served(handler: Handler): Promise<Served> {
  const world = simulation();
  const server = world.machine("server");
  spawnOpt(
    function* (self: Self<unknown>) {
      yield* startHttpServer({ port: 80, handler });
      yield* idle(self);
    },
    [],
    { node: server.node },
  );
  await world.settle();
  return { world, server, client: world.machine("client") };
}

/** Says `texts`, with pauses of so many milliseconds. @returns all that comes until the server closes */
function* conversation(...says: readonly (string | number)[]): Steps<string> {
  const socket: Port = yield* orExit(connect({ host: "server", port: 80 }));
  let heard = "";
  for (const say of says) {
    if (typeof say === "string") yield* write(socket, say);
    else {
      const piece = yield* read(socket, { timeoutMs: say });
      if (!isPortError(piece)) heard += textOf(piece);
    }
  }
  for (let piece = yield* read(socket); !isPortError(piece); piece = yield* read(socket)) heard += textOf(piece);
  return heard;
}
