import {
  eventHandler,
  exit,
  genEvent,
  getState,
  type HandlerExit,
  isAlive,
  type ManagerName,
  monitor,
  type Operation,
  type Pid,
  refuse,
  replaceState,
  self,
  type Self,
  send,
  spawn,
  stop,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { type Body, laboratory } from "../../laboratory.ts";

let lines: unknown[] = [];

/** A handler that writes its life into `lines`. */
const recorder = eventHandler({
  init: (id: string) => (id === "refused" ? refuse("full") : { id, count: 0 }),
  takeOver(old: unknown, id: string) {
    lines.push([id, "takes over", old]);
    return { id, count: 100 };
  },
  event(self, event: string) {
    self.draft.count++;
    lines.push([self.state.id, event]);
    if (self.state.id !== "bad") return;
    if (event === "throw") throw new Error("oops");
    if (event === "exit") exit("oops");
    if (event === "remove") self.remove();
  },
  call: {
    count: (self) => self.state.count,
    fail: () => exit("failed"),
    leave(self) {
      self.remove();
      return "bye";
    },
  },
  info: (self, message) => lines.push([self.state.id, "info", message]),
  terminate(self, arg) {
    lines.push([self.state.id, "terminate", arg]);
    return `remains of ${self.state.id}`;
  },
});

const Events = genEvent({ recorder });

/** Runs `body` in a process of a node of its own. */
function play<M, T>(body: Body<M, T>): T {
  lines = [];
  return laboratory().play(body);
}

/** Starts a manager with the handlers `ids`, the first added first. */
function* managerWith(...ids: readonly string[]) {
  const manager = yield* Events.start();
  for (const id of ids) yield* Events.addHandler(manager, ["recorder", id], id);
  return manager;
}

describe("handlers", () => {
  it("are told of each event, newest first", () => {
    const which = play(function* () {
      const manager = yield* managerWith("one", "two");
      Events.notify(manager, "e1");
      yield* Events.syncNotify(manager, "e2");
      return yield* Events.whichHandlers(manager);
    });
    expect(which).toEqual([
      ["recorder", "two"],
      ["recorder", "one"],
    ]);
    expect(lines).toEqual([
      ["two", "e1"],
      ["one", "e1"],
      ["two", "e2"],
      ["one", "e2"],
    ]);
  });

  it("get other messages as info", () => {
    play(function* () {
      const manager = (yield* managerWith("one")) as Pid<unknown>; // it takes any message
      send(manager, "hello");
      yield* Events.syncNotify(manager, "e");
    });
    expect(lines).toEqual([
      ["one", "info", "hello"],
      ["one", "e"],
    ]);
  });

  it("may be added twice under one id: the newer one is found", () => {
    const counts = play(function* () {
      const manager = yield* managerWith("old");
      yield* Events.syncNotify(manager, "e");
      yield* Events.addHandler(manager, ["recorder", "old"], "new");
      const newer = yield* Events.call(manager, ["recorder", "old"]).count();
      yield* Events.deleteHandler(manager, ["recorder", "old"]);
      return [newer, yield* Events.call(manager, ["recorder", "old"]).count()];
    });
    expect(counts).toEqual([0, 1]);
  });
});

describe("a failing handler", () => {
  it.each([
    ["throw", ["error", ["EXIT", expect.objectContaining({ message: "oops" })]]],
    ["exit", ["error", ["EXIT", "oops"]]],
    ["remove", "remove_handler"],
  ])("that does %s is removed; the others and the manager carry on", (event, arg) => {
    const left = play(function* () {
      const manager = yield* managerWith("good", "bad");
      yield* Events.syncNotify(manager, event);
      return [yield* Events.whichHandlers(manager), isAlive(manager)];
    });
    expect(left).toEqual([[["recorder", "good"]], true]);
    expect(lines).toEqual([
      ["bad", event],
      ["bad", "terminate", arg],
      ["good", event],
    ]);
  });

  it("is reported with its state before the event", () => {
    const { node, run } = laboratory();
    const reports: unknown[] = [];
    node.subscribe(["report"], (event) => {
      if (event.type === "report") reports.push(event.report);
    });
    run(function* () {
      yield* Events.syncNotify(yield* managerWith("bad"), "exit");
    });
    const details = {
      handler: ["recorder", "bad"],
      reason: ["EXIT", "oops"],
      event: "exit",
      state: { id: "bad", count: 0 },
    };
    expect(reports).toEqual([{ label: "handler_terminated", level: "error", details }]);
  });
});

describe("addHandler", () => {
  it.each([
    ["refuses", "refused", ["error", "full"]],
    ["accepts", "fine", "ok"],
  ])("says when init %s", (_case, id, answer) => {
    expect(
      play(function* () {
        return yield* Events.addHandler(yield* Events.start(), "recorder", id);
      }),
    ).toEqual(answer);
  });

  it("says when init throws, and when the definition has no such handler", () => {
    const Fragile = genEvent({ fragile: eventHandler({ init: () => exit("why"), event: () => 0 }) });
    const answers = play(function* () {
      const manager = yield* Fragile.start();
      const first = yield* Fragile.addHandler(manager, "fragile");
      return [first, yield* Fragile.addHandler(manager, "missing" as "fragile")]; // the compiler would refuse
    });
    expect(answers).toEqual([
      ["EXIT", "why"],
      ["error", ["undef", "missing"]],
    ]);
  });
});

describe("deleteHandler", () => {
  it("returns what terminate returned for the argument", () => {
    const answers = play(function* () {
      const manager = yield* managerWith("one");
      const first = yield* Events.deleteHandler(manager, ["recorder", "one"], "enough");
      return [first, yield* Events.deleteHandler(manager, ["recorder", "one"])];
    });
    expect(answers).toEqual(["remains of one", ["error", "module_not_found"]]);
    expect(lines).toEqual([["one", "terminate", "enough"]]);
  });
});

describe("swapHandler", () => {
  it("hands what the old one left to the new one", () => {
    const answer = play(function* () {
      const manager = yield* managerWith("one");
      const swapped = yield* Events.swapHandler(manager, [["recorder", "one"], "swap"], [["recorder", "two"], "two"]);
      return [swapped, yield* Events.whichHandlers(manager), yield* Events.call(manager, ["recorder", "two"]).count()];
    });
    expect(answer).toEqual(["ok", [["recorder", "two"]], 100]);
    expect(lines).toEqual([
      ["one", "terminate", "swap"],
      ["two", "takes over", "remains of one"],
    ]);
  });

  it("adds the new one although there is no old one", () => {
    const answer = play(function* () {
      const manager = yield* managerWith();
      return yield* Events.swapHandler(manager, ["recorder", "swap"], [["recorder", "two"], "two"]);
    });
    expect(answer).toBe("ok");
    expect(lines).toEqual([["two", "takes over", "error"]]);
  });
});

describe("a call", () => {
  it("is replied by its handler, which may leave with it", () => {
    const answers = play(function* () {
      const manager = yield* managerWith("one");
      const client = Events.call(manager, ["recorder", "one"]);
      return [yield* client.count(), yield* client.leave(), yield* Events.whichHandlers(manager)];
    });
    expect(answers).toEqual([0, "bye", []]);
  });

  it.each([
    ["the handler is not installed", "bad_module", []],
    ["the handler failed", ["EXIT", "failed"], [["one", "terminate", ["error", ["EXIT", "failed"]]]]],
  ])("ends its caller when %s", (_case, why, expected) => {
    const thrown = play(function* () {
      const manager = yield* managerWith(...(why === "bad_module" ? [] : ["one"]));
      try {
        return yield* Events.call(manager, ["recorder", "one"]).fail();
      } catch (error) {
        return error;
      }
    });
    expect(thrown).toMatchObject({ reason: [why, { type: "call", request: "fail" }] });
    expect(lines).toEqual(expected);
  });
});

type Manager = ManagerName<{ readonly recorder: typeof recorder }>;
type Act = (manager: Manager) => Operation<unknown>;

/** What the supervisor of a handler is told after `act`. */
function toldAfter(act: Act): unknown {
  return play(function* (me: Self<HandlerExit>) {
    const manager = yield* Events.start();
    yield* Events.addSupHandler(manager, ["recorder", "bad"], "bad");
    yield* act(manager);
    const { type, ...told } = yield* me.receive();
    return type === "gen_event_EXIT" && told.manager === manager ? [told.handler, told.reason] : undefined;
  });
}

describe("a supervised handler", () => {
  const BAD = ["recorder", "bad"] as const;

  it.each<[string, Act, unknown]>([
    ["it throws", (manager) => Events.syncNotify(manager, "exit"), ["EXIT", "oops"]],
    ["it removes itself", (manager) => Events.syncNotify(manager, "remove"), "normal"],
    ["it is deleted", (manager) => Events.deleteHandler(manager, BAD), "normal"],
    ["the manager ends", (manager) => stop(manager), "shutdown"],
  ])("tells its supervisor when %s", (_case, act, reason) => {
    expect(toldAfter(act)).toEqual([BAD, reason]);
  });

  it("tells its supervisor which handler took its place, and for whom", () => {
    const told = toldAfter((manager) => Events.swapHandler(manager, [BAD, 0], ["recorder", "next"]));
    expect(told).toEqual([BAD, ["swapped", "recorder", expect.anything()]]);
  });

  it("is removed at the end of its supervisor; the others are informed", () => {
    const left = play(function* (me: Self<unknown>) {
      const manager = yield* managerWith("own");
      const supervisor = spawn(function* () {
        yield* Events.addSupHandler(manager, ["recorder", "theirs"], "theirs");
        exit("gone");
      });
      yield* me.receive(monitor(supervisor));
      return yield* Events.whichHandlers(manager);
    });
    expect(left).toEqual([["recorder", "own"]]);
    expect(lines).toContainEqual(["theirs", "terminate", ["stop", "gone"]]);
    expect(lines).toContainEqual(["own", "info", expect.objectContaining({ type: "EXIT", reason: "gone" })]);
  });

  it("does not take its supervisor along when the manager ends", () => {
    const isAlone = play(function* () {
      const manager = yield* Events.start();
      yield* Events.addSupHandler(manager, "recorder", "mine");
      yield* stop(manager, "crash");
      return true;
    });
    expect(isAlone).toBe(true);
  });

  it("has the caller of swapSupHandler as its supervisor", () => {
    const told = toldAfter(function swap(manager) {
      return Events.swapSupHandler(manager, [BAD, 0], ["recorder", "next"]);
    });
    expect(told).toEqual([BAD, ["swapped", "recorder", expect.anything()]]);
  });
});

describe("the end of a manager", () => {
  it("terminates every handler with stop, newest first", () => {
    play(function* () {
      yield* stop(yield* managerWith("one", "two"));
    });
    expect(lines).toEqual([
      ["two", "terminate", "stop"],
      ["one", "terminate", "stop"],
    ]);
  });

  it("comes with the end of its parent", () => {
    lines = [];
    const { run, platform } = laboratory();
    run(function* () {
      const manager = yield* Events.startLink();
      yield* Events.addHandler(manager, "recorder", "one");
      exit("why");
    });
    platform.settle();
    expect(lines).toEqual([["one", "terminate", "stop"]]);
  });
});

describe("a callback that waits", () => {
  it("is a generator, and its manager does nothing else meanwhile", () => {
    const order: unknown[] = [];
    const Slow = genEvent({
      slow: eventHandler({
        init: () => null,
        *event(_self, event: number) {
          order.push(`begin ${event}`);
          yield* self().sleep(10);
          order.push(`end ${event}`);
        },
      }),
    });
    const { run, platform } = laboratory();
    run(function* () {
      const manager = yield* Slow.start();
      yield* Slow.addHandler(manager, "slow");
      Slow.notify(manager, 1);
      Slow.notify(manager, 2);
    });
    platform.advance(20);
    expect(order).toEqual(["begin 1", "end 1", "begin 2", "end 2"]);
  });
});

describe("the system protocol", () => {
  it("shows and replaces the states of all handlers, newest first", () => {
    const states = play(function* () {
      const manager = yield* managerWith("one");
      const before = yield* getState(manager);
      yield* replaceState(manager, [[["recorder", "one"], { id: "one", count: 7 }]]);
      return [before, yield* Events.call(manager, ["recorder", "one"]).count()];
    });
    expect(states).toEqual([[[["recorder", "one"], { id: "one", count: 0 }]], 7]);
  });
});
