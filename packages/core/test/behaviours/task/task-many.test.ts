import { type Exit, exit, isAlive, type Self, Task, TIMEOUT } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf } from "../../laboratory.ts";
import { forever, later, leftIn, live, NOTHING_LEFT } from "./task-owner.ts";

const ok = (value: unknown) => ({ type: "ok", value });

/** A quick task, a slow one, and one that fails. */
function three() {
  return [
    Task.async(later<string>, "slow", 100),
    Task.async(later<string>, "quick", 10),
    Task.async(() => exit("boom")),
  ];
}

function* withoutExits(me: Self<Exit>) {
  while ((yield* me.receive({ type: "EXIT" }).after(0)) !== TIMEOUT);
}

describe("Task.yieldMany", () => {
  it("gives what comes of each task, in the order of the tasks", () => {
    const seen = live(
      function* (me) {
        const outcomes = yield* Task.yieldMany(three());
        yield* withoutExits(me);
        return [outcomes, leftIn(me)];
      },
      { traps: true },
    );
    expect(seen).toEqual([[ok("slow"), ok("quick"), { type: "exit", reason: "boom" }], NOTHING_LEFT]);
  });

  it("leaves what is not known in time as undefined, and it may be asked for again", () => {
    const seen = live(
      function* () {
        const tasks = three();
        return [yield* Task.yieldMany(tasks, { timeoutMs: 50 }), yield* Task.yieldMany(tasks.slice(0, 1))];
      },
      { traps: true },
    );
    expect(seen).toEqual([[undefined, ok("quick"), { type: "exit", reason: "boom" }], [ok("slow")]]);
  });

  it("waits for no more outcomes than it is told to", () => {
    const seen = live(function* () {
      const tasks = [80, 10, 40].map((ms) => Task.async(later<number>, ms, ms));
      const one = yield* Task.yieldMany(tasks, { limit: 1 });
      const none = yield* Task.yieldMany(
        tasks.filter((_task, at) => at !== 1),
        { limit: 0, timeoutMs: 0 },
      );
      return [one, none];
    });
    expect(seen).toEqual([
      [undefined, ok(10), undefined],
      [undefined, undefined],
    ]);
  });

  it("kills or lets go those that take longer, and leaves nothing of them", () => {
    const seen = live(function* (me) {
      const [killed, ignored] = [Task.async(forever), Task.async(forever)];
      const outcomes = [
        yield* Task.yieldMany([killed], { timeoutMs: 10, onTimeout: "kill_task" }),
        yield* Task.yieldMany([ignored], { timeoutMs: 10, onTimeout: "ignore" }),
      ];
      return [outcomes, isAlive(killed.pid), isAlive(ignored.pid), leftIn(me)];
    });
    expect(seen).toEqual([[[undefined], [undefined]], false, true, NOTHING_LEFT]);
  });

  it("takes no task at all, and a task that is named twice", () => {
    const seen = live(function* () {
      const task = Task.async(() => 1);
      return [yield* Task.yieldMany([]), yield* Task.yieldMany([task, task])];
    });
    expect(seen).toEqual([[], [ok(1), ok(1)]]);
  });

  it("refuses a limit that is none", () => {
    const seen = live(function* () {
      const task = Task.async(() => 1);
      const steps = Task.yieldMany([task], { limit: -1 })[Symbol.iterator]();
      yield* Task.await(task);
      return codeOf(() => steps.next());
    });
    expect(seen).toBe("ERR_BAD_ARGUMENT");
  });
});
