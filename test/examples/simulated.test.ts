// The chat and the key-value server, as they are, in a simulated world: time is virtual, and what goes wrong comes from a seed.

import { type Self, spawnOpt, type Suspension } from "@krarup/core";
import {
  close,
  connect,
  isPortError,
  orExit,
  type Port,
  type PortError,
  readExactly,
  readLine,
  write,
} from "@krarup/ports";
import { Supervisor, type SupervisorSpec } from "@krarup/supervisor";
import { type Machine, simulation, type Simulation } from "@krarup/testing";
import { describe, expect, it } from "vitest";
import { chatSpec } from "../../examples/chat/tree.ts";
import { kvSpec } from "../../examples/kv/tree.ts";

type Steps<T> = Generator<Suspension, T, void>;

const SEEDS = Array.from({ length: 10 }, (_, i) => i + 1);

/** Starts an example on `machine`, and waits until it runs. */
async function start(world: Simulation, machine: Machine, spec: SupervisorSpec): Promise<void> {
  const body = function* (self: Self<unknown>): Steps<void> {
    yield* Supervisor.startLink(spec);
    yield* self.receive();
  };
  spawnOpt(body, [], { node: machine.node });
  await world.advance(100);
}

describe("the chat", () => {
  it("tells the same story for the same seed, byte for byte, whatever the network does", async () => {
    const stories = new Set<string>();
    for (const seed of SEEDS) {
      const [once, again] = [await chatStory(seed), await chatStory(seed)];
      expect(once).toBe(again);
      stories.add(once);
    }
    expect(stories.size).toBe(SEEDS.length);
    expect([...stories].some((story) => story.includes("econnreset"))).toBe(true);
  });

  it("lets a guest go who does not read for longer than it is patient, and serves the others", async () => {
    const world = simulation();
    await start(world, world.machine("chat"), chatSpec({ port: 7000 }));
    const [lazy, busy] = [world.machine("lazy"), world.machine("busy")];
    spawnOpt(
      function* (self: Self<unknown>) {
        yield* enter("lazy");
        yield* self.receive();
      },
      [],
      { node: lazy.node },
    );
    await world.advance(100);
    world.network.stall("chat", "lazy");
    const present = await world.run(busy, function* (self) {
      const socket = yield* enter("busy");
      const line = "x".repeat(900);
      for (let i = 0; i < 400; i++) {
        yield* orExit(write(socket, `${line}\n`));
        yield* orExit(readLine(socket));
      }
      yield* self.sleep(6_000);
      yield* orExit(write(socket, "/who\n"));
      return yield* linesUntil(socket, /busy/);
    });
    expect(present.at(-1)).not.toContain("lazy");
  });
});

/** Everything that can be seen of a chat of three guests. */
async function chatStory(seed: number): Promise<string> {
  const world = simulation({ seed });
  await start(world, world.machine("chat", { shuffle: true }), chatSpec({ port: 7000 }));
  world.network.setLinks({ latencyMs: [1, 40], segmentBytes: [1, 30], resets: 0.005, stalls: 0.05 });
  const heard: unknown[] = [];
  for (const name of ["ann", "bob", "cyd"]) {
    const body = function* (self: Self<unknown>): Steps<void> {
      for (let i = 0; i < 5; i++) heard.push([name, yield* visit(self, name, i)]);
    };
    spawnOpt(body, [], { node: world.machine(name).node });
  }
  await world.advance(60_000);
  world.end();
  expect(heard).toHaveLength(15);
  return `${world.transcript}${JSON.stringify(heard)}`;
}

/** One visit. @returns the lines that were heard until the end, or until a second has passed */
function* visit(self: Self<unknown>, name: string, round: number): Steps<unknown[]> {
  const socket = yield* connect({ host: "chat", port: 7000 });
  if (isPortError(socket)) return [socket.code];
  yield* write(socket, `${name}\nhello ${round} from ${name}\n/who\n`);
  const heard: unknown[] = [];
  for (let line = yield* hear(socket); typeof line === "string"; line = yield* hear(socket)) heard.push(line);
  yield* close(socket);
  yield* self.sleep(500);
  return heard;
}

function* hear(socket: Port): Steps<string | PortError> {
  return yield* readLine(socket, { timeoutMs: 1_000 });
}

function* enter(name: string): Steps<Port> {
  const socket = yield* orExit(connect({ host: "chat", port: 7000 }));
  yield* orExit(write(socket, `${name}\n`));
  yield* linesUntil(socket, new RegExp(`${name} is in`));
  return socket;
}

function* linesUntil(socket: Port, last: RegExp): Steps<string[]> {
  const lines: string[] = [];
  while (!last.test(lines.at(-1) ?? "")) lines.push(yield* orExit(readLine(socket)));
  return lines;
}

describe("the key-value server", () => {
  it("has after a failure of the power whatever it had saved", async () => {
    for (const seed of SEEDS) {
      const world = simulation({ seed });
      const machine = world.machine("kv");
      machine.disk.set({ latencyMs: [0.1, 5] });
      const spec = kvSpec({ port: 6379 }, { path: "/kv.resp", everyMs: 50 });
      await start(world, machine, spec);
      await world.run(world.machine("client"), function* () {
        const socket = yield* orExit(connect({ host: "kv", port: 6379 }));
        yield* command(socket, "SET saved yes");
        yield* command(socket, "SAVE");
      });
      spawnOpt(flood, [], { node: world.machine("client").node });
      // In the middle of whatever it writes at that moment.
      await world.advance(50 + seed * 7);
      machine.crash();
      machine.restart();
      await start(world, machine, spec);
      expect(await valueOf(world, "saved")).toBe("yes");
    }
  });

  it("answers SAVE with an error when the disk is full, and goes on", async () => {
    const world = simulation();
    const machine = world.machine("kv");
    await start(world, machine, kvSpec({ port: 6379 }, { path: "/kv.resp", everyMs: 60_000 }));
    machine.disk.fill();
    const answers = await world.run(world.machine("client"), function* () {
      const socket = yield* orExit(connect({ host: "kv", port: 6379 }));
      return [yield* command(socket, "SET a b"), yield* command(socket, "SAVE"), yield* command(socket, "PING")];
    });
    expect(answers).toEqual(["+OK", expect.stringMatching(/^-ERR/), "+PONG"]);
  });

  it("forgets a key at its time, however far away that is", async () => {
    const world = simulation();
    await start(world, world.machine("kv"), kvSpec({ port: 6379 }, null));
    await world.run(world.machine("client"), function* () {
      yield* command(yield* orExit(connect({ host: "kv", port: 6379 })), "SET key value EX 86400");
    });
    await world.advance(86_390_000);
    expect(await valueOf(world, "key")).toBe("value");
    await world.advance(10_000);
    expect(await valueOf(world, "key")).toBeNull();
  });
});

function* flood(): Steps<void> {
  const socket = yield* orExit(connect({ host: "kv", port: 6379 }));
  for (let i = 0; ; i++) yield* command(socket, `SET key${i % 50} ${"v".repeat(i % 2_000)}x`);
}

/** Says one command. @returns the first line of the reply */
function* command(socket: Port, text: string): Steps<string> {
  yield* orExit(write(socket, `${text}\r\n`));
  return yield* orExit(readLine(socket));
}

async function valueOf(world: Simulation, key: string): Promise<string | null> {
  return world.run(world.machine("client"), function* () {
    const socket = yield* orExit(connect({ host: "kv", port: 6379 }));
    const head = yield* command(socket, `GET ${key}`);
    if (head === "$-1") return null;
    return new TextDecoder().decode(yield* orExit(readExactly(socket, Number(head.slice(1)))));
  });
}
