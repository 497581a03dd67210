// A server and a client, each on a machine of its own.

import { type Self, spawnOpt, type Suspension } from "@krarup/core";
import { isPortError, type Port, startTcpServer, textOf } from "@krarup/ports";
import { type Machine, type MachineOptions, simulation, type Simulation } from "../src/index.ts";

export type Steps<T> = Generator<Suspension, T, void>;

/** What is done with one connection. */
export type Serve = (self: Self<unknown>, socket: Port) => Steps<unknown>;

export interface Stage {
  readonly world: Simulation;
  readonly server: Machine;
  readonly client: Machine;
}

/** Where the server is. */
export const SERVER = { host: "server", port: 7000 } as const;

/** A world in which `serve` is done with each connection to {@link SERVER}. */
export async function stage(serve: Serve, options: MachineOptions = {}): Promise<Stage> {
  const world = simulation();
  const server = world.machine("server", options);
  start(server, serve);
  await world.settle();
  return { world, server, client: world.machine("client") };
}

/** Starts the server on the node that `machine` has now. */
export function start(machine: Machine, serve: Serve): void {
  const body = function* (self: Self<unknown>): Steps<void> {
    yield* startTcpServer({ port: SERVER.port, serve });
    yield* idle(self);
  };
  spawnOpt(body, [], { node: machine.node });
}

/** Does nothing, for ever. */
export function* idle(self: Self<unknown>): Steps<never> {
  for (;;) yield* self.receive();
}

/** The code of an error, the text of bytes, anything else as it is. */
export function brief(value: unknown): unknown {
  if (isPortError(value)) return value.code;
  return value instanceof Uint8Array ? textOf(value) : value;
}
