// What peers do to a port: nothing of it may reach anything but the port.

import { isAlive, monitor, type Self, spawn, TIMEOUT } from "@krarup/core";
import { connect as connectRaw, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import {
  accept,
  type Address,
  isPortError,
  listen,
  listenerInfo,
  orExit,
  type Port,
  read,
  readLine,
  setActive,
  type SocketOptions,
  write,
} from "../src/index.ts";
import type { Steps } from "../src/port/sequence.ts";
import { codeIn, next, perform, text } from "./stage.ts";

/** A port whose peer is a plain socket in the test's hands. */
function* withPeer(options: SocketOptions = {}): Steps<{ readonly port: Port; readonly peer: Socket }> {
  const listener = yield* orExit(listen({ host: "127.0.0.1", port: 0, ...options }));
  const { address } = yield* orExit(listenerInfo(listener));
  const peer = connectRaw(portOf(address), "127.0.0.1");
  peer.on("error", () => undefined);
  return { port: yield* orExit(accept(listener)), peer };
}

function portOf(address: Address): number {
  if ("port" in address) return address.port;
  throw new Error("it listens on a port");
}

describe("a peer that resets the connection", () => {
  it("is an error for who reads, and no more", () =>
    perform(function* () {
      const { port, peer } = yield* withPeer();
      peer.resetAndDestroy();
      expect(codeIn(yield* read(port))).toBe("econnreset");
      expect(isAlive(port)).toBe(false);
    }));

  it("is failed and closed for an owner in active mode", () =>
    perform(function* (self) {
      self.trapExit();
      const { port, peer } = yield* withPeer();
      yield* setActive(port, true);
      peer.resetAndDestroy();
      expect([yield* next(self), yield* next(self), yield* next(self)]).toEqual([
        ["failed", "econnreset"],
        "closed",
        ["EXIT", "normal"],
      ]);
    }));

  it("ends the waits of writers", () =>
    perform(function* (self) {
      const { port, peer } = yield* withPeer();
      const answers: unknown[] = [];
      const writer = spawn(function* () {
        let answer: unknown = "ok";
        while (answer === "ok") answer = yield* write(port, new Uint8Array(100_000));
        answers.push(codeIn(answer));
      });
      const end = monitor(writer);
      yield* self.sleep(50);
      expect(isAlive(writer)).toBe(true);
      peer.resetAndDestroy();
      yield* self.receive(end);
      expect(answers).toEqual([expect.stringMatching(/econnreset|epipe/)]);
    }));

  it("before it was accepted is an error of the accepted port at most", () =>
    perform(function* (self) {
      const listener = yield* orExit(listen({ host: "127.0.0.1", port: 0 }));
      const { address } = yield* orExit(listenerInfo(listener));
      const peer = connectRaw(portOf(address), "127.0.0.1");
      peer.on("error", () => undefined);
      while ((yield* orExit(listenerInfo(listener))).waiting < 1) yield* self.sleep(1);
      peer.resetAndDestroy();
      yield* self.sleep(5);
      const port = yield* accept(listener, { timeoutMs: 50 });
      expect(codeIn(isPortError(port) ? port : yield* read(port))).toMatch(/timeout|econnreset|closed/);
    }));
});

describe("a peer that takes its time", () => {
  it("makes one packet of single bytes", () =>
    perform(function* () {
      const { port, peer } = yield* withPeer({ framing: 4 });
      peer.setNoDelay(true);
      const frame = Uint8Array.of(0, 0, 0, 3, 97, 98, 99);
      for (const byte of frame) peer.write(Uint8Array.of(byte));
      expect(text(yield* read(port))).toBe("abc");
      peer.destroy();
    }));

  it("holds up nobody but its reader, and that one for timeoutMs", () =>
    perform(function* () {
      const { port, peer } = yield* withPeer();
      peer.write("never a newl");
      expect(codeIn(yield* readLine(port, { timeoutMs: 30 }))).toBe("timeout");
      expect(codeIn(yield* readLine(port, { timeoutMs: 0 }))).toBe("timeout");
      peer.destroy();
    }));
});

describe("a peer that announces too much", () => {
  it("is cut off before it is listened to", () =>
    perform(function* () {
      const { port, peer } = yield* withPeer({ framing: 4, packetBytesMax: 1_000 });
      peer.write(Uint8Array.of(255, 255, 255, 255));
      expect(codeIn(yield* read(port))).toBe("emsgsize");
      expect(isAlive(port)).toBe(false);
    }));

  it("in active mode is failed and closed", () =>
    perform(function* (self) {
      const { port, peer } = yield* withPeer({ framing: "line", packetBytesMax: 4 });
      peer.write("too long");
      yield* setActive(port, "once");
      expect([yield* next(self), yield* next(self)]).toEqual([["failed", "emsgsize"], "closed"]);
    }));
});

describe("a peer that floods", () => {
  it("is held up by a port that nobody reads", () =>
    perform(function* (self) {
      const { port, peer } = yield* withPeer();
      const block = new Uint8Array(1_000_000);
      for (let i = 0; i < 32; i++) peer.write(block);
      let before = -1;
      while (before !== peer.bytesWritten - peer.writableLength) {
        before = peer.bytesWritten - peer.writableLength;
        yield* self.sleep(30);
      }
      expect(before).toBeLessThan(32_000_000);
      expect(isAlive(port)).toBe(true);
      peer.destroy();
    }));

  it("does not keep others from their turns in active mode", () =>
    perform(function* (self) {
      const { port, peer } = yield* withPeer({ framing: "line" });
      peer.write("x\n".repeat(20_000));
      const counter = spawn(function* (own: Self) {
        for (;;) yield* own.yield();
      });
      yield* setActive(port, true);
      for (let i = 0; i < 20_000; i++) expect(yield* self.receive().after(1_000)).not.toBe(TIMEOUT);
      expect(isAlive(counter)).toBe(true);
      peer.destroy();
    }));
});
