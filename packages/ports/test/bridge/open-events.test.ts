import { exit, monitor, type Self, spawn } from "@krarup/core";
import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { openEvents, orExit, read, setActive } from "../../src/index.ts";
import { codeIn, perform } from "../stage.ts";

const first = { select: (...args: readonly unknown[]) => args[0] };

describe("openEvents", () => {
  it("has the events of an emitter, in order, each as it was when it happened", () =>
    perform(function* (self) {
      const emitter = new EventEmitter();
      const port = yield* orExit(openEvents(emitter, ["up", "down"], first));
      const mutable = { floor: 1 };
      emitter.emit("up", mutable);
      mutable.floor = 2;
      emitter.emit("down", mutable);
      expect(yield* read(port)).toEqual({ type: "event", name: "up", value: { floor: 1 } });
      yield* setActive(port, "once");
      expect(yield* self.receive()).toEqual({
        type: "data",
        port,
        data: { type: "event", name: "down", value: { floor: 2 } },
      });
    }));

  it("has the events of an EventTarget", () =>
    perform(function* () {
      const target = new EventTarget();
      const port = yield* orExit(
        openEvents(target, ["news"], { select: (event: CustomEvent<string>) => event.detail }),
      );
      target.dispatchEvent(new CustomEvent("news", { detail: "hello" }));
      expect(yield* read(port)).toEqual({ type: "event", name: "news", value: "hello" });
    }));

  it("drops what comes after queueMax, and says how many where they are missing", () =>
    perform(function* () {
      const emitter = new EventEmitter();
      const port = yield* orExit(openEvents(emitter, ["n"], { ...first, queueMax: 2 }));
      for (let i = 1; i <= 5; i++) emitter.emit("n", i);
      expect(yield* read(port)).toMatchObject({ value: 1 });
      emitter.emit("n", 6);
      expect(yield* read(port)).toMatchObject({ value: 2 });
      expect(yield* read(port)).toEqual({ type: "overflow", dropped: 3 });
      expect(yield* read(port)).toMatchObject({ value: 6 });
      for (let i = 7; i <= 9; i++) emitter.emit("n", i);
      expect(yield* read(port)).toMatchObject({ value: 7 });
      expect(yield* read(port)).toMatchObject({ value: 8 });
      expect(yield* read(port)).toEqual({ type: "overflow", dropped: 1 });
    }));

  it.each(["normal", "boom", "kill"])("removes its listeners when its owner ends with %s", (reason) =>
    perform(function* (self) {
      const emitter = new EventEmitter();
      const owner = spawn(function* (own: Self<"end">) {
        yield* orExit(openEvents(emitter, ["a", "b"], first));
        yield* own.receive();
        if (reason === "boom") exit("boom");
      });
      while (emitter.listenerCount("b") === 0) yield* self.sleep(1);
      const end = monitor(owner);
      exit(owner, reason === "kill" ? "kill" : "shutdown");
      yield* self.receive(end);
      while (emitter.eventNames().length > 0) yield* self.sleep(1);
    }),
  );

  it("throws nothing into the emitter: what cannot be sent ends the port, after what waits", () =>
    perform(function* () {
      const emitter = new EventEmitter();
      const port = yield* orExit(openEvents(emitter, ["n"], first));
      emitter.emit("n", 1);
      emitter.emit("n", () => 2);
      expect(emitter.listenerCount("n")).toBe(0);
      expect(yield* read(port)).toMatchObject({ value: 1 });
      expect(codeIn(yield* read(port))).toBe("err_not_sendable");
    }));

  it("throws for what emits nothing, and for options that make no sense", () => {
    // What a program without types could pass.
    expect(() => openEvents({} as never, ["n"], first)).toThrow("has on and off");
    expect(() => openEvents(new EventEmitter(), ["n"], { ...first, queueMax: 0 })).toThrow("queueMax must be");
    expect(() => openEvents(new EventEmitter(), ["n"], {} as never)).toThrow("select must be a function"); // as above
  });
});
