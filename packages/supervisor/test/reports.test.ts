import {
  type CrashSupervision,
  type Down,
  jsonEvent,
  type LogEvent,
  logger,
  monitor,
  type Self,
  send,
  spawnOpt,
} from "@krarup/core";
import { DynamicSupervisor, Supervisor } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { Stage } from "./stage.ts";

/** Everything that `stage` logs, except progress. */
function logOf(stage: Stage): LogEvent[] {
  const events: LogEvent[] = [];
  stage.ask(function* () {
    logger.addHandler("array", { log: (event) => void events.push(event) });
  });
  return events;
}

function supervised(supervision: CrashSupervision | undefined): unknown {
  if (supervision === undefined) return "alone";
  const { supervisor, decision, restartedAs } = supervision;
  return { supervisor, decision, as: restartedAs === undefined ? "nobody" : String(restartedAs) };
}

/** The types of events, and what is told of supervision. */
function told(events: LogEvent[]): unknown[] {
  return events.splice(0).map(({ message }) => {
    if (message.type === "crash") return supervised(message.supervision);
    return message.type === "report" ? message.report.label : message.type;
  });
}

const COUNT = { intensity: 1, periodMs: 10_000 };

describe("the crash of a child", () => {
  it("is told once, with the decision and who has taken its place", () => {
    const stage = new Stage();
    const events = logOf(stage);
    stage.start({ name: "root", intensity: 1, children: stage.children("a b") });
    stage.crash("b");
    const decision = { do: "restart", strategy: "one_for_one", restarts: 1, ...COUNT };
    expect(told(events)).toEqual([{ supervisor: "root", decision, as: String(stage.pid("b")) }]);
    stage.crash("a");
    expect(told(events)).toEqual([
      { supervisor: "root", decision: { do: "give_up", restarts: 2, ...COUNT }, as: "nobody" },
      "shutdown",
    ]);
  });

  it("is told with a wait, or with the reason why nobody takes its place", () => {
    const stage = new Stage();
    const events = logOf(stage);
    const backOff = { minMs: 200, jitter: 0 };
    const children = [stage.child("t", { restart: "temporary" }), stage.child("w", { backOff })];
    stage.start({ name: "root", children });
    stage.crash("t");
    stage.crash("w");
    expect(told(events)).toMatchObject([
      { decision: { do: "forget", restart: "temporary" } },
      { decision: { do: "restart_later", delayMs: 200 } },
    ]);
  });

  it("names the child that takes its place among those of its group", () => {
    const stage = new Stage();
    const events = logOf(stage);
    stage.start({ strategy: "one_for_all", children: stage.children("a b c") });
    stage.crash("b");
    expect(told(events)).toMatchObject([{ decision: { strategy: "one_for_all" }, as: String(stage.pid("b")) }]);
  });

  it("is told before the failed start of its successor, and before what goes wrong with siblings", () => {
    const stage = new Stage();
    const events = logOf(stage);
    const attempt = (number: number) => (number === 2 ? { no: "door" } : "up");
    stage.start({ children: [stage.child("a", { attempt })] });
    stage.crash("a");
    // The second start crashes as well, and that is part of no restart.
    expect(told(events)).toMatchObject([{ decision: { restarts: 1 }, as: "nobody" }, "alone", "start_error"]);
    const siblings = [stage.child("b"), stage.child("c", { shutdown: 100, terminateMs: 200 })];
    stage.start({ strategy: "one_for_all", children: siblings });
    stage.crash("b");
    stage.advance(1_000);
    expect(told(events)).toMatchObject([{ decision: { restarts: 1 }, as: "nobody" }, "shutdown_error"]);
  });

  it("is told at once when the supervisor is busy with another child, and its decision later", () => {
    const stage = new Stage();
    const events = logOf(stage);
    const children = [stage.child("a"), stage.child("b", { shutdown: 500, terminateMs: 200 })];
    const supervisor = stage.start({ children });
    const stopping = () => Supervisor.terminateChild(supervisor, "b");
    expect(() => stage.ask(stopping)).toThrow("no answer yet");
    stage.crash("a");
    expect(told(events)).toEqual(["alone"]);
    stage.advance(1_000);
    expect(told(events)).toEqual(["child_terminated"]);
  });

  it("is told of dynamic children, in JSON, and of many at once", () => {
    const stage = new Stage();
    const events = logOf(stage);
    stage.tryStart(() => DynamicSupervisor.startLink({ intensity: 9, name: "calls" }));
    for (const id of ["k", "l"]) stage.ask(() => DynamicSupervisor.startChild("calls", stage.anonymous(id)));
    for (const id of ["k", "l"]) send(stage.pid(id), { do: "exit", reason: id });
    stage.settle();
    const lines: unknown[] = events.map((event) => JSON.parse(jsonEvent(event)));
    expect(lines).toMatchObject([
      { type: "crash", crash: { reason: "k" }, supervision: { restartedAs: String(stage.pid("k")), restarts: 1 } },
      { type: "crash", crash: { reason: "l" }, supervision: { restartedAs: String(stage.pid("l")), restarts: 2 } },
    ]);
  });

  it("is not lost when the node halts, or the log is flushed, before its supervisor has run", () => {
    const stage = new Stage();
    const events = logOf(stage);
    stage.start({ children: stage.children("a b") });
    const quicker = { node: stage.node, priority: "high" } as const;
    const afterEndOf = (id: string, act: () => void) =>
      spawnOpt(
        function* (me: Self<Down>) {
          monitor(stage.pid(id));
          yield* me.receive();
          act();
        },
        [],
        quicker,
      );
    afterEndOf("a", () => logger.flush());
    stage.crash("a");
    expect(told(events)).toEqual(["alone", "child_terminated"]);
    afterEndOf("b", () => stage.node.halt());
    stage.crash("b");
    expect(told(events)).toEqual(["alone"]);
  });
});

describe("the reports of a supervisor", () => {
  it("tell of starts, ends and giving up, with OTP's labels", () => {
    const stage = new Stage();
    const take = () => stage.reports.splice(0);
    stage.start({ intensity: 1, children: stage.children("a b") });
    expect(take()).toEqual(["progress", "progress"]);
    stage.crash("b");
    expect(take()).toEqual(["child_terminated", "progress"]);
    stage.stop("b", ["shutdown", "x"]);
    expect(take()).toEqual(["child_terminated", "shutdown"]);
    const failing = [stage.child("a"), stage.child("f", { attempt: () => ({ no: 1 }) })];
    stage.tryStart(() => Supervisor.startLink({ children: failing }));
    expect(take()).toEqual(["progress", "start_error"]);
  });

  it("name the supervisor, the reason and the child", () => {
    const stage = new Stage();
    const seen: unknown[] = [];
    stage.node.subscribe(["report"], (event) => {
      if (event.type === "report") seen.push(event.report);
    });
    const supervisor = stage.start({ name: "root", children: [stage.child("a", { shutdown: 100, terminateMs: 200 })] });
    const pid = stage.pid("a");
    const child = { pid, id: "a", restart: "permanent", shutdown: 100, type: "worker", significant: false };
    expect(seen).toEqual([{ label: "progress", level: "debug", details: { supervisor: "root", started: child } }]);
    stage.signalFromParent(supervisor, "shutdown");
    stage.advance(1_000);
    expect(seen.slice(1)).toEqual([
      { label: "shutdown_error", level: "error", details: { supervisor: "root", reason: "killed", offender: child } },
    ]);
  });

  it("give the true reason of a child that ended just before it was told to", () => {
    const stage = new Stage();
    const seen: unknown[] = [];
    stage.start({ strategy: "one_for_all", children: stage.children("a b") });
    stage.node.subscribe(["report"], (event) => {
      if (event.type === "report" && event.report.level === "error")
        seen.push([event.report.label, event.report.details["reason"]]);
    });
    for (const id of ["a", "b"]) send(stage.pid(id), { do: "exit", reason: `${id}_boom` });
    stage.settle();
    expect(seen).toEqual([
      ["child_terminated", "a_boom"],
      ["shutdown_error", "b_boom"],
    ]);
  });

  it("do not call the child that was one too many a failed shutdown", () => {
    const stage = new Stage();
    const { pid } = stage.tryStart(() => DynamicSupervisor.startLink({ intensity: 0, name: "calls" }));
    stage.ask(() => DynamicSupervisor.startChild("calls", stage.anonymous("k")));
    stage.crash("k");
    expect(pid !== undefined && stage.state(pid)).toBe("shutdown");
    expect(stage.reports).toEqual(["progress", "child_terminated", "shutdown"]);
  });

  it("say nothing of ends that are no surprise", () => {
    const stage = new Stage();
    const supervisor = stage.start({ children: stage.children("a b", { restart: "transient" }) });
    stage.reports.length = 0;
    stage.stop("a", "normal");
    stage.signalFromParent(supervisor, "shutdown");
    expect(stage.reports).toEqual([]);
  });
});
