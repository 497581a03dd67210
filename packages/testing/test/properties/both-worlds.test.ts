// A program cannot tell the simulated network from a real one: the same writes, ends, closes and reads give the same answers over the
// loopback device and over the simulation, whatever that does to the segments on the way.

import { createNode, type Node, type Self, spawnOpt } from "@krarup/core";
import { nodePlatform } from "@krarup/core/node";
import {
  accept,
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
  textOf,
  write,
} from "@krarup/ports";
import fc from "fast-check";
import { expect, it } from "vitest";
import { simulation } from "../../src/index.ts";
import { brief, type Steps } from "../stage.ts";

const RUNS = Number(process.env["KRARUP_RUNS"] ?? 1) * 15;

/** Milliseconds after each step, for what it causes to arrive. */
const PAUSE_MS = 8;

/** Milliseconds after which a read gives up: what comes at all comes within the pause. */
const READ_MS = 20;

type Side = "client" | "server";

type Step =
  | { readonly do: "write"; readonly side: Side; readonly text: string }
  | { readonly do: "write_much"; readonly side: Side; readonly bytes: number }
  | { readonly do: "read_exactly"; readonly side: Side; readonly bytes: number }
  | { readonly do: "read_line"; readonly side: Side }
  | { readonly do: "read"; readonly side: Side }
  | { readonly do: "close_write"; readonly side: Side }
  | { readonly do: "close"; readonly side: Side }
  | { readonly do: "is_open"; readonly side: Side };

const sides = fc.constantFrom<Side>("client", "server");

const steps = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant("write"), side: sides, text: fc.stringMatching(/^[ab\n]{1,9}$/) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("write_much"), side: sides, bytes: fc.nat(40_000) }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant("read_exactly"), side: sides, bytes: fc.integer({ min: 1, max: 6 }) }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("read_line"), side: sides }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("read"), side: sides }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("close_write"), side: sides }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("close"), side: sides }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("is_open"), side: sides }) },
  ) as fc.Arbitrary<Step>,
  { minLength: 3, maxLength: 14 },
);

it(
  "a program sees over the simulated network what it sees over a real one",
  async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.boolean(), fc.integer(), async (script, exitOnClose, seed) => {
        const real = await inReality(script, exitOnClose);
        expect(await inSimulation(script, exitOnClose, seed)).toEqual(real);
      }),
      { numRuns: RUNS },
    );
  },
  60_000 + RUNS * 2_000,
);

/** Does the steps one after the other. @returns what each answered */
function* perform(self: Self<unknown>, script: readonly Step[], exitOnClose: boolean): Steps<unknown[]> {
  const listener = yield* orExit(listen({ host: "127.0.0.1", port: 0, exitOnClose }));
  const { address } = yield* orExit(listenerInfo(listener));
  const client = yield* orExit(connect({ ...address, exitOnClose }));
  const server = yield* orExit(accept(listener));
  const answers: unknown[] = [];
  for (const step of script) {
    answers.push(brief(yield* act(step.side === "client" ? client : server, step)));
    yield* self.sleep(PAUSE_MS);
  }
  return answers;
}

function* act(port: Port, step: Step): Steps<unknown> {
  switch (step.do) {
    case "write":
      return yield* write(port, step.text);
    case "write_much":
      return yield* write(port, new Uint8Array(step.bytes).fill(120));
    case "read_exactly":
      return yield* readExactly(port, step.bytes, { timeoutMs: READ_MS });
    case "read_line":
      return yield* readLine(port, { timeoutMs: READ_MS });
    case "read":
      return yield* readAll(port);
    case "close_write":
      return yield* closeWrite(port);
    case "close":
      return yield* close(port);
    case "is_open":
      return typeof brief(yield* portInfo(port)) === "object";
  }
}

/** Where one piece ends and the next begins is chance in both worlds; what comes, and what comes after it, is not. */
function* readAll(port: Port): Steps<unknown[]> {
  let text = "";
  for (;;) {
    const piece = yield* read(port, { timeoutMs: READ_MS });
    if (isPortError(piece)) return [text, piece.code];
    text += textOf(piece);
  }
}

async function inSimulation(script: readonly Step[], exitOnClose: boolean, seed: number): Promise<unknown[]> {
  const world = simulation({ seed });
  const machine = world.machine("machine");
  world.network.setLink("machine", "machine", { latencyMs: [0, 0.5], segmentBytes: [1, 10_000] });
  const answers = await world.run(machine, (self) => perform(self, script, exitOnClose));
  await world.advance(10_000);
  expect(machine.openDescriptors).toEqual([]);
  return answers;
}

async function inReality(script: readonly Step[], exitOnClose: boolean): Promise<unknown[]> {
  const node = createNode({ platform: nodePlatform(), reports: "none" });
  try {
    return await outcomeOf(node, script, exitOnClose);
  } finally {
    node.halt();
  }
}

function outcomeOf(node: Node, script: readonly Step[], exitOnClose: boolean): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const body = function* (self: Self<unknown>): Steps<void> {
      try {
        resolve(yield* perform(self, script, exitOnClose));
      } catch (error) {
        reject(error);
      }
    };
    spawnOpt(body, [], { node });
  });
}
