import { exit, isAlive, monitor, send, spawn } from "@krarup/core";
import { createSocket } from "node:dgram";
import { networkInterfaces } from "node:os";
import { describe, expect, it } from "vitest";
import {
  close,
  controllingProcess,
  type Data,
  type Datagram,
  isPortError,
  openUdp,
  orExit,
  portInfo,
  read,
  readLine,
  sendTo,
  setActive,
  udpInfo,
  type UdpOptions,
  type UdpSocket,
  write,
} from "../../src/index.ts";
import type { Steps } from "../../src/port/sequence.ts";
import { codeIn, next, perform, text } from "../stage.ts";

const LOOPBACK = { host: "127.0.0.1" };

type Address = { readonly host: string; readonly port: number };

function* opened(options: UdpOptions = LOOPBACK): Steps<[UdpSocket, Address]> {
  const socket = yield* orExit(openUdp(options));
  const { address } = yield* orExit(udpInfo(socket));
  return [socket, address];
}

function isData(message: unknown): message is Data<Datagram> {
  return typeof message === "object" && message !== null && "type" in message && message.type === "data";
}

/** What came, as `[port of the sender, text]`; an error as its code. */
function shown(datagram: unknown): unknown {
  if (typeof datagram !== "object" || datagram === null || !("data" in datagram)) return codeIn(datagram);
  return ["port" in datagram ? datagram.port : null, text(datagram.data)];
}

describe("a socket for datagrams", () => {
  it("reads them one by one, each with its sender", () =>
    perform(function* () {
      const [[a, addressA], [b, addressB]] = [yield* opened(), yield* opened()];
      expect(yield* sendTo(a, addressB, "one")).toBe("ok");
      expect(yield* write(a, { ...addressB, data: new Uint8Array(0) })).toBe("ok");
      expect(shown(yield* read(b))).toEqual([addressA.port, "one"]);
      expect(shown(yield* read(b))).toEqual([addressA.port, ""]);
    }));

  it("sends back what it has read to whoever sent it", () =>
    perform(function* () {
      const [[a], [b, addressB]] = [yield* opened(), yield* opened()];
      yield* sendTo(a, addressB, "echo");
      yield* write(b, yield* orExit(read(b)));
      expect(shown(yield* read(a))).toEqual([addressB.port, "echo"]);
    }));

  it("sends to a name", () =>
    perform(function* () {
      const [[a], [b, { port }]] = [yield* opened(), yield* opened()];
      expect(yield* sendTo(a, { host: "localhost", port }, "hello")).toBe("ok");
      expect(text((yield* orExit(read(b))).data)).toBe("hello");
    }));

  it("comes in active mode as data messages, once or a number of them", () =>
    perform(function* (self) {
      const [[a, addressA], [b, addressB]] = [yield* opened(), yield* opened()];
      yield* setActive(b, 2);
      for (const each of ["1", "2", "3"]) yield* sendTo(a, addressB, each);
      const received = [];
      for (let i = 0; i < 2; i++) {
        const message = yield* self.receive().after(1_000);
        if (isData(message)) received.push([message.port === b, shown(message.data)]);
      }
      expect(received).toEqual([
        [true, [addressA.port, "1"]],
        [true, [addressA.port, "2"]],
      ]);
      expect(yield* next(self)).toBe("passive");
      expect(text((yield* orExit(read(b))).data)).toBe("3");
    }));

  it("gives up reading after timeoutMs, and says closed when it is closed", () =>
    perform(function* (self) {
      const [socket] = yield* opened();
      expect(codeIn(yield* read(socket, { timeoutMs: 10 }))).toBe("timeout");
      const answers: unknown[] = [];
      const reader = spawn(function* () {
        answers.push(codeIn(yield* read(socket)));
      });
      const end = monitor(reader);
      while ((yield* orExit(portInfo(socket))).readers < 1) yield* self.sleep(1);
      expect(yield* close(socket)).toBe("ok");
      yield* self.receive(end);
      expect(answers).toEqual(["closed"]);
      expect(isAlive(socket)).toBe(false);
    }));

  it("counts bytes and datagrams", () =>
    perform(function* () {
      const [[a], [b, addressB]] = [yield* opened(), yield* opened()];
      yield* sendTo(a, addressB, "12345");
      yield* read(b);
      expect(yield* portInfo(a)).toMatchObject({ output: 5, input: 0 });
      expect(yield* portInfo(b)).toMatchObject({ output: 0, input: 5 });
      expect(yield* udpInfo(b)).toMatchObject({ received: 1, dropped: 0, waiting: 0 });
    }));

  it("drops what comes while as many wait as may, and counts it", () =>
    perform(function* (self) {
      const [[a], [b, addressB]] = [yield* opened(), yield* opened({ ...LOOPBACK, queueLengthMax: 3 })];
      for (let i = 0; i < 10; i++) yield* sendTo(a, addressB, String(i));
      let info = yield* orExit(udpInfo(b));
      for (; info.received + info.dropped < 10; info = yield* orExit(udpInfo(b))) yield* self.sleep(1);
      expect(info).toMatchObject({ received: 3, dropped: 7, waiting: 3 });
      const kept = [];
      for (let i = 0; i < 3; i++) kept.push(text((yield* orExit(read(b))).data));
      expect(kept).toEqual(["0", "1", "2"]);
      expect(codeIn(yield* read(b, { timeoutMs: 0 }))).toBe("timeout");
    }));

  it("belongs to its owner, ends with it, and can be handed over", () =>
    perform(function* (self) {
      const sockets: UdpSocket[] = [];
      const owner = spawn(function* (own) {
        const [socket] = yield* opened();
        sockets.push(socket);
        yield* own.receive();
      });
      while (sockets.length === 0) yield* self.sleep(1);
      const [socket] = sockets;
      if (socket === undefined) throw new Error("it was opened");
      expect(codeIn(yield* controllingProcess(socket, self))).toBe("not_owner");
      const end = monitor(socket);
      exit(owner, "kill");
      expect(yield* self.receive(end)).toMatchObject({ reason: "killed" });
      const [own] = yield* opened();
      const heir = spawn(function* (each) {
        yield* each.receive();
      });
      expect(yield* controllingProcess(own, heir)).toBe("ok");
      const ended = monitor(own);
      send(heir, "end" as never); // it takes anything
      yield* self.receive(ended);
    }));

  it("is an error where it cannot be opened", () =>
    perform(function* () {
      const [, address] = yield* opened();
      expect(codeIn(yield* openUdp(address))).toBe("eaddrinuse");
      expect(codeIn(yield* openUdp({ host: "192.0.2.1" }))).toBe("eaddrnotavail");
      expect(codeIn(yield* openUdp({ ...LOOPBACK, memberships: [{ group: "127.0.0.1" }] }))).toBe("einval");
    }));

  it("has an error for a datagram that the system refuses, and goes on", () =>
    perform(function* () {
      const [[a], [b, addressB]] = [yield* opened(), yield* opened()];
      expect(codeIn(yield* sendTo(a, addressB, new Uint8Array(70_000)))).toBe("emsgsize");
      expect(codeIn(yield* sendTo(a, { host: "no-such-name.invalid", port: 1 }, "x"))).toMatch(/enotfound|eai_again/);
      expect(codeIn(yield* sendTo(a, { host: "127.0.0.1", port: 0 }, "x"))).toBe("einval");
      // Only JavaScript can write these.
      for (const each of [null, 1, {}, { host: 1, port: "a", data: 2 }])
        expect(codeIn(yield* write(a, each as unknown as Datagram))).toBe("einval"); // as above
      expect(yield* sendTo(a, addressB, "still here")).toBe("ok");
      expect(text((yield* orExit(read(b))).data)).toBe("still here");
    }));

  it("gives each writer the answer to its own datagram", () =>
    perform(function* (self) {
      const [[a], [, addressB]] = [yield* opened(), yield* opened()];
      const answers: string[] = [];
      const writers = [addressB, { host: "no-such-name.invalid", port: 1 }, addressB].map((to, i) =>
        spawn(function* () {
          const answer = yield* sendTo(a, to, "x");
          answers[i] = isPortError(answer) ? "error" : answer;
        }),
      );
      for (const end of writers.map((each) => monitor(each))) yield* self.receive(end);
      expect(answers).toEqual(["ok", "error", "ok"]);
    }));

  it("is no stream: it has no lines", () =>
    perform(function* () {
      const [socket] = yield* opened();
      expect(codeIn(yield* readLine(socket))).toBe("einval");
    }));

  it("speaks with other programs' sockets", () =>
    perform(function* (self) {
      const [socket, { port }] = yield* opened();
      const peer = createSocket("udp4");
      const answer = new Promise((resolve) => peer.once("message", (bytes) => resolve(String(bytes))));
      peer.send("hello", port, "127.0.0.1");
      const datagram = yield* orExit(read(socket));
      yield* sendTo(socket, datagram, `you said ${String(text(datagram.data))}`);
      expect(yield* self.await(answer)).toBe("you said hello");
      yield* self.await(new Promise<void>((resolve) => peer.close(resolve)));
    }));
});

const interfaces = Object.values(networkInterfaces()).flat();
const hasIpv6 = interfaces.some((each) => each?.address === "::1");
const canJoin = interfaces.some((each) => each?.family === "IPv4" && !each.internal);

describe.skipIf(!hasIpv6)("IPv6, which this machine has where this is not skipped,", () => {
  it("is chosen by the host", () =>
    perform(function* () {
      const [a, address] = yield* opened({ host: "::1" });
      yield* sendTo(a, address, "hello");
      expect(yield* read(a)).toMatchObject({ host: "::1" });
    }));
});

describe.skipIf(!canJoin)("a group, for which the machine needs a network where this is skipped,", () => {
  it("reaches all who have joined it", () =>
    perform(function* () {
      const group = "239.255.77.77";
      const options = { reuseAddress: true, memberships: [{ group }] };
      const [a, { port }] = yield* opened(options);
      const [b] = yield* opened({ ...options, port });
      yield* orExit(sendTo(a, { host: group, port }, "to all"));
      for (const each of [a, b]) expect(text((yield* orExit(read(each, { timeoutMs: 2_000 }))).data)).toBe("to all");
    }));
});

describe("options that make no sense", () => {
  it.each([
    [{ port: -1 }, "port must be an integer from 0 to 65535"],
    [{ family: "ipv4" }, 'family must be "inet" or "inet6"'],
    [{ queueLengthMax: 0 }, "queueLengthMax must be an integer >= 1"],
    [{ multicastTtl: 256 }, "multicastTtl must be an integer from 0 to 255"],
    [{ active: "always" }, "active must be true"],
  ])("throw at once: %j", (options, message) => {
    expect(() => openUdp(options as UdpOptions)).toThrow(message); // the types refuse them, JavaScript does not
  });
});
