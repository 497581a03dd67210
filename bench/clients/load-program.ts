// The other side of the workloads with connections, in a process of its own, on Node's own sockets.
//
//   node load-program.ts PORT
//
// It reads orders from its input, one a line, and answers each with a line of JSON:
//
//   open COUNT                        opens so many connections                    {}
//   echo COUNT EVERY_MS FOR_MS        on so many of them sends 64 bytes            {"echoes": 50000, "p50Ms": …, "p99Ms": …, "maxMs": …}
//                                     every EVERY_MS, whether or not the last
//                                     has come back, and waits for all of them
//   flood BYTES                       sends so many bytes on each, in packets       {}
//                                     of 1,000 with a number, as fast as it can
//   pushed                            when nothing more goes through                {"bytes": …, "blocked": …}

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

const port = Number(process.argv[2]);
const sockets: Socket[] = [];

/** Connections that are being made at one time. */
const AT_ONCE = 64;
const ECHO_BYTES = 64;
const PACKET_BYTES = 1_000;
/** Milliseconds without a byte after which nothing more goes through. */
const STILL_MS = 500;

const open = async (count: number): Promise<object> => {
  while (count > 0) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count) }, async () => {
      const socket = connect({ port, host: "127.0.0.1", noDelay: true });
      await once(socket, "connect");
      sockets.push(socket);
    });
    await Promise.all(batch);
    count -= batch.length;
  }
  return {};
};

/** One connection, and when what has not come back was sent. */
class Echoer {
  readonly #socket: Socket;
  readonly #sentMs: number[] = [];
  #received = 0;

  constructor(socket: Socket, tripsMs: number[]) {
    this.#socket = socket;
    socket.on("data", ({ length }) => {
      for (this.#received += length; this.#received >= ECHO_BYTES; this.#received -= ECHO_BYTES)
        tripsMs.push(performance.now() - (this.#sentMs.shift() ?? Number.NaN));
    });
  }

  get isWaiting(): boolean {
    return this.#sentMs.length > 0;
  }

  async send(firstMs: number, everyMs: number, untilMs: number): Promise<void> {
    for (let dueMs = firstMs; dueMs < untilMs; dueMs += everyMs) {
      await delay(Math.max(0, dueMs - performance.now()));
      this.#sentMs.push(performance.now());
      this.#socket.write(Buffer.alloc(ECHO_BYTES, "x"));
    }
  }
}

const echo = async (count: number, everyMs: number, forMs: number): Promise<object> => {
  const tripsMs: number[] = [];
  const startMs = performance.now();
  const echoers = sockets.slice(0, count).map((socket) => new Echoer(socket, tripsMs));
  await Promise.all(echoers.map((each, i) => each.send(startMs + (i * everyMs) / count, everyMs, startMs + forMs)));
  while (echoers.some(({ isWaiting }) => isWaiting)) await delay(1);
  for (const socket of sockets) socket.removeAllListeners("data");
  const sorted = tripsMs.toSorted((a, b) => a - b);
  const at = (share: number): number | undefined => sorted[Math.floor((sorted.length - 1) * share)];
  return { echoes: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
};

const sendPackets = async (socket: Socket, bytes: number): Promise<void> => {
  for (let number = 0; number * PACKET_BYTES < bytes; number++) {
    const packet = Buffer.alloc(PACKET_BYTES);
    packet.writeUInt32BE(PACKET_BYTES - 4, 0);
    packet.writeUInt32BE(number, 4);
    if (!socket.write(packet)) await once(socket, "drain");
  }
  socket.end();
};

let flooding: Promise<unknown> = Promise.resolve();

const flood = (bytes: number): object => {
  flooding = Promise.all(sockets.map((socket) => sendPackets(socket, bytes)));
  return {};
};

const pushed = async (): Promise<object> => {
  const through = (): number => sockets.reduce((sum, socket) => sum + socket.bytesWritten - socket.writableLength, 0);
  for (let before = -1; through() !== before;) {
    before = through();
    await delay(STILL_MS);
  }
  return { bytes: through(), blocked: sockets.filter(({ writableNeedDrain }) => writableNeedDrain).length };
};

const ORDERS = new Map<string, (...numbers: readonly number[]) => object | Promise<object>>([
  ["open", (count = 0) => open(count)],
  ["echo", (count = 0, everyMs = 0, forMs = 0) => echo(count, everyMs, forMs)],
  ["flood", (bytes = 0) => flood(bytes)],
  ["pushed", pushed],
]);

const obey = (line: string): object | Promise<object> => {
  const [name = "", ...numbers] = line.split(" ");
  const order = ORDERS.get(name);
  if (order === undefined) throw new Error(`Cannot obey ${line}: orders are ${[...ORDERS.keys()].join(", ")}`);
  return order(...numbers.map(Number));
};

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await obey(line)));
await flooding;
process.exit();
