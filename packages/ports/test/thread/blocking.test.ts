import { exit, monitor, processes, processInfo, type Self, spawn } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { blocking, threadModule } from "../../src/index.ts";
import { codeIn, perform } from "../stage.ts";

const work = threadModule<typeof import("./fixtures/thread-work.ts")>(
  new URL("./fixtures/thread-work.ts", import.meta.url),
);

describe("a blocking call", () => {
  it("returns what the function returns, or its promise", () =>
    perform(function* () {
      expect(yield* blocking(work, "add", [20, 22])).toBe(42);
      expect(yield* blocking(work, "later", ["tea"])).toBe("tea");
    }));

  it("holds up nobody else", () =>
    perform(function* (self) {
      let turns = 0;
      const counter = spawn(function* (own: Self) {
        for (;;) {
          yield* own.sleep(1);
          turns++;
        }
      });
      expect(yield* blocking(work, "spin", [100])).toBe("done");
      expect(turns).toBeGreaterThan(10);
      exit(counter, "kill");
      yield* self.sleep(0);
    }));

  it("throws here what the function throws", () =>
    perform(function* () {
      let thrown: unknown;
      try {
        yield* blocking(work, "fail", ["too much"]);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(RangeError);
      expect(thrown).toMatchObject({ message: "too much" });
    }));

  it("is an error when its time is over, and the next call has a thread again", () =>
    perform(function* () {
      expect(codeIn(yield* blocking(work, "spin", [60_000], { timeoutMs: 30 }))).toBe("timeout");
      expect(yield* blocking(work, "add", [1, 2])).toBe(3);
    }));

  it("ends with its caller", () =>
    perform(function* (self) {
      const callers = Array.from({ length: 4 }, () =>
        spawn(function* () {
          yield* blocking(work, "spin", [60_000]);
        }),
      );
      const ends = callers.map((caller) => monitor(caller));
      yield* self.sleep(30);
      for (const caller of callers) exit(caller, "kill");
      for (const end of ends) yield* self.receive(end);
      expect(yield* blocking(work, "add", [1, 2], { timeoutMs: 5_000 })).toBe(3);
    }));

  it("is an error when the thread ends under it, and no other call suffers", () =>
    perform(function* () {
      expect(codeIn(yield* blocking(work, "leave", []))).toBe("thread_ended");
      expect(yield* blocking(work, "add", [1, 2])).toBe(3);
    }));

  it("is an error when the process that holds the threads ends, and the next one starts others", () =>
    perform(function* (self) {
      const answers: unknown[] = [];
      const caller = spawn(function* () {
        answers.push(codeIn(yield* blocking(work, "spin", [60_000])));
      });
      const end = monitor(caller);
      yield* self.sleep(50);
      for (const pid of processes()) if (processInfo(pid)?.initialCall === "threads") exit(pid, "kill");
      yield* self.receive(end);
      expect(answers).toEqual(["thread_ended"]);
      expect(yield* blocking(work, "add", [1, 2])).toBe(3);
    }));

  it("fails for what cannot cross", () =>
    perform(function* () {
      let thrown: unknown;
      try {
        yield* blocking(work, "makeFunction", []);
      } catch (error) {
        thrown = error;
      }
      expect(String(thrown)).toContain("could not be cloned");
    }));

  it("names what is missing", () =>
    perform(function* () {
      // What a program without types could ask for.
      const untyped = threadModule<Record<string, () => void>>(work.url);
      let thrown: unknown;
      try {
        yield* blocking(untyped, "answer", []);
      } catch (error) {
        thrown = error;
      }
      expect(String(thrown)).toMatch(/Cannot call answer as .*thread-work\.ts exports no such function/);
    }));
});
