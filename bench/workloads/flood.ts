// A hundred peers flood a node whose processes take 16 packets each and then nothing until all is still. Each packet has 1,000 bytes. How
// much memory does a connection have then, beyond an idle one; are the peers held up; does everything arrive in the end? One operation is a
// packet received.

import { type Self, send, spawn, type Suspension } from "@krarup/core";
import {
  isPortError,
  orExit,
  type Port,
  type PortMessage,
  serverAddress,
  setActive,
  startTcpServer,
} from "@krarup/ports";
import { Load } from "../clients/load.ts";
import { heapBytes, residentBytes, size, Stopwatch } from "../workload.ts";

type Steps<T> = Generator<Suspension, T, void>;

const PEERS = size(100);
/** More than the buffers of both systems together take. */
const BYTES_EACH = 16_000_000;
const PACKET_BYTES = 1_000;
const PACKETS_EACH = BYTES_EACH / PACKET_BYTES;
const ACTIVE = 16;

type Word = "begin" | "go on";
type Consumer = Self<PortMessage | Word>;

const consumers: Consumer[] = [];
let received = 0;
let outOfOrder = 0;
let ended = 0;

/** Takes 16 packets, and the rest when it is told to. */
function* consume(self: Consumer, socket: Port): Steps<void> {
  consumers.push(self);
  yield* hear(self, "begin");
  let expected = yield* take(self, socket, 0);
  yield* hear(self, "go on");
  while (expected !== null) expected = yield* take(self, socket, expected);
  ended++;
}

function* hear(self: Consumer, word: Word): Steps<void> {
  yield* self.receive((message): message is Word => message === word);
}

/** Takes 16 packets, of which the first should have the number `expected`. @returns the next number, or null when there are no more */
function* take(self: Consumer, socket: Port, expected: number): Steps<number | null> {
  if (isPortError(yield* setActive(socket, ACTIVE))) return null;
  for (;;) {
    const message = yield* self.receive((each): each is PortMessage => typeof each === "object");
    if (message.type === "passive") return expected;
    if (message.type === "closed") return null;
    if (message.type !== "data") continue;
    received++;
    if (numberOf(message.data) !== expected++) outOfOrder++;
  }
}

function numberOf(packet: Uint8Array): number {
  return new DataView(packet.buffer, packet.byteOffset).getUint32(0);
}

function tellAll(word: Word): void {
  for (const consumer of consumers) send(consumer, word);
}

function* until(self: Self, isSo: () => boolean): Steps<void> {
  while (!isSo()) yield* self.sleep(1);
}

spawn(function* (self: Self) {
  const server = yield* startTcpServer({ host: "127.0.0.1", port: 0, framing: 4, serve: consume });
  const address = yield* orExit(serverAddress(server));
  if (!("port" in address)) throw new Error("the server listens on a port");
  const load = yield* Load.start(address.port);
  yield* load.order("open", PEERS);
  yield* until(self, () => consumers.length === PEERS);

  heapBytes();
  const before = residentBytes();
  yield* load.order("flood", BYTES_EACH);
  tellAll("begin");
  const { blocked = 0 } = yield* load.order("pushed");
  heapBytes();
  const residentKib = (residentBytes() - before) / PEERS / 1_024;

  const clock = new Stopwatch();
  tellAll("go on");
  yield* until(self, () => ended === PEERS);
  const elapsedNs = clock.read();
  const lost = PEERS * PACKETS_EACH - received;
  clock.report(received, elapsedNs, { residentKib, notHeldUp: PEERS - blocked, lost, outOfOrder });
});
