import { exit, isAlive, link, monitor, processInfo, type Self, spawn, TIMEOUT } from "@krarup/core";
import { describe, expect, it } from "vitest";
import {
  close,
  closeWrite,
  controllingProcess,
  isPortError,
  orExit,
  type Port,
  portInfo,
  read,
  readExactly,
  readLine,
  setActive,
  write,
} from "../../src/index.ts";
import { codeIn, next, pair, perform, text } from "../stage.ts";

describe("reading by operation", () => {
  it("takes what has come, a number of bytes, or a line, in any order", () =>
    perform(function* () {
      const { client, server } = yield* pair();
      yield* write(client, "first\r\nsecond\nabcdef");
      expect(yield* readLine(server)).toBe("first");
      expect(yield* readLine(server)).toBe("second");
      expect(text(yield* readExactly(server, 4))).toBe("abcd");
      expect(text(yield* read(server))).toBe("ef");
    }));

  it("serves readers in the order in which they asked, and passes over one that has ended", () =>
    perform(function* (self) {
      const { client, server } = yield* pair();
      const lines: unknown[] = [];
      const reader = function* (_self: Self, name: string) {
        lines.push([name, yield* readLine(server)]);
      };
      const [first, second] = [spawn(reader, "first"), spawn(reader, "second")];
      const third = spawn(reader, "third");
      const ends = [monitor(second), monitor(third)];
      yield* self.sleep(5);
      exit(first, "kill");
      yield* write(client, "one\ntwo\n");
      for (const end of ends) yield* self.receive(end);
      expect(lines).toEqual([
        ["second", "one"],
        ["third", "two"],
      ]);
    }));

  it("gives up after timeoutMs, and loses nothing by that", () =>
    perform(function* () {
      const { client, server } = yield* pair();
      yield* write(client, "half");
      expect(codeIn(yield* readLine(server, { timeoutMs: 20 }))).toBe("timeout");
      yield* write(client, " and half\n");
      expect(yield* readLine(server)).toBe("half and half");
    }));

  it("is einval for a port in active mode", () =>
    perform(function* () {
      const { server } = yield* pair();
      yield* setActive(server, true);
      expect(codeIn(yield* read(server))).toBe("einval");
    }));

  it("delivers what came before the end, then says closed, and the port has ended", () =>
    perform(function* () {
      const { client, server } = yield* pair();
      yield* write(client, "a line\nno line");
      yield* close(client);
      expect(yield* readLine(server)).toBe("a line");
      expect(isAlive(server)).toBe(true);
      expect(yield* readLine(server)).toBe("no line");
      expect(codeIn(yield* readLine(server))).toBe("closed");
      expect(isAlive(server)).toBe(false);
      expect(codeIn(yield* readLine(server))).toBe("closed");
    }));

  it("refuses a line over the limit with emsgsize and closes", () =>
    perform(function* () {
      const { client, server } = yield* pair({ packetBytesMax: 10 });
      yield* write(client, "0123456789 and more");
      expect(codeIn(yield* readLine(server))).toBe("emsgsize");
      expect(isAlive(server)).toBe(false);
      expect(codeIn(yield* read(client))).toMatch(/closed|econnreset/);
    }));

  it("throws for a number of bytes that is none, and answers emsgsize to one that no message can carry", () =>
    perform(function* () {
      const { server } = yield* pair();
      expect(() => readExactly(server, 0)).toThrow("number of bytes must be an integer >= 1");
      expect(codeIn(yield* readExactly(server, 2 ** 30))).toBe("emsgsize");
    }));
});

describe("active modes", () => {
  it("once delivers one message and leaves the rest outside", () =>
    perform(function* (self) {
      const { client, server } = yield* pair({ framing: "line" });
      yield* write(client, "one\ntwo\n");
      yield* setActive(server, "once");
      expect(yield* next(self)).toEqual(["data", "one\n"]);
      expect(yield* self.receive().after(20)).toBe(TIMEOUT);
      yield* setActive(server, "once");
      expect(yield* next(self)).toEqual(["data", "two\n"]);
    }));

  it("a number delivers so many and then says passive", () =>
    perform(function* (self) {
      const { client, server } = yield* pair({ framing: 2 });
      const peer = yield* orExit(portInfo(client));
      expect(peer.active).toBe(false);
      for (const word of ["a", "b", "c"]) yield* write(client, Uint8Array.of(0, 1, word.charCodeAt(0)));
      yield* setActive(server, 2);
      expect([yield* next(self), yield* next(self), yield* next(self)]).toEqual([
        ["data", "a"],
        ["data", "b"],
        "passive",
      ]);
      expect(text(yield* read(server))).toBe("c");
    }));

  it("true delivers everything, then closed, and the port ends with normal", () =>
    perform(function* (self) {
      const { client, server } = yield* pair({ framing: "line", active: true });
      monitor(server);
      yield* write(client, "one\ntwo\n");
      yield* close(client);
      expect([yield* next(self), yield* next(self), yield* next(self), yield* next(self)]).toEqual([
        ["data", "one\n"],
        ["data", "two\n"],
        "closed",
        ["DOWN", "normal"],
      ]);
    }));

  it.each(["twice", 40_000])("%j is einval", (mode) =>
    perform(function* () {
      const { server } = yield* pair();
      // What a program without types could pass.
      expect(codeIn(yield* setActive(server, mode as number))).toBe("einval");
    }),
  );
});

describe("framing", () => {
  it.each([1, 2, 4] as const)("with a prefix of %d takes packets apart as they were put together", (framing) =>
    perform(function* () {
      const { client, server } = yield* pair({ framing });
      yield* write(server, "pong");
      const prefix = yield* orExit(readExactly(client, framing));
      expect([...prefix]).toEqual([0, 0, 0, 4].slice(-framing));
      for (const byte of [...prefix, 112, 105, 110, 103]) yield* write(client, Uint8Array.of(byte));
      expect(text(yield* read(server))).toBe("ping");
    }),
  );

  it("refuses to write what its prefix cannot count, and goes on", () =>
    perform(function* () {
      const { client, server } = yield* pair({ framing: 1 });
      expect(codeIn(yield* write(server, new Uint8Array(256)))).toBe("emsgsize");
      expect(yield* write(server, "x")).toBe("ok");
      expect([...(yield* orExit(readExactly(client, 2)))]).toEqual([1, 120]);
    }));
});

describe("the owner", () => {
  it("takes the port with it, however it ends", () =>
    perform(function* (self) {
      for (const reason of ["normal", "boom", "kill"]) {
        const holder = spawn(function* (own: Self<unknown>) {
          const { server } = yield* pair();
          own.setLabel(server);
          yield* own.receive();
          if (reason === "boom") exit("boom");
        });
        while (processInfo(holder)?.label === undefined) yield* self.sleep(1);
        // The body has set it.
        const port = processInfo(holder)?.label as Port;
        const end = monitor(port);
        exit(holder, reason === "kill" ? "kill" : "shutdown");
        yield* self.receive(end);
        expect(isAlive(port)).toBe(false);
      }
    }));

  it("hears of a port that was ended, by its link", () =>
    perform(function* (self) {
      self.trapExit();
      const { server } = yield* pair();
      exit(server, "boom");
      expect(yield* next(self)).toEqual(["EXIT", "boom"]);
    }));

  it("gets no exit signal for closing the port itself", () =>
    perform(function* (self) {
      self.trapExit();
      const { server } = yield* pair();
      yield* close(server);
      expect(yield* self.receive().after(20)).toBe(TIMEOUT);
    }));

  it("hands the port over with the messages that wait, in order", () =>
    perform(function* (self) {
      const { client, server } = yield* pair({ framing: "line", active: true });
      yield* write(client, "one\ntwo\n");
      while ((processInfo(self)?.messageQueueLength ?? 0) < 2) yield* self.sleep(1);
      const seen: unknown[] = [];
      const heir = spawn(function* (own: Self<unknown>) {
        for (let i = 0; i < 4; i++) seen.push(yield* next(own));
      });
      const end = monitor(heir);
      expect(yield* controllingProcess(server, heir)).toBe("ok");
      yield* write(client, "three\n");
      yield* close(client);
      yield* self.receive(end);
      expect(seen).toEqual([["data", "one\n"], ["data", "two\n"], ["data", "three\n"], "closed"]);
      expect(yield* self.receive().after(0)).toBe(TIMEOUT);
    }));

  it("alone may hand it over", () =>
    perform(function* (self) {
      const { server } = yield* pair();
      const answers: unknown[] = [];
      const thief = spawn(function* (own: Self) {
        answers.push(codeIn(yield* controllingProcess(server, own)));
      });
      yield* self.receive(monitor(thief));
      expect(answers).toEqual(["not_owner"]);
      expect((yield* orExit(portInfo(server))).owner).toBe(self);
    }));

  it("that hands it to a process that has ended, ends it", () =>
    perform(function* (self) {
      const { server } = yield* pair();
      const gone = spawn(() => undefined);
      yield* self.receive(monitor(gone));
      const end = monitor(server);
      expect(yield* controllingProcess(server, gone)).toBe("ok");
      yield* self.receive(end);
    }));
});

describe("writing", () => {
  it("waits while the peer does not read, and goes on when it does", () =>
    perform(function* (self) {
      const { client, server } = yield* pair();
      let written = 0;
      const block = new Uint8Array(256 * 1024);
      const writer = spawn(function* () {
        for (let i = 0; i < 64; i++) {
          if ((yield* write(client, block)) === "ok") written += block.length;
        }
      });
      const end = monitor(writer);
      for (let before = -1; before !== written;) {
        before = written;
        yield* self.sleep(30);
      }
      expect(written).toBeLessThan(64 * block.length);
      expect((yield* orExit(portInfo(client))).writers).toBe(1);
      let taken = 0;
      while (taken < 64 * block.length) taken += (yield* orExit(read(server))).length;
      yield* self.receive(end);
      expect(written).toBe(64 * block.length);
    }));

  it("is an error and no crash after the peer has gone", () =>
    perform(function* (self) {
      self.trapExit();
      const { client, server } = yield* pair();
      exit(server, "kill");
      let answer: unknown = "ok";
      for (let i = 0; i < 100 && answer === "ok"; i++) {
        answer = yield* write(client, "x");
        yield* self.sleep(1);
      }
      expect(codeIn(answer)).toMatch(/epipe|econnreset|closed/);
    }));

  it("can be closed alone: the peer sees the end and can still answer", () =>
    perform(function* () {
      const { client, server } = yield* pair({ exitOnClose: false });
      yield* write(client, "question");
      yield* closeWrite(client);
      expect(text(yield* read(server))).toBe("question");
      expect(codeIn(yield* read(server))).toBe("closed");
      expect(yield* write(server, "answer")).toBe("ok");
      yield* close(server);
      expect(text(yield* read(client))).toBe("answer");
    }));

  it("is flushed by close", () =>
    perform(function* () {
      const { client, server } = yield* pair();
      expect(yield* write(client, new Uint8Array(10_000))).toBe("ok");
      yield* close(client);
      let count = 0;
      for (let chunk = yield* read(server); !isPortError(chunk); chunk = yield* read(server)) count += chunk.length;
      expect(count).toBe(10_000);
    }));
});

describe("a port as a process", () => {
  it("can be linked and looked at like any other", () =>
    perform(function* (self) {
      const { server } = yield* pair();
      link(server);
      const info = processInfo(server);
      expect(info?.initialCall).toBe("tcp_socket");
      expect(info?.links).toEqual([self]);
      expect(String(info?.label)).toMatch(/^accepted on tcp 127\.0\.0\.1:\d+$/);
    }));

  it("counts what passes through it", () =>
    perform(function* () {
      const { client, server } = yield* pair();
      yield* write(client, "12345");
      yield* readExactly(server, 3);
      expect(yield* portInfo(client)).toMatchObject({ output: 5, input: 0 });
      expect(yield* portInfo(server)).toMatchObject({ output: 0, input: 5, buffered: 2 });
    }));
});
