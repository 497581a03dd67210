import { type Self, spawnOpt } from "@krarup/core";
import { isPortError, openUdp, orExit, read, sendTo, udpInfo, type UdpOptions, type UdpSocket } from "@krarup/ports";
import { describe, expect, it } from "vitest";
import { type LinkOptions, type Machine, simulation, type Simulation } from "../../src/index.ts";
import { brief, idle, type Steps } from "../stage.ts";

/** Numbers that `machine` has got at its port 9. */
function collect(machine: Machine, options: UdpOptions = {}): number[] {
  const got: number[] = [];
  const body = function* (): Steps<void> {
    const socket = yield* orExit(openUdp({ port: 9, ...options }));
    for (let next = yield* read(socket); !isPortError(next); next = yield* read(socket)) got.push(next.data[0] ?? -1);
  };
  spawnOpt(body, [], { node: machine.node });
  return got;
}

/** Sends the numbers from 0 to 99 to port 9 of `host`. */
function* sendNumbers(host: string): Steps<void> {
  const socket = yield* orExit(openUdp());
  for (let i = 0; i < 100; i++) yield* orExit(sendTo(socket, { host, port: 9 }, Uint8Array.of(i)));
}

async function sent(options: LinkOptions, host = "b"): Promise<number[]> {
  const world = simulation({ seed: 3 });
  const got = collect(world.machine("b"));
  await world.settle();
  world.network.setLinks(options);
  await world.run(world.machine("a"), () => sendNumbers(host));
  await world.advance(1_000);
  return got;
}

const ALL = Array.from({ length: 100 }, (_, i) => i);

describe("a datagram", () => {
  it("arrives in order where the network is calm", async () => {
    expect(await sent({})).toEqual(ALL);
  });

  it("is lost, doubled and overtaken where it is not", async () => {
    const lossy = await sent({ losses: 0.2 });
    expect(lossy.length).toBeGreaterThan(50);
    expect(lossy.length).toBeLessThan(100);
    const doubled = await sent({ duplicates: 0.2 });
    expect(new Set(doubled).size).toBe(100);
    expect(doubled.length).toBeGreaterThan(105);
    const shuffled = await sent({ latencyMs: [1, 50] });
    expect(shuffled).not.toEqual(ALL);
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(ALL);
  });

  it("is lost on a cut network, and nobody is told", async () => {
    const world = simulation();
    const [a, got] = [world.machine("a"), collect(world.machine("b"))];
    await world.settle();
    world.network.partition(["a"], ["b"]);
    await world.run(a, () => sendNumbers("b"));
    world.network.heal("a", "b");
    await world.advance(1_000);
    expect(got).toEqual([]);
  });

  it("to a group reaches its members on all machines", async () => {
    const world = simulation();
    const memberships = [{ group: "239.1.2.3" }];
    const got = ["b", "c"].map((name) => collect(world.machine(name), { memberships }));
    const others = collect(world.machine("d"));
    await world.settle();
    await world.run(world.machine("a"), () => sendNumbers("239.1.2.3"));
    await world.advance(10);
    expect([...got, others]).toEqual([ALL, ALL, []]);
  });

  it("that nobody reads is dropped beyond the queue, and counted", async () => {
    const world = simulation();
    let socket: UdpSocket | null = null;
    const body = function* (self: Self<unknown>): Steps<void> {
      socket = yield* orExit(openUdp({ port: 9, queueLengthMax: 10 }));
      yield* idle(self);
    };
    spawnOpt(body, [], { node: world.machine("b").node });
    await world.settle();
    await world.run(world.machine("a"), () => sendNumbers("b"));
    await world.advance(10);
    const info = await world.run(world.machine("b"), () => udpInfo(opened(socket)));
    expect(info).toMatchObject({ received: 10, dropped: 90, waiting: 10 });
  });

  it.each([
    ["to a name that does not exist", "nowhere", 1, "enotfound"],
    ["to everybody without leave", "255.255.255.255", 1, "eacces"],
    ["that is too large", "b", 65_508, "emsgsize"],
    ["to a port where nobody listens", "b", 1, "ok"],
  ])("%s: %s with %s bytes is %s", async (_what, host, bytes, code) => {
    const world = simulation();
    expect(await sendTo9(world, host, bytes)).toBe(code);
  });
});

async function sendTo9(world: Simulation, host: string, bytes: number): Promise<unknown> {
  world.machine("b");
  return world.run(world.machine("a"), function* () {
    const socket = yield* orExit(openUdp());
    return brief(yield* sendTo(socket, { host, port: 9 }, new Uint8Array(bytes)));
  });
}

function opened(socket: UdpSocket | null): UdpSocket {
  if (socket === null) throw new Error("the socket is not open");
  return socket;
}
