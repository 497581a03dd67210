import { exit, type Self, sendAfter, spawn, spawnOpt, type Suspension } from "@krarup/core";
import { close, connect, isPortError, type Port, readLine, startTcpServer, write } from "@krarup/ports";
import { describe, expect, it } from "vitest";
import { type Machine, simulation, type Simulation } from "../src/index.ts";

type Steps<T> = Generator<Suspension, T, void>;

describe("run", () => {
  it("returns what the process returns, when it does, in virtual time", async () => {
    const world = simulation();
    const value = await world.run(world.machine("a"), function* (self) {
      yield* self.sleep(60_000);
      return "an hour is nothing";
    });
    expect([value, world.nowMs]).toEqual(["an hour is nothing", 60_000]);
  });

  it("throws what the process throws", async () => {
    const world = simulation();
    const failing = world.run(world.machine("a"), function* () {
      throw new RangeError("too far");
    });
    await expect(failing).rejects.toThrow(new RangeError("too far"));
  });

  it("fails when the process was ended", async () => {
    const world = simulation();
    const ended = world.run(world.machine("a"), function* (self) {
      spawn(function* () {
        exit(self, "kill");
      });
      yield* self.receive();
    });
    await expect(ended).rejects.toThrow("The process was ended");
  });

  it("fails at once when nothing is going to wake the process", async () => {
    const world = simulation();
    const waiting = world.run(world.machine("a"), (self) => self.receive());
    await expect(waiting).rejects.toThrow("nothing is going to wake it");
    expect(world.nowMs).toBe(0);
  });

  it("fails when the time is over", async () => {
    const world = simulation();
    const sleeping = world.run(world.machine("a"), (self) => self.sleep(1_001), { withinMs: 1_000 });
    await expect(sleeping).rejects.toThrow("after 1000 ms");
  });

  it("waits for promises of the program", async () => {
    const world = simulation();
    const value = await world.run(world.machine("a"), function* (self) {
      const first = yield* self.await(Promise.resolve(20));
      return first + (yield* self.await(async (signal) => (signal.aborted ? 0 : await Promise.resolve(22))));
    });
    expect(value).toBe(42);
  });

  it("runs async bodies", async () => {
    const world = simulation();
    const answers: unknown[] = [];
    spawnOpt(
      async (self: Self<string>) => {
        await self.sleep(100);
        answers.push(await self.receive().after(50), world.nowMs);
      },
      [],
      { node: world.machine("a").node },
    );
    await world.advance(1_000);
    expect(answers).toEqual([expect.any(Symbol), 150]);
  });

  it("does not let two move the time at once", async () => {
    const world = simulation();
    const first = world.advance(1);
    await expect(world.advance(1)).rejects.toThrow("it is moving already");
    await first;
  });
});

describe("advance", () => {
  it("fires what falls due on several nodes in the order of time", async () => {
    const world = simulation();
    const woken: unknown[] = [];
    const sleep = (name: string, ms: number): void => {
      const body = function* (self: Self): Steps<void> {
        yield* self.sleep(ms);
        woken.push([name, world.nowMs]);
      };
      spawnOpt(body, [], { node: world.machine(name).node });
    };
    sleep("a", 30);
    sleep("b", 10);
    sleep("c", 20);
    await world.advance(25);
    expect(woken).toEqual([
      ["b", 10],
      ["c", 20],
    ]);
    await world.advance(5);
    expect(woken.at(-1)).toEqual(["a", 30]);
  });

  it("goes on from moments that no binary fraction can express", async () => {
    const world = simulation();
    const machine = world.machine("a");
    const ticks = world.probe(machine);
    for (let i = 0; i < 50; i++) {
      await world.advance(0.1);
      const body = function* (): Steps<void> {
        sendAfter(1, ticks.pid, i);
      };
      spawnOpt(body, [], { node: machine.node });
    }
    await world.advance(10);
    expect(ticks.messages).toHaveLength(50);
  });
});

describe("a seed", () => {
  it("tells the same story twice, byte for byte, and another seed another", async () => {
    const [first, again, other] = [await story(1), await story(1), await story(2)];
    expect(first).toBe(again);
    expect(first).not.toBe(other);
    expect(first).toContain("econnreset");
    expect(first).toContain('"hello');
  });
});

/** An echo server and three clients on a network that loses connections. @returns everything that can be seen from outside */
async function story(seed: number): Promise<string> {
  const world = simulation({ seed });
  world.network.setLinks({ latencyMs: [1, 20], segmentBytes: [1, 8], resets: 0.02, stalls: 0.05, refusals: 0.1 });
  await startEcho(world, world.machine("server", { shuffle: true }));
  const answers: unknown[] = [];
  for (const name of ["one", "two", "three"])
    answers.push(await world.run(world.machine(name), () => askTenTimes(name)));
  world.end();
  return world.transcript + JSON.stringify(answers) + String(world.nowMs);
}

async function startEcho(world: Simulation, machine: Machine): Promise<void> {
  spawnOpt(
    function* (self: Self) {
      yield* startTcpServer({ port: 7000, serve: (_self, socket) => echo(socket) });
      yield* self.receive();
    },
    [],
    { node: machine.node },
  );
  await world.settle();
}

function* echo(socket: Port): Steps<void> {
  for (;;) {
    const line = yield* readLine(socket);
    if (typeof line !== "string") return;
    yield* write(socket, `${line}\n`);
  }
}

function* askTenTimes(name: string): Steps<unknown[]> {
  const answers: unknown[] = [];
  for (let i = 0; i < 10; i++) {
    const socket = yield* connect({ host: "server", port: 7000 });
    if (isPortError(socket)) answers.push(socket.code);
    else answers.push(yield* ask(socket, `hello ${i} from ${name}`));
  }
  return answers;
}

function* ask(socket: Port, text: string): Steps<unknown> {
  yield* write(socket, `${text}\n`);
  const answer = yield* readLine(socket);
  yield* close(socket);
  return isPortError(answer) ? answer.code : answer;
}
