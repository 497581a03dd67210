import {
  type AnyPid,
  type Down,
  type Exit,
  exit,
  ExitException,
  isAlive,
  monitor,
  type Operation,
  processInfo,
  type Self,
  self,
  spawn,
  type Suspension,
  Task,
  waitingMessages,
} from "@krarup/core";
import { DynamicSupervisor, type DynamicSupervisorPid, TaskSupervisor } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { Stage } from "./stage.ts";

type Steps<T> = Generator<Suspension, T, void>;

function* forever(): Steps<never> {
  for (;;) yield* self().sleep(1_000_000);
}

/** What `body` returns, in a process with a supervisor of its own. */
function withTasks<T>(
  body: (tasks: DynamicSupervisorPid, me: Self<Exit>) => Steps<T>,
  { traps = false, maxChildren = 9 } = {},
): T {
  return new Stage().ask(function* () {
    const me = self<Exit>();
    if (traps) me.trapExit();
    const tasks = yield* TaskSupervisor.startLink({ maxChildren });
    return yield* body(tasks, me);
  });
}

describe("TaskSupervisor.asyncNolink", () => {
  it("gives the value, and the child is gone", () => {
    const seen = withTasks(function* (tasks, me) {
      const task = yield* TaskSupervisor.asyncNolink(tasks, (a: number, b: number) => a + b, 1, 2);
      const value = yield* Task.await(task);
      yield* me.yield();
      return [value, yield* TaskSupervisor.children(tasks), processInfo(me)?.monitors.length, waitingMessages(me)];
    });
    expect(seen).toEqual([3, [], 0, []]);
  });

  it("a crash is the answer and ends nobody", () => {
    const seen = withTasks(function* (tasks, me) {
      const task = yield* TaskSupervisor.asyncNolink(tasks, () => exit("boom"));
      const outcome = yield* Task.yield(task);
      return [outcome, isAlive(tasks), waitingMessages(me), processInfo(me)?.links.length];
    });
    expect(seen).toEqual([{ type: "exit", reason: "boom" }, true, [], 1]);
  });

  it("takes its arguments as they are when it is asked", () => {
    const seen = withTasks(function* (tasks) {
      const list = [1];
      const starting = TaskSupervisor.asyncNolink(tasks, (given: number[]) => given, list);
      list.push(2);
      return yield* Task.await(yield* starting);
    });
    expect(seen).toEqual([1]);
  });

  it("refuses more than the supervisor may have", () => {
    const seen = withTasks(
      function* (tasks) {
        yield* TaskSupervisor.asyncNolink(tasks, forever);
        try {
          yield* TaskSupervisor.asyncNolink(tasks, forever);
        } catch (error) {
          return error;
        }
        return "started";
      },
      { maxChildren: 1 },
    );
    expect(seen).toMatchObject({ code: "ERR_SYSTEM_LIMIT" });
  });
});

describe("TaskSupervisor.async", () => {
  it("links the task to its owner and to the supervisor", () => {
    const seen = withTasks(
      function* (tasks, me) {
        const task = yield* TaskSupervisor.async(tasks, forever);
        const links = processInfo(task.pid)?.links;
        exit(task.pid, "boom");
        const message = yield* me.receive({ type: "EXIT" });
        return [links?.includes(me), links?.includes(tasks), message.reason, yield* Task.yield(task), isAlive(tasks)];
      },
      { traps: true },
    );
    expect(seen).toEqual([true, true, "boom", { type: "exit", reason: "boom" }, true]);
  });

  it("of an owner that has ended starts nothing", () => {
    const seen = withTasks(function* (tasks, me) {
      const owner = spawn(function* () {
        yield* TaskSupervisor.async(tasks, forever);
      });
      exit(owner, "kill");
      yield* me.yield();
      return yield* TaskSupervisor.children(tasks);
    });
    expect(seen).toEqual([]);
  });
});

describe("TaskSupervisor.startChild", () => {
  it("runs the function for its effects; children lists it, terminateChild ends it", () => {
    const seen = withTasks(function* (tasks) {
      const started = yield* TaskSupervisor.startChild(tasks, forever);
      const pid: AnyPid = started.type === "ok" ? started.pid : tasks;
      const listed = (yield* TaskSupervisor.children(tasks)).map((child) => child === pid);
      return [listed, yield* TaskSupervisor.terminateChild(tasks, pid), isAlive(pid)];
    });
    expect(seen).toEqual([[true], "ok", false]);
  });

  it.each([
    ["temporary", 1],
    ["transient", 2],
  ] as const)("startChildOpt: a %s task that crashes once runs %i times", (restart, times) => {
    let runs = 0;
    withTasks(function* (tasks, me) {
      const crashOnce = (): void => {
        if (++runs === 1) exit("boom");
      };
      yield* TaskSupervisor.startChildOpt(tasks, crashOnce, [], { restart });
      for (let turns = 0; turns < 5; turns++) yield* me.yield();
      return yield* DynamicSupervisor.countChildren(tasks);
    });
    expect(runs).toBe(times);
  });
});

describe("a task that is started again", () => {
  it("gets its arguments as they were", () => {
    const seen: number[] = [];
    withTasks(function* (tasks, me) {
      const grow = (list: number[]): void => {
        seen.push(list.push(0));
        if (seen.length === 1) exit("boom");
      };
      yield* TaskSupervisor.startChildOpt(tasks, grow, [[]], { restart: "transient" });
      for (let turns = 0; turns < 5; turns++) yield* me.yield();
    });
    expect(seen).toEqual([1, 1]);
  });
});

describe("the end of a task supervisor", () => {
  it("ends its tasks", () => {
    const stage = new Stage();
    const { pid } = stage.tryStart(() => TaskSupervisor.startLink());
    if (pid === undefined) throw new Error("not started");
    const before = stage.node.processCount;
    stage.ask(() => TaskSupervisor.startChild(pid, forever));
    expect(stage.node.processCount).toBe(before + 1);
    stage.signalFromParent(pid, "shutdown");
    expect(stage.state(pid)).toBe("shutdown");
    expect(stage.node.processCount).toBe(before - 1);
  });
});

describe("TaskSupervisor.asyncStreamNolink", () => {
  it("gives results in order; crashes are among them and end nobody", () => {
    const seen = withTasks(function* (tasks, me) {
      const half = (n: number) => (n % 2 === 0 ? n / 2 : exit(["odd", n]));
      const results = yield* TaskSupervisor.asyncStreamNolink(tasks, [2, 3, 4], half, { maxConcurrency: 2 }).collect();
      return [results, yield* TaskSupervisor.children(tasks), waitingMessages(me), processInfo(me)?.links.length];
    });
    const odd = { type: "exit", reason: ["odd", 3] };
    expect(seen).toEqual([[{ type: "ok", value: 1 }, odd, { type: "ok", value: 2 }], [], [], 1]);
  });

  it("starts its tasks under the supervisor, and kills them when it is halted", () => {
    const seen = withTasks(function* (tasks) {
      const stream = TaskSupervisor.asyncStreamNolink(tasks, [0, 1, 2, 3], work, { maxConcurrency: 3 });
      function work(n: number): Steps<never> | number {
        return n === 0 ? n : forever();
      }
      yield* stream.next();
      const running = yield* TaskSupervisor.children(tasks);
      yield* stream.halt();
      return [running.length, running.map((pid) => isAlive(pid)), isAlive(tasks)];
    });
    expect(seen).toEqual([2, [false, false], true]);
  });

  it("fails when the supervisor takes no more children, or is not there, and leaves no task behind", () => {
    const seen = withTasks(
      function* (tasks, me) {
        const stream = TaskSupervisor.asyncStreamNolink(tasks, [1, 2], forever, { maxConcurrency: 2 });
        const full = yield* reasonOf(stream.next());
        const nobody = TaskSupervisor.asyncStreamNolink("nobody", [1], forever, { maxConcurrency: 1 });
        const missing = yield* reasonOf(nobody.next());
        yield* me.yield();
        return [full, missing, yield* TaskSupervisor.children(tasks), waitingMessages(me)];
      },
      { maxChildren: 1, traps: true },
    );
    expect(seen).toEqual(["ERR_SYSTEM_LIMIT", "noproc", [], []]);
  });
});

describe("TaskSupervisor.asyncStream", () => {
  it("ends the consumer with a task that crashes, unless it traps exits", () => {
    const seen = withTasks(function* (tasks, me) {
      const consumer = spawn(function* () {
        yield* TaskSupervisor.asyncStream(tasks, [1, 2], crashesAt2, { maxConcurrency: 2 }).collect();
      });
      function crashesAt2(n: number): number {
        return n === 2 ? exit("boom") : n;
      }
      const ref = monitor(consumer);
      const { reason } = (yield* me.receive(ref)) as Down;
      me.trapExit();
      const results = yield* TaskSupervisor.asyncStream(tasks, [1, 2], crashesAt2, { maxConcurrency: 2 }).collect();
      return [reason, results, isAlive(tasks)];
    });
    expect(seen).toEqual([
      "boom",
      [
        { type: "ok", value: 1 },
        { type: "exit", reason: "boom" },
      ],
      true,
    ]);
  });
});

/** Why `operation` fails: the word, or the code of an error. */
function* reasonOf(operation: Operation<unknown>): Steps<unknown> {
  try {
    yield* operation;
  } catch (thrown) {
    if (!(thrown instanceof ExitException)) throw thrown;
    // A failed stream exits with [why, CallInfo].
    const [why] = thrown.reason as [unknown];
    const reason = Array.isArray(why) ? why[0] : why;
    return typeof reason === "object" && reason !== null && "code" in reason ? reason.code : reason;
  }
  return "no failure";
}
