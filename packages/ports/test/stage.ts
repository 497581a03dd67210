// A node on the real platform, for tests of what is real: sockets and child processes of the operating system. Whatever a test does, at its
// end nothing may have gone astray and every descriptor must be closed.

import { createNode, type KernelEvent, type Self, setDefaultNode, spawnOpt } from "@krarup/core";
import { nodePlatform } from "@krarup/core/node";
import { existsSync, readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import {
  listenerInfo,
  type Listener,
  listen,
  orExit,
  connect,
  accept,
  type Port,
  type SocketOptions,
} from "../src/index.ts";
import type { Steps } from "../src/port/sequence.ts";

/** A body that may receive anything. */
export type Play<T> = (self: Self<unknown>) => Steps<T>;

/** Milliseconds in which descriptors must be closed: a port that ends flushes first. */
const PATIENCE_MS = 3_000;

/** Runs `play` in a process of a fresh node. @returns what it returned; throws what it threw, or when something is left behind */
export async function perform<T>(play: Play<T>): Promise<T> {
  const before = openDescriptors();
  const node = createNode({ platform: nodePlatform(), reports: "none" });
  // Code of async bodies finds its process by way of the default node.
  setDefaultNode(node);
  const astray: KernelEvent[] = [];
  node.subscribe(["stray", "crash"], (event) => astray.push(event));
  try {
    return await run(node, play);
  } finally {
    node.halt();
    setDefaultNode(null);
    await descriptorsAre(before);
    expect(astray).toEqual([]);
  }
}

function run<T>(node: ReturnType<typeof createNode>, play: Play<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const body = function* (self: Self<unknown>): Steps<void> {
      try {
        resolve(yield* play(self));
      } catch (error) {
        reject(error);
      }
    };
    const player = spawnOpt(body, [], { node });
    node.subscribe(["exit"], (event) => {
      if (event.type === "exit" && event.pid === player)
        reject(new Error("the player was ended", { cause: event.reason }));
    });
  });
}

/** Descriptors that this program has open, by number of kind; where the system does not tell, none. */
function openDescriptors(): number {
  return existsSync("/proc/self/fd") ? readdirSync("/proc/self/fd").length : 0;
}

async function descriptorsAre(count: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (openDescriptors() > count && performance.now() < deadline) await delay(5);
  expect(openDescriptors()).toBeLessThanOrEqual(count);
}

/** Both ends of a connection over the loopback device, owned by the running process. */
export function* pair<P = Uint8Array>(
  options: SocketOptions<P> = {},
): Steps<{ readonly client: Port; readonly server: Port<P>; readonly listener: Listener<P> }> {
  const listener = yield* orExit(listen({ host: "127.0.0.1", port: 0, ...options }));
  const { address } = yield* orExit(listenerInfo(listener));
  const client = yield* orExit(connect(address));
  const server = yield* orExit(accept(listener));
  return { client, server, listener };
}

/** The code of an error that an operation returned; anything else as it is. */
export function codeIn(value: unknown): unknown {
  return typeof value === "object" && value !== null && "code" in value ? value.code : value;
}

/** As text, if it is bytes. */
export function text(value: unknown): unknown {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : codeIn(value);
}

/** The next message, as `[type, text or detail]`. */
export function* next(self: Self<unknown>): Steps<unknown> {
  const message = yield* self.receive().after(3_000);
  if (typeof message !== "object" || message === null || !("type" in message)) return message;
  if ("data" in message) return [message.type, text(message.data)];
  if ("code" in message) return [message.type, message.code];
  if ("status" in message) return [message.type, message.status];
  return "reason" in message ? [message.type, message.reason] : message.type;
}
