import { exit, isAlive, monitor, type Self, spawn } from "@krarup/core";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { connect as connectRaw } from "node:net";
import { describe, expect, it } from "vitest";
import {
  accept,
  closeListener,
  connect,
  listen,
  listenerInfo,
  orExit,
  portInfo,
  read,
  readLine,
  write,
} from "../../src/index.ts";
import { codeIn, perform } from "../stage.ts";

/** More than Node's backlog of 511. */
const BURST = 800;
/** The first that the system lets pass before it tries again. */
const SECOND_ATTEMPT_MS = 1_000;
const SOMAXCONN = "/proc/sys/net/core/somaxconn";
const LOOPBACK = { host: "127.0.0.1", port: 0 };

describe("listen", () => {
  it("says where, when the system chose the port", () =>
    perform(function* () {
      const listener = yield* orExit(listen(LOOPBACK));
      const { address } = yield* orExit(listenerInfo(listener));
      expect(address).toEqual({ host: "127.0.0.1", port: expect.any(Number) });
    }));

  it("answers eaddrinuse, and leaves nothing behind", () =>
    perform(function* () {
      const listener = yield* orExit(listen(LOOPBACK));
      const { address } = yield* orExit(listenerInfo(listener));
      expect(codeIn(yield* listen(address))).toBe("eaddrinuse");
    }));

  it("ends with its owner", () =>
    perform(function* (self) {
      let address: { port: number; host?: string } | { path: string } = LOOPBACK;
      const owner = spawn(function* () {
        const listener = yield* orExit(listen(LOOPBACK));
        ({ address } = yield* orExit(listenerInfo(listener)));
      });
      yield* self.receive(monitor(owner));
      let answer: unknown;
      for (let i = 0; i < 50 && codeIn(answer) !== "econnrefused"; i++) answer = yield* connect(address);
      expect(codeIn(answer)).toBe("econnrefused");
    }));
});

/** Connections that the system holds back for one listener; 0 where it does not tell. */
const heldBackMax = existsSync(SOMAXCONN) ? Number(readFileSync(SOMAXCONN, "utf8")) : 0;

describe.skipIf(heldBackMax < BURST)(
  "a burst of connections, for which the system's own limit must be high enough,",
  () => {
    it("finds room at once, so that no client has to make a second attempt", () =>
      perform(function* (self) {
        const listener = yield* orExit(listen(LOOPBACK));
        const { address } = yield* orExit(listenerInfo(listener));
        if (!("port" in address)) throw new Error("it listens on a port");
        const { port } = address;
        const startMs = performance.now();
        // All of them before the event loop, and with it the listener, has its turn.
        const peers = Array.from({ length: BURST }, () => connectRaw(port, "127.0.0.1"));
        yield* self.await(Promise.all(peers.map((peer) => once(peer, "connect"))));
        expect(performance.now() - startMs).toBeLessThan(SECOND_ATTEMPT_MS);
        for (const peer of peers) peer.destroy();
      }));
  },
);

describe("accept", () => {
  it("gives the port to whoever accepts", () =>
    perform(function* (self) {
      const listener = yield* orExit(listen(LOOPBACK));
      const { address } = yield* orExit(listenerInfo(listener));
      const owners: unknown[] = [];
      const acceptor = spawn(function* () {
        const socket = yield* orExit(accept(listener));
        owners.push((yield* orExit(portInfo(socket))).owner);
        yield* write(socket, "done\n");
      });
      const client = yield* orExit(connect(address));
      expect(yield* readLine(client)).toBe("done");
      expect(codeIn(yield* readLine(client))).toBe("closed");
      expect(owners).toEqual([acceptor]);
      expect(isAlive(self)).toBe(true);
    }));

  it("serves acceptors in order and passes over one that was killed", () =>
    perform(function* (self) {
      const listener = yield* orExit(listen(LOOPBACK));
      const { address } = yield* orExit(listenerInfo(listener));
      const order: string[] = [];
      const acceptor = function* (_self: Self, name: string) {
        yield* orExit(accept(listener));
        order.push(name);
      };
      const [a, b] = [spawn(acceptor, "a"), spawn(acceptor, "b")];
      const c = spawn(acceptor, "c");
      const ends = [monitor(b), monitor(c)];
      while ((yield* orExit(listenerInfo(listener))).acceptors < 3) yield* self.sleep(1);
      exit(a, "kill");
      yield* orExit(connect(address));
      yield* orExit(connect(address));
      for (const end of ends) yield* self.receive(end);
      expect(order).toEqual(["b", "c"]);
    }));

  it("gives up after timeoutMs, and says closed when the listener closes", () =>
    perform(function* (self) {
      const listener = yield* orExit(listen(LOOPBACK));
      expect(codeIn(yield* accept(listener, { timeoutMs: 10 }))).toBe("timeout");
      const answers: unknown[] = [];
      const acceptor = spawn(function* () {
        answers.push(codeIn(yield* accept(listener)));
      });
      const end = monitor(acceptor);
      while ((yield* orExit(listenerInfo(listener))).acceptors < 1) yield* self.sleep(1);
      yield* closeListener(listener);
      yield* self.receive(end);
      expect(answers).toEqual(["closed"]);
      expect(yield* closeListener(listener)).toBe("ok");
    }));

  it("closes connections beyond those that may wait", () =>
    perform(function* (self) {
      const listener = yield* orExit(listen({ ...LOOPBACK, acceptQueueMax: 2 }));
      const { address } = yield* orExit(listenerInfo(listener));
      const clients = [];
      for (let i = 0; i < 3; i++) clients.push(yield* orExit(connect(address)));
      while ((yield* orExit(listenerInfo(listener))).refused < 1) yield* self.sleep(1);
      const [first, , last] = clients;
      if (first === undefined || last === undefined) throw new Error("there are three");
      expect(codeIn(yield* read(last))).toMatch(/closed|econnreset/);
      yield* write(yield* orExit(accept(listener)), "welcome\n");
      expect(yield* readLine(first)).toBe("welcome");
      expect(yield* listenerInfo(listener)).toMatchObject({ accepted: 1, refused: 1, waiting: 1 });
    }));
});
