import { exit } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { openIterable, orExit, read, readLine, setActive, write } from "../../src/index.ts";
import { codeIn, perform } from "../stage.ts";

/** Counts for ever; `log` tells what was asked of it. */
async function* counting(log: string[]): AsyncGenerator<number> {
  try {
    for (let i = 1; ; i++) {
      await Promise.resolve();
      log.push(`made ${i}`);
      yield i;
    }
  } finally {
    log.push("returned");
  }
}

describe("openIterable", () => {
  it("asks for a value when somebody wants one, and returns the iterator at the end", () =>
    perform(function* (self) {
      const log: string[] = [];
      const port = yield* orExit(openIterable(counting(log)));
      expect(log).toEqual([]);
      expect(yield* read(port)).toEqual({ type: "value", value: 1 });
      expect(yield* read(port)).toEqual({ type: "value", value: 2 });
      expect(log).toEqual(["made 1", "made 2"]);
      self.trapExit();
      exit(port, "kill");
      while (!log.includes("returned")) yield* self.sleep(1);
    }));

  it("sends messages under flow control", () =>
    perform(function* (self) {
      const log: string[] = [];
      const port = yield* orExit(openIterable(counting(log)));
      yield* setActive(port, 2);
      expect([yield* self.receive(), yield* self.receive(), yield* self.receive()]).toEqual([
        { type: "data", port, data: { type: "value", value: 1 } },
        { type: "data", port, data: { type: "value", value: 2 } },
        { type: "passive", port },
      ]);
      yield* self.sleep(5);
      expect(log).toEqual(["made 1", "made 2"]);
    }));

  it("is closed at the end, and says the code of an error", () =>
    perform(function* () {
      const one = yield* orExit(
        openIterable(
          (async function* () {
            yield await Promise.resolve("only");
          })(),
        ),
      );
      expect(yield* read(one)).toEqual({ type: "value", value: "only" });
      expect(codeIn(yield* read(one))).toBe("closed");
      const failing = (async function* (): AsyncGenerator<number> {
        yield await Promise.resolve(1);
        throw Object.assign(new Error("no more"), { code: "EIO" });
      })();
      const two = yield* orExit(openIterable(failing));
      yield* read(two);
      expect(codeIn(yield* read(two))).toBe("eio");
    }));

  it("cannot be written, nor read as bytes", () =>
    perform(function* () {
      const port = yield* orExit(openIterable(counting([])));
      // What is written would be a number.
      expect(codeIn(yield* write(port, 1))).toBe("epipe");
      expect(codeIn(yield* readLine(port))).toBe("einval");
    }));

  it("says err_not_sendable for a value that is no plain data, and returns the iterator", () =>
    perform(function* (self) {
      let isReturned = false;
      const functions = (async function* () {
        try {
          for (;;) yield await Promise.resolve(() => 1);
        } finally {
          isReturned = true;
        }
      })();
      const port = yield* orExit(openIterable(functions));
      expect(codeIn(yield* read(port))).toBe("err_not_sendable");
      while (!isReturned) yield* self.sleep(1);
    }));

  it("throws for what is no AsyncIterable", () => {
    // What a program without types could pass.
    expect(() => openIterable([] as never)).toThrow("must be an AsyncIterable");
  });
});
