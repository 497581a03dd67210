import { exit, isAlive, type Self, send } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { laboratory, type Laboratory } from "../laboratory.ts";

/** Lets promises that have settled run their continuations, and then the processes. */
async function quiet({ platform }: Laboratory): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await Promise.resolve();
    platform.settle();
  }
}

describe("self.await", () => {
  it("returns what the promise resolves to; messages stay", async () => {
    const lab = laboratory();
    const log: unknown[] = [];
    const pid = lab.run(function* (self: Self<string>) {
      log.push(yield* self.await(Promise.resolve(5)), yield* self.receive());
    });
    send(pid, "x");
    await quiet(lab);
    expect(log).toEqual([5, "x"]);
  });

  it("throws what it rejects with; uncaught it is the exit reason", async () => {
    const lab = laboratory();
    const pid = lab.run(function* (self: Self) {
      yield* self.await(Promise.reject(new RangeError("x")));
    });
    await quiet(lab);
    expect(lab.ends.get(pid)).toMatchObject({ name: "RangeError", message: "x" });
  });

  it("parks this process only", async () => {
    const lab = laboratory();
    const log: string[] = [];
    lab.run(function* (self: Self) {
      yield* self.await(new Promise(() => undefined));
    });
    lab.run(function* () {
      log.push("other");
    });
    await quiet(lab);
    expect(log).toEqual(["other"]);
  });

  it("drops a result that comes after the process has ended", async () => {
    const lab = laboratory();
    const { promise, resolve } = Promise.withResolvers<number>();
    const log: unknown[] = [];
    const pid = lab.run(function* (self: Self) {
      log.push(yield* self.await(promise));
    });
    exit(pid, "kill");
    resolve(1);
    await quiet(lab);
    expect(log).toEqual([]);
  });

  it("hands a function a signal that aborts when the process ends, with the reason", () => {
    const lab = laboratory();
    const aborts: unknown[] = [];
    const pid = lab.run(function* (self: Self) {
      yield* self.await((signal) => {
        signal.addEventListener("abort", () => aborts.push(signal.reason));
        return new Promise(() => undefined);
      });
    });
    expect(aborts).toEqual([]);
    exit(pid, "why");
    expect(aborts).toEqual(["why"]);
  });

  it("is not stopped by an abort listener that throws: everybody still hears of the end", () => {
    const lab = laboratory();
    const pid = lab.run(function* (self: Self) {
      yield* self.await((signal) => {
        signal.addEventListener("abort", () => {
          throw new Error("listener");
        });
        return new Promise(() => undefined);
      });
    });
    const strays: unknown[] = [];
    lab.node.subscribe(["stray"], (event) => {
      if (event.type === "stray") strays.push(event.error);
    });
    exit(pid, "x");
    expect([isAlive(pid), lab.node.processCount, strays]).toEqual([false, 0, [new Error("listener")]]);
  });

  it("takes a thenable that settles at once, or twice", () => {
    const { play } = laboratory();
    const thenable = {
      // A thenable is what is tested here.
      then(resolve: (value: number) => void) {
        resolve(1);
        resolve(2);
      },
    } as PromiseLike<number>;
    expect(
      play(function* (self: Self) {
        return yield* self.await(thenable);
      }),
    ).toBe(1);
  });

  it.each([undefined, 5, {}])("of %o, which is no promise, throws", (value) => {
    const { run, ends } = laboratory();
    expect(
      ends.get(
        run(function* (self: Self) {
          yield* self.await(value as never);
        }),
      ),
    ).toBeInstanceOf(TypeError);
  });
});
