import { exit, monitor, spawn } from "@krarup/core";
import { PassThrough, Readable, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { close, jsonLines, openStream, orExit, portInfo, read, readLine, write } from "../../src/index.ts";
import { codeIn, perform, text } from "../stage.ts";

async function* pieces(...texts: readonly string[]): AsyncGenerator<string> {
  for (const each of texts) yield await Promise.resolve(each);
}

describe("openStream", () => {
  it.each([
    ["a stream of Node", () => Readable.from([Buffer.from("o"), Buffer.from("ne\ntwo\n")], { objectMode: false })],
    [
      "a stream of Node with an encoding",
      () => Readable.from(["one\n", "two\n"], { objectMode: false }).setEncoding("utf8"),
    ],
    ["a web stream", () => new Blob(["one\ntwo\n"]).stream()],
    ["an AsyncIterable of texts", () => pieces("one\nt", "wo\n")],
  ])("reads %s to its end", (_what, make) =>
    perform(function* () {
      const port = yield* orExit(openStream({ source: make() }));
      expect(yield* readLine(port)).toBe("one");
      expect(yield* readLine(port)).toBe("two");
      expect(codeIn(yield* readLine(port))).toBe("closed");
    }),
  );

  it("takes framings as every port", () =>
    perform(function* () {
      const port = yield* orExit(openStream({ source: pieces('{"a":', "1}\n") }, { framing: jsonLines() }));
      expect(yield* read(port)).toEqual({ type: "value", value: { a: 1 } });
    }));

  it("asks an iterable for no more than is wanted", () =>
    perform(function* (self) {
      let made = 0;
      const source = (async function* () {
        for (;;) {
          made++;
          yield await Promise.resolve(new Uint8Array(100_000));
        }
      })();
      const port = yield* orExit(openStream({ source }));
      yield* self.sleep(10);
      const before = made;
      expect(before).toBeLessThan(5);
      for (let i = 0; i < 10; i++) yield* orExit(read(port));
      expect(made).toBeLessThan(before + 20);
    }));

  it("writes to a stream of Node and waits while it is full", () =>
    perform(function* (self) {
      const sink = new PassThrough({ highWaterMark: 4 });
      const port = yield* orExit(openStream({ sink }));
      expect(codeIn(yield* write(port, "a long text", { timeoutMs: 20 }))).toBe("timeout");
      expect((yield* orExit(portInfo(port))).output).toBe(11);
      expect(String(sink.read())).toBe("a long text");
      while (sink.writableNeedDrain) yield* self.sleep(1);
      expect(yield* write(port, "x")).toBe("ok");
    }));

  it("writes to a web stream, and closes it in order", () =>
    perform(function* (self) {
      const taken: unknown[] = [];
      let ended: () => void = () => undefined;
      const isClosed = new Promise<string>((resolve) => (ended = () => resolve("closed")));
      const sink = new WritableStream<Uint8Array>({
        write: (chunk) => void taken.push(text(chunk)),
        close: () => ended(),
      });
      const port = yield* orExit(openStream({ sink }));
      yield* write(port, "one");
      yield* close(port);
      expect(yield* self.await(isClosed)).toBe("closed");
      expect(taken).toEqual(["one"]);
    }));

  it("carries a Duplex both ways", () =>
    perform(function* () {
      const echo = new PassThrough();
      const port = yield* orExit(openStream({ source: echo, sink: echo }));
      yield* write(port, "echo");
      expect(text(yield* read(port))).toBe("echo");
    }));

  it("says the code of an error of the stream", () =>
    perform(function* () {
      const source = new Readable({ read: () => undefined });
      const port = yield* orExit(openStream({ source }));
      source.destroy(Object.assign(new Error("the line is bad"), { code: "EIO" }));
      expect(codeIn(yield* read(port))).toBe("eio");
    }));

  it("tells readers and writers when somebody else destroys the stream: a part does not look like the whole", () =>
    perform(function* (self) {
      const source = new PassThrough();
      const sink = new PassThrough({ highWaterMark: 1 });
      const port = yield* orExit(openStream({ source, sink }, { framing: "line" }));
      const answers: unknown[] = [];
      const writer = spawn(function* () {
        answers.push(codeIn(yield* write(port, "more than fits")));
      });
      const end = monitor(writer);
      source.write("half a li");
      yield* self.sleep(5);
      sink.destroy();
      yield* self.receive(end);
      expect(answers).toEqual(["epipe"]);
      source.destroy();
      expect(codeIn(yield* read(port))).toBe("err_stream_premature_close");
    }));

  it("lets go of both sides when its owner is killed", () =>
    perform(function* (self) {
      let isReturned = false;
      let abortedWith: unknown = "nothing yet";
      const source = (async function* (): AsyncGenerator<string> {
        try {
          for (;;) yield await Promise.resolve("x");
        } finally {
          isReturned = true;
        }
      })();
      const sink = new WritableStream<Uint8Array>({ abort: (reason) => void (abortedWith = reason) });
      const port = yield* orExit(openStream({ source, sink }));
      yield* read(port);
      const end = monitor(port);
      self.trapExit();
      exit(port, "kill");
      yield* self.receive(end);
      while (!isReturned || abortedWith === "nothing yet") yield* self.sleep(1);
    }));

  it("returns an error for a stream that is over", () =>
    perform(function* () {
      expect(codeIn(yield* openStream({ source: new PassThrough().destroy() }))).toBe("closed");
      const broken = new Writable()
        .on("error", () => undefined)
        .destroy(Object.assign(new Error("bad"), { code: "EIO" }));
      expect(codeIn(yield* openStream({ sink: broken }))).toBe("eio");
    }));

  it("throws for what is no such stream, or somebody else's", () => {
    const locked = new Blob(["x"]).stream();
    locked.getReader();
    expect(() => openStream({ source: locked })).toThrow("source must not be locked");
    expect(() => openStream({ source: new Readable({ objectMode: true }) })).toThrow("a stream of bytes");
    // What a program without types could pass.
    expect(() => openStream({ source: [] as never })).toThrow("AsyncIterable");
    expect(() => openStream({ sink: {} as never })).toThrow("writable stream"); // as above
  });
});
