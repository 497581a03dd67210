// Theme elixir: tasks.

import { exit, isAlive, processInfo, self, Task, type TaskOutcome } from "@krarup/core";
import { TaskSupervisor } from "@krarup/supervisor";
import { caught, raiseError, throwValue } from "../stage/exceptions.ts";
import { drain, type Lab, type Scenarios, waitForever } from "../stage/lab.ts";
import type { Puppet } from "../stage/puppet.ts";
import type { Action, Step } from "../stage/step.ts";

export const tasks: Scenarios = {
  *ex_task_await(lab) {
    const c = yield* lab.puppet();
    yield* logAwait(
      lab,
      "await",
      c,
      awaitOf(() => ["result", 1]),
    );
    yield* lab.outcome("c", c);
    lab.log("s", "monitors", processInfo(c.pid)?.monitors.length);
    lab.log("s", "links", processInfo(c.pid)?.links.length);
    yield* logAwait(lab, "await_many", c, function* () {
      const [one, two, three] = [Task.async(() => 1), Task.async(() => 2), Task.async(() => 3)];
      return [yield* Task.await(three), yield* Task.await(one), yield* Task.await(two)];
    });
    yield* logAwait(lab, "await_list", c, function* () {
      return yield* Task.awaitMany([Task.async(after, 80, "a"), Task.async(() => "b")]);
    });
    yield* lab.outcome("c", c);
    yield* lab.killSilently(c);
  },

  *ex_task_crash_is_linked(lab) {
    const c = yield* lab.puppet();
    c.begins(function* (own) {
      Task.async(() => exit("boom"));
      yield* waitForever(own);
    });
    yield* lab.outcome("c", c);
    const failures = [() => exit("boom"), () => raiseError("oops"), () => throwValue("ball")];
    for (const [at, fail] of failures.entries()) {
      const role = at === 0 ? "t" : `t${at + 1}`;
      const t = yield* lab.puppet({ trapsExits: true });
      lab.log(role, "await", yield* t.does((own) => caught(own, awaitOf(fail))));
      yield* lab.outcome(role, t);
      yield* lab.killSilently(t);
    }
  },

  *ex_task_await_timeout(lab) {
    const c = yield* lab.puppet();
    let task: Task<string> | undefined;
    const failed = yield* c.does((own) =>
      caught(own, function* () {
        task = Task.async(after, 300, "late");
        return yield* Task.await(task, 40);
      }),
    );
    lab.log("c", "await", failed);
    lab.log("s", "task_alive", task !== undefined && isAlive(task.pid));
    lab.log("s", "monitors", processInfo(c.pid)?.monitors.length);
    yield* lab.sleep(500);
    lab.log("c", "mail", yield* c.does(drain));
    yield* lab.killSilently(c);
  },

  *ex_task_unlinked_async(lab) {
    const supervisor = yield* TaskSupervisor.startLink();
    const c = yield* lab.puppet();
    const failed = yield* c.does((own) =>
      caught(own, function* () {
        return yield* Task.await(yield* TaskSupervisor.asyncNolink(supervisor, () => exit("boom")));
      }),
    );
    lab.log("c", "await", failed);
    yield* lab.outcome("c", c);
    yield* logAwait(lab, "await", c, function* () {
      return yield* Task.await(yield* TaskSupervisor.asyncNolink(supervisor, () => "v"));
    });
    yield* c.does(function* () {
      yield* TaskSupervisor.asyncNolink(supervisor, () => exit("quiet"));
    });
    yield* lab.outcome("c", c);
    lab.log("s", "children", (yield* TaskSupervisor.children(supervisor)).length);
    const d = yield* lab.puppet();
    d.begins(function* (own) {
      yield* TaskSupervisor.async(supervisor, () => exit("linked_boom"));
      yield* waitForever(own);
    });
    yield* lab.outcome("d", d);
  },

  *ex_task_stream_order_and_limit(lab) {
    let [running, most] = [0, 0];
    const counted = function* (n: number): Step<number> {
      most = Math.max(most, ++running);
      yield* self().sleep((7 - n) * 15);
      running--;
      return n * 10;
    };
    lab.log("s", "ordered", yield* collected([1, 2, 3, 4, 5, 6], counted, 2, true));
    lab.log("s", "max_running", most);
    const waits = { a: 400, b: 200, c: 20 };
    const slowly = (name: "a" | "b" | "c"): Step<string> => after(waits[name], name);
    lab.log("s", "unordered", yield* collected(["a", "b", "c"], slowly, 3, false));
    const logged = (n: number): number => {
      lab.log("task", "run", n);
      return n;
    };
    lab.log("s", "serial", yield* collected([1, 2, 3], logged, 1, true));
  },
};

function* after<T>(ms: number, value: T): Step<T> {
  yield* self().sleep(ms);
  return value;
}

/** The action of starting a task and awaiting it. */
function awaitOf(run: () => unknown): Action<unknown> {
  return function* () {
    return yield* Task.await(Task.async(run));
  };
}

function* logAwait(lab: Lab, step: string, c: Puppet, action: Action<unknown>): Step<void> {
  lab.log("c", step, yield* c.does(action));
}

/** The results of a stream, as Elixir writes them. */
function* collected<I>(
  items: readonly I[],
  run: (item: I) => unknown,
  maxConcurrency: number,
  ordered: boolean,
): Step<unknown[]> {
  const results = yield* Task.asyncStream(items, run, { maxConcurrency, ordered }).collect();
  return results.map((result: TaskOutcome<unknown>) => [
    result.type,
    result.type === "ok" ? result.value : result.reason,
  ]);
}
