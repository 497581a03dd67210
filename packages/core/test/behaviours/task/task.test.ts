import {
  call,
  type Down,
  type Exit,
  exit,
  isAlive,
  type KernelEvent,
  processInfo,
  reply,
  type Request,
  type Self,
  self,
  send,
  spawn,
  Task,
  type TaskReply,
  TIMEOUT,
  waitingMessages,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, idle, laboratory } from "../../laboratory.ts";
import { exitOf, forever, later, leftIn, live, NOTHING_LEFT, type Steps } from "./task-owner.ts";

describe("Task.async and Task.await", () => {
  it("give the value of a plain, a generator and an operation's function", () => {
    const { play } = laboratory();
    const body = function* () {
      const server = spawn(function* (me: Self<Request<number, string>>) {
        reply((yield* me.receive()).from, "answer");
      });
      const plain = Task.async((n: number, m: number) => n + m, 1, 2);
      const waiting = Task.async(later, "late", 0);
      const asking = Task.async((to: typeof server) => call<number, string>(to, 1), server);
      const values = [yield* Task.await(plain), yield* Task.await(asking)];
      return [...values, (yield* Task.yield(waiting, 0)) ?? "not yet"];
    };
    expect(play(body)).toEqual([3, "answer", "not yet"]);
  });

  it("give the value of an async function", async () => {
    const value = Promise.resolve(4);
    const got = await new Promise((resolve) => {
      spawn(function* () {
        resolve(yield* Task.await(Task.async(async (n: number) => (await value) + n, 3)));
      });
    });
    expect(got).toBe(7);
  });

  it("run the function in a process of its own, with copies of the arguments", () => {
    const { play } = laboratory();
    const list = [1];
    const body = function* (me: Self) {
      const task = Task.async((given: number[]) => [given === list, self<never>() === me, given], list);
      return yield* Task.await(task);
    };
    expect(play(body)).toEqual([false, false, [1]]);
  });

  it("leave nothing behind, in whatever order tasks are awaited", () => {
    const { run, platform } = laboratory();
    const got: number[] = [];
    const owner = run(function* (me: Self<string>) {
      const tasks = [1, 2, 3].map((n) => Task.async(later<number>, n, n));
      for (const at of [2, 0, 1]) got.push(yield* Task.await(tasks[at] as Task<number>)); // there are three
      yield* me.receive("end");
    });
    platform.advance(10);
    expect([got, leftIn(owner)]).toEqual([[3, 1, 2], NOTHING_LEFT]);
  });

  it("leave other messages alone", () => {
    const { play } = laboratory();
    const body = function* (me: Self<string>) {
      send(me, "before");
      const task = Task.async(() => 1);
      yield* me.yield();
      send(me, "after");
      return [yield* Task.await(task), yield* me.receive(), yield* me.receive()];
    };
    expect(play(body)).toEqual([1, "before", "after"]);
  });

  it("end an owner that does not trap exits with the task's reason", () => {
    const { run, ends } = laboratory();
    const owner = run(function* (me) {
      Task.async(() => exit("boom"));
      yield* idle(me);
    });
    expect(ends.get(owner)).toBe("boom");
  });

  it("exit with the task's reason in an owner that traps, which gets the Exit too", () => {
    const seen = live(
      function* (me) {
        const task = Task.async(() => exit("boom"));
        const why = yield* exitOf(Task.await(task));
        return [why, (yield* me.receive()).reason, leftIn(me)];
      },
      { traps: true },
    );
    expect(seen).toEqual([["boom", "call", "await"], "boom", NOTHING_LEFT]);
  });

  it("exit with a thrown error, and with ERR_NOCATCH for a thrown value", () => {
    const reasons = live(
      function* () {
        const seen: unknown[] = [];
        for (const thrown of [new Error("oops"), "ball"]) {
          const task = Task.async(() => {
            throw thrown;
          });
          const outcome = yield* Task.yield(task);
          seen.push(outcome?.type === "exit" ? outcome.reason : outcome);
        }
        return seen;
      },
      { traps: true },
    );
    expect(reasons).toMatchObject([{ message: "oops" }, { code: "ERR_NOCATCH", value: "ball" }]);
  });

  it("exit with normal for a task that exits so, and the owner lives", () => {
    const seen = live(() => exitOf(Task.await(Task.async(() => exit("normal")))));
    expect(seen).toEqual(["normal", "call", "await"]);
  });

  it("end a task whose value cannot be sent, with ERR_NOT_SENDABLE", () => {
    const seen = live(
      function* () {
        return yield* Task.yield(Task.async(() => () => 1));
      },
      { traps: true },
    );
    expect(seen).toMatchObject({ type: "exit", reason: { code: "ERR_NOT_SENDABLE" } });
  });

  it("a time-out exits, does not stop the task, and its late reply vanishes", () => {
    const { run, platform } = laboratory();
    let why: unknown;
    let task: Task<string> | undefined;
    const owner = run(function* (me: Self<string>) {
      task = Task.async(later<string>, "late", 300);
      const wait = Task.await(task, 40);
      why = yield* exitOf(wait);
      yield* me.receive("end");
    });
    platform.advance(40);
    expect([why, task !== undefined && isAlive(task.pid)]).toEqual([["timeout", "call", "await"], true]);
    platform.advance(500);
    expect(leftIn(owner)).toEqual(NOTHING_LEFT);
  });

  it("are refused to others, to what is no task, and the second time", () => {
    const codes = live(function* () {
      const task = Task.async(() => 1);
      const wait = Task.await(task);
      const seen: unknown[] = [];
      spawn(function* () {
        yield* wait;
      });
      const asked = yield* Task.yield(
        Task.async((stranger: Task<number>) => codeOf(() => Task.await(stranger)[Symbol.iterator]().next()), task),
      );
      seen.push(asked, yield* Task.await(task));
      seen.push(codeOf(() => Task.await(task)[Symbol.iterator]().next()));
      seen.push(codeOf(() => Task.yield(task)[Symbol.iterator]().next()));
      return seen;
    });
    expect(codes).toEqual([{ type: "ok", value: "ERR_BAD_ARGUMENT" }, 1, "ERR_BAD_ARGUMENT", "ERR_BAD_ARGUMENT"]);
    expect(codeOf(() => Task.async(() => 1))).toBe("ERR_NOT_IN_PROCESS");
  });

  it("report a crash, and no orderly end", () => {
    const { node, run } = laboratory();
    const reasons: unknown[] = [];
    node.subscribe(["crash"], (event: KernelEvent) => {
      if (event.type === "crash") reasons.push([event.report.entry, event.report.reason]);
    });
    run(function* (me: Self<Exit>) {
      me.trapExit();
      for (const reason of ["boom", "shutdown", "normal"])
        Task.start(function named() {
          exit(reason);
        });
      yield* me.receive().after(0);
    });
    expect(reasons).toEqual([["named", "boom"]]);
  });
});

describe("an answer that nobody awaits", () => {
  it("is a message that carries the task's ref", () => {
    const { play } = laboratory();
    const body = function* (me: Self<TaskReply<string> | Down>) {
      const task = Task.async(() => "value");
      const message = yield* me.receive();
      return [message.ref === task.ref, message.type, message.type === "reply" && message.value];
    };
    expect(play(body)).toEqual([true, "reply", "value"]);
  });
});

describe("Task.awaitMany", () => {
  it("gives the values in the order of the tasks", () => {
    const seen = live(function* (me) {
      const values = yield* Task.awaitMany([Task.async(later<string>, "a", 80), Task.async(later<string>, "b", 1)]);
      return [values, leftIn(me)];
    });
    expect(seen).toEqual([["a", "b"], NOTHING_LEFT]);
  });

  it("takes a task that is named twice, and no task at all", () => {
    const seen = live(function* () {
      const task = Task.async(() => 1);
      return [yield* Task.awaitMany([task, task]), yield* Task.awaitMany([])];
    });
    expect(seen).toEqual([[1, 1], []]);
  });

  it("exits as soon as one fails, and what the others answer vanishes", () => {
    const { run, platform } = laboratory();
    let why: unknown;
    const owner = run(function* (me: Self<Exit>) {
      me.trapExit();
      why = yield* exitOf(Task.awaitMany([Task.async(later<number>, 1, 50), Task.async(() => exit("boom"))]));
      yield* me.receive({ type: "EXIT", reason: "boom" });
      yield* me.receive({ type: "EXIT", reason: "never" });
    });
    expect(why).toEqual(["boom", "call", "await_many"]);
    platform.advance(100);
    expect(leftIn(owner)).toMatchObject([[{ type: "EXIT", reason: "normal" }], 0, 0]);
  });

  it("exits with timeout, measured over all", () => {
    const seen = live(function* (me) {
      const tasks = [later<number>, later<number>].map((run, at) => Task.async(run, at, 60 * (at + 1)));
      const why = yield* exitOf(Task.awaitMany(tasks, 100));
      yield* me.sleep(100);
      return [why, leftIn(me)];
    });
    expect(seen).toEqual([["timeout", "call", "await_many"], NOTHING_LEFT]);
  });
});

describe("Task.yield", () => {
  it("may be repeated until the answer is there", () => {
    const seen = live(function* (me) {
      const task = Task.async(later<string>, "v", 100);
      return [yield* Task.yield(task, 60), yield* Task.yield(task, 60), leftIn(me)];
    });
    expect(seen).toEqual([undefined, { type: "ok", value: "v" }, NOTHING_LEFT]);
  });

  it("returns the reason of a task that failed", () => {
    const seen = live(
      function* (me) {
        return [yield* Task.yield(Task.async(() => exit("boom"))), (yield* me.receive()).reason];
      },
      { traps: true },
    );
    expect(seen).toEqual([{ type: "exit", reason: "boom" }, "boom"]);
  });
});

describe("Task.shutdown", () => {
  const cases: readonly (readonly [string, () => unknown, number | "brutal_kill", unknown])[] = [
    ["a task that waits", forever, 5000, undefined],
    ["a task that waits, brutally", forever, "brutal_kill", undefined],
    ["a task that has answered", () => later("v", 1), 5000, { type: "ok", value: "v" }],
    ["a task that has failed", () => exit("boom"), 5000, { type: "exit", reason: "boom" }],
    ["a task that does not listen", deaf, 20, { type: "exit", reason: "killed" }],
    ["a task that ends its own way", stubborn, 5000, { type: "exit", reason: "my way" }],
  ];

  function* deaf(): Steps<never> {
    self<Exit>().trapExit();
    return yield* forever();
  }

  function* stubborn(): Steps<never> {
    const me = self<Exit>();
    me.trapExit();
    yield* me.receive();
    return exit("my way");
  }

  it.each(cases)("of %s", (_name, run, how, expected) => {
    const seen = live(
      function* (me) {
        const task = Task.async(run);
        yield* me.sleep(10);
        const outcome = yield* Task.shutdown(task, how);
        return [outcome, isAlive(task.pid), processInfo(me)?.monitors.length, processInfo(me)?.links.length];
      },
      { traps: true },
    );
    expect(seen).toEqual([expected, false, 0, 0]);
  });

  it("does not end an owner that is linked and does not trap exits", () => {
    const seen = live(function* (me) {
      const outcome = yield* Task.shutdown(Task.async(forever), "brutal_kill");
      yield* me.sleep(1);
      return outcome ?? "lives";
    });
    expect(seen).toBe("lives");
  });

  it("of a task that was awaited says noproc", () => {
    const seen = live(function* (me) {
      const task = Task.async(() => 1);
      yield* Task.await(task);
      yield* me.sleep(1);
      return yield* Task.shutdown(task);
    });
    expect(seen).toEqual({ type: "exit", reason: "noproc" });
  });
});

describe("Task.ignore", () => {
  it("lets the task run on, unlinked, and nothing of it comes", () => {
    const seen = live(function* (me) {
      const task = Task.async(function* () {
        yield* self().sleep(10);
        exit("boom");
      });
      const known = yield* Task.ignore(task);
      const wasAlive = isAlive(task.pid);
      yield* me.sleep(20);
      return [known, wasAlive, isAlive(task.pid), leftIn(me)];
    });
    expect(seen).toEqual([undefined, true, false, NOTHING_LEFT]);
  });

  it("returns what is known already", () => {
    const seen = live(
      function* (me) {
        const [fine, failed] = [Task.async(() => 1), Task.async(() => exit("boom"))];
        yield* me.sleep(1);
        return [yield* Task.ignore(fine), yield* Task.ignore(failed), waitingMessages(me)?.length];
      },
      { traps: true },
    );
    expect(seen).toEqual([{ type: "ok", value: 1 }, { type: "exit", reason: "boom" }, 2]);
  });
});

describe("Task.start and Task.startLink", () => {
  it("tell nobody of a result", () => {
    const seen = live(function* (me) {
      Task.start(() => exit("boom"));
      Task.startLink((word: string) => word, "value");
      return yield* me.receive().after(10);
    });
    expect(seen).toBe(TIMEOUT);
  });

  it("startLink ties the two", () => {
    const seen = live(function* (me) {
      Task.startLink(() => exit("boom"));
      yield* me.sleep(10);
    });
    expect(seen).toEqual({ ended: "boom" });
    expect(codeOf(() => Task.startLink(() => 1))).toBe("ERR_NOT_IN_PROCESS");
  });
});

describe("whatever comes of tasks, in whatever order processes run", () => {
  const SEEDS = Array.from({ length: 40 }, (_, at) => at + 1);
  const WAYS = [() => 1, () => later(2, 10), () => later(3, 50), () => exit("boom"), forever] as const;

  /** Asks for tasks in one of the ways there are, some too early and some too late, and gives up whatever is left. */
  function* askAll(me: Self<Exit>, random: () => number): Steps<void> {
    const tasks = WAYS.map((run) => Task.async<[], unknown>(run));
    for (const task of tasks) {
      const timeoutMs = Math.floor(random() * 30);
      const known = random() < 0.5 ? yield* Task.yield(task, timeoutMs) : undefined;
      if (known !== undefined) continue;
      if (random() < 0.3) yield* exitOf(Task.await(task, timeoutMs));
      else yield* random() < 0.5 ? Task.ignore(task) : Task.shutdown(task, random() < 0.5 ? "brutal_kill" : timeoutMs);
    }
    yield* me.sleep(100);
    while ((yield* me.receive({ type: "EXIT" }).after(0)) !== TIMEOUT);
  }

  it.each(SEEDS)("no reply, no DOWN and no monitor is left (seed %i)", (seed) => {
    const { run, platform } = laboratory({ platform: { seed, shuffle: true } });
    const left: unknown[] = [];
    run(function* (me: Self<Exit>) {
      me.trapExit();
      yield* askAll(me, platform.random);
      left.push(waitingMessages(me), processInfo(me)?.monitors.length);
    });
    platform.advance(1000);
    expect(left).toEqual([[], 0]);
  });
});
