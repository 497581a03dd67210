import {
  exit,
  getDefaultNode,
  isAlive,
  processInfo,
  type Self,
  send,
  spawn,
  Task,
  type TaskOutcome,
  type TaskStreamOptions,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, laboratory } from "../../laboratory.ts";
import { exitOf, forever, later, leftIn, live, NOTHING_LEFT, type Steps } from "./task-owner.ts";

describe("Task.asyncStream", () => {
  const slow = (n: number): Steps<number> => later(n * 10, (7 - n) * 15);

  function streamed(options: TaskStreamOptions, run: (n: number) => unknown = slow, traps = false): unknown {
    return live(
      function* () {
        return yield* Task.asyncStream([1, 2, 3, 4], run, options).collect();
      },
      { traps },
    );
  }

  it("gives results in the order of the items", () => {
    expect(streamed({ maxConcurrency: 3 })).toEqual([10, 20, 30, 40].map((value) => ({ type: "ok", value })));
  });

  it("or in the order of completion", () => {
    const values = streamed({ maxConcurrency: 4, ordered: false });
    expect(values).toEqual([40, 30, 20, 10].map((value) => ({ type: "ok", value })));
  });

  it.each([1, 2, 3, 9])("runs at most %i at once", (maxConcurrency) => {
    let [running, most] = [0, 0];
    const run = function* (n: number) {
      most = Math.max(most, ++running);
      yield* slow(n);
      running--;
    };
    streamed({ maxConcurrency }, run);
    expect(most).toBe(Math.min(maxConcurrency, 4));
  });

  it("starts nothing before it is asked, and asks the source for no more than it starts", () => {
    const taken: number[] = [];
    function* source(): Generator<number> {
      for (let n = 1; ; n++) {
        taken.push(n);
        yield n;
      }
    }
    const seen = live(function* (me) {
      const stream = Task.asyncStream(source(), (n) => n, { maxConcurrency: 2 });
      yield* me.sleep(1);
      const counts = [taken.length];
      yield* stream.next();
      counts.push(taken.length);
      yield* me.sleep(1);
      counts.push(taken.length);
      yield* stream.halt();
      return [counts, yield* stream.next(), leftIn(me)];
    });
    expect(seen).toEqual([[0, 2, 2], undefined, NOTHING_LEFT]);
  });

  it("an empty source gives no results and starts no process", () => {
    const { play, node } = laboratory();
    const body = function* () {
      const stream = Task.asyncStream<number, number>([], (n) => n, { maxConcurrency: 1 });
      return [yield* stream.next(), yield* stream.collect(), node.processCount];
    };
    expect(play(body)).toEqual([undefined, [], 1]);
  });

  it("a task that crashes ends a consumer that does not trap exits, and the other tasks", () => {
    const { run, platform, ends, node } = laboratory();
    const consumer = run(function* () {
      yield* Task.asyncStream([1, 2], (n) => (n === 1 ? forever() : exit("boom")), { maxConcurrency: 2 }).collect();
    });
    platform.advance(1);
    expect([ends.get(consumer), node.processCount]).toEqual(["boom", 0]);
  });

  it("is a result for one that traps exits, and leaves no Exit", () => {
    const seen = live(
      function* (me) {
        const stream = Task.asyncStream([1, 2], (n) => (n === 1 ? exit("boom") : n), { maxConcurrency: 1 });
        return [yield* stream.collect(), leftIn(me)];
      },
      { traps: true },
    );
    expect(seen).toEqual([
      [
        { type: "exit", reason: "boom" },
        { type: "ok", value: 2 },
      ],
      NOTHING_LEFT,
    ]);
  });

  it("zipInputOnExit tells which item it was", () => {
    const seen = streamed({ maxConcurrency: 2, zipInputOnExit: true }, (n) => (n === 3 ? exit("boom") : n), true);
    expect(seen).toMatchObject([{ value: 1 }, { value: 2 }, { type: "exit", reason: [3, "boom"] }, { value: 4 }]);
  });

  it("onTimeout kill_task makes a result of it", () => {
    const seen = streamed({ maxConcurrency: 4, timeoutMs: 70, onTimeout: "kill_task" });
    const timeout = { type: "exit", reason: "timeout" };
    expect(seen).toEqual([timeout, timeout, { type: "ok", value: 30 }, { type: "ok", value: 40 }]);
  });

  it("onTimeout exit ends the consumer and the tasks", () => {
    const { run, platform, node, ends } = laboratory();
    const why: unknown[] = [];
    const consumer = run(function* (me: Self) {
      const stream = Task.asyncStream([1, 2], slow, { maxConcurrency: 2, timeoutMs: 20 });
      why.push(yield* exitOf(stream.next()));
      why.push(leftIn(me), yield* stream.next(), node.processCount);
    });
    platform.advance(30);
    expect([why, ends.get(consumer)]).toEqual([[["timeout", "call", "stream"], NOTHING_LEFT, undefined, 1], "normal"]);
  });

  const ends: readonly (readonly [string, unknown])[] = [
    ["returns", "normal"],
    ["crashes", "boom"],
    ["is killed", "kill"],
  ];
  it.each(ends)("a consumer that %s takes its tasks along", (_name, reason) => {
    const { run, platform, node } = laboratory();
    const consumer = run(function* (me: Self<string>) {
      const stream = Task.asyncStream([1, 2, 3], (n) => (n === 1 ? n : forever()), { maxConcurrency: 2 });
      yield* stream.next();
      exit(yield* me.receive());
    });
    platform.advance(1);
    expect(node.processCount).toBe(3);
    if (reason === "kill") exit(consumer, "kill");
    else send(consumer, String(reason));
    platform.settle();
    expect(node.processCount).toBe(0);
  });

  it("a source that throws halts the stream", () => {
    function* source(): Generator<number> {
      yield 1;
      throw new Error("dry");
    }
    const seen = live(function* (me) {
      const stream = Task.asyncStream(source(), forever, { maxConcurrency: 2 });
      let message = "";
      try {
        yield* stream.next();
      } catch (error) {
        message = String(error);
      }
      return [message, leftIn(me), yield* stream.next()];
    });
    expect(seen).toEqual(["Error: dry", NOTHING_LEFT, undefined]);
  });

  it("halt closes the source", () => {
    let isClosed = false;
    function* source(): Generator<number> {
      try {
        for (;;) yield 1;
      } finally {
        isClosed = true;
      }
    }
    live(function* () {
      const stream = Task.asyncStream(source(), (n) => n, { maxConcurrency: 1 });
      yield* stream.next();
      yield* stream.halt();
    });
    expect(isClosed).toBe(true);
  });

  it("a guard that is killed ends the wait of a consumer that traps exits", () => {
    const seen = live(
      function* (me) {
        const stream = Task.asyncStream([1], forever, { maxConcurrency: 1 });
        const breaker = spawn(function* (own) {
          yield* own.sleep(5);
          const guard = processInfo(me)?.links[0];
          if (guard !== undefined) exit(guard, "kill");
        });
        const why = yield* exitOf(stream.next());
        return [why, leftIn(me), isAlive(breaker)];
      },
      { traps: true },
    );
    expect(seen).toEqual([["killed", "call", "stream"], NOTHING_LEFT, false]);
  });

  it("is for its consumer only", () => {
    const seen = live(function* () {
      const stream = Task.asyncStream([1, 2], (n) => n, { maxConcurrency: 1 });
      yield* stream.next();
      return yield* Task.await(Task.async(() => codeOf(() => stream.next()[Symbol.iterator]().next())));
    });
    expect(seen).toBe("ERR_BAD_ARGUMENT");
  });

  it.each([0, 1.5, Number.NaN])("maxConcurrency %d is refused", (maxConcurrency) => {
    expect(codeOf(() => Task.asyncStream([1], (n) => n, { maxConcurrency }))).toBe("ERR_BAD_ARGUMENT");
  });

  it("works in an async body with for await, and leaving the loop halts it", async () => {
    const results = await new Promise<unknown>((resolve) => {
      spawn(async () => {
        const seen: TaskOutcome<number>[] = [];
        for await (const result of Task.asyncStream([1, 2, 3], (n) => n * n, { maxConcurrency: 2 })) {
          seen.push(result);
          if (seen.length === 2) break;
        }
        resolve([seen, getDefaultNode().processCount]);
      });
    });
    expect(results).toEqual([
      [
        { type: "ok", value: 1 },
        { type: "ok", value: 4 },
      ],
      1,
    ]);
  });
});
