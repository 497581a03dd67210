import {
  call,
  type Exit,
  exit,
  ExitException,
  genServer,
  getState,
  getStatus,
  ignore,
  type Node,
  refuse,
  receiveResponse,
  register,
  reply,
  self,
  type Self,
  send,
  spawn,
  StartError,
  stop,
  waitingMessages,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, laboratory } from "../../laboratory.ts";
import { exitOf, live, type Steps } from "../task/task-owner.ts";

const Counter = genServer({
  name: "counter",
  init: (count: number) => ({ count, log: [] as string[] }),
  call: {
    add: (own, by: number) => (own.draft.count += by),
    value: ({ state }) => state.count,
    addThenFail(own, by: number): never {
      own.draft.count += by;
      throw new Error("no");
    },
    *addSlowly(own, by: number) {
      own.draft.count += by;
      yield* self().sleep(50);
      return (own.draft.count += by);
    },
    replaceThenDraft(own) {
      own.state = { count: 100, log: [] };
      own.draft.count++;
      return own.state.count;
    },
  },
  cast: {
    note: (own, text: string) => own.draft.log.push(text),
  },
});

describe("the state of a genServer", () => {
  it("is changed by a draft, and read without one", () => {
    const seen = live(function* () {
      const counter = yield* Counter.start(1);
      const before = yield* getState(counter);
      const added = yield* Counter.call(counter).add(2);
      return [before, added, yield* Counter.call(counter).value()];
    });
    expect(seen).toEqual([{ count: 1, log: [] }, 3, 3]);
  });

  it("is the one before where a handler throws: so the crash report and terminate see it", () => {
    const { node, play } = laboratory();
    const ends: unknown[] = [];
    const states: unknown[] = [];
    node.subscribe(["crash"], (event) => {
      if (event.type === "crash") ends.push([event.report.state, event.report.handling]);
    });
    const Failing = genServer({
      init: () => ({ count: 1 }),
      cast: {
        fail(own) {
          own.draft.count = 2;
          own.draft.count = 3;
          throw new Error("no");
        },
      },
      terminate: ({ state }) => states.push(state),
    });
    play(function* () {
      Failing.cast(yield* Failing.start()).fail();
    });
    expect(states).toEqual([{ count: 1 }]);
    expect(ends).toEqual([[{ count: 1 }, { type: "$gen_cast", request: "fail" }]]);
  });

  it("stays drafted over the waits of a generator handler, and no other message comes between", () => {
    const seen = live(function* () {
      const counter = yield* Counter.start(0);
      const slow = Counter.sendRequest(counter).addSlowly(1);
      Counter.cast(counter).note("later");
      return [yield* receiveResponse(slow, 1_000), yield* getState(counter)];
    });
    expect(seen).toEqual([
      { type: "reply", reply: 2 },
      { count: 2, log: ["later"] },
    ]);
  });

  it("may be replaced first and drafted then", () => {
    const seen = live(function* () {
      const counter = yield* Counter.start(0);
      return [yield* Counter.call(counter).replaceThenDraft(), yield* Counter.call(counter).value()];
    });
    expect(seen).toEqual([101, 101]);
  });
});

describe("a call to a genServer", () => {
  it.each<[string, (name: string) => Steps<unknown>, unknown]>([
    ["a server that is not there", () => exitOf(Counter.call("nobody").value()), "noproc"],
    ["one that ends with a reason", (name) => exitOf(call<unknown, unknown>(name, "quit")), ["shutdown", "x"]],
    ["one that takes too long", (name) => exitOf(call<unknown, unknown>(name, "never", { timeoutMs: 10 })), "timeout"],
  ])("of %s exits with OTP's reason", (_what, ask, reason) => {
    const Server = genServer({
      init: () => null,
      call: {
        quit(own) {
          own.stop(["shutdown", "x"]);
          return own.noReply<never>();
        },
        never: (own) => own.noReply<never>(),
      },
    });
    const seen = live(function* (me) {
      yield* Server.startOpt([], { name: "server" });
      const told = yield* ask("server");
      return [told, waitingMessages(me)];
    });
    expect(seen).toEqual([[reason, "call", expect.anything()], []]);
  });

  it("names the error of the server as the cause", () => {
    const seen = live(function* () {
      const counter = yield* Counter.start(0);
      try {
        yield* Counter.call(counter).addThenFail(1);
      } catch (thrown) {
        return thrown instanceof ExitException && thrown.cause instanceof Error && thrown.cause.message;
      }
      return "no exit";
    });
    expect(seen).toBe("no");
  });

  it("gets its reply after terminate has run, when the handler stops the server", () => {
    const order: string[] = [];
    const Last = genServer({
      init: () => null,
      call: {
        finish(own) {
          own.stop("normal");
          return "bye";
        },
      },
      terminate: () => void order.push("terminate"),
    });
    const seen = live(function* () {
      const told = yield* Last.call(yield* Last.start()).finish();
      order.push(told);
      return order;
    });
    expect(seen).toEqual(["terminate", "bye"]);
  });

  it("may be replied to later, by anybody", () => {
    const Door = genServer({
      init: () => ({}),
      call: {
        wait(own) {
          const { from } = own;
          spawn(function* (helper: Self) {
            yield* helper.sleep(5);
            reply(from, "open");
          });
          return own.noReply<string>();
        },
      },
    });
    expect(
      live(function* () {
        return yield* Door.call(yield* Door.start()).wait();
      }),
    ).toBe("open");
  });

  it("of a name that no handler has ends the server, with the request in the error", () => {
    const seen = live(function* () {
      const counter = yield* Counter.start(0);
      try {
        yield* call<unknown, unknown>(counter as never, ["push", 1]);
      } catch (thrown) {
        return thrown instanceof ExitException && codeOf(() => raise(thrown.cause));
      }
      return "no exit";
    });
    expect(seen).toBe("ERR_BAD_ARGUMENT");
  });
});

function raise(error: unknown): never {
  throw error;
}

describe("the other callbacks of a genServer", () => {
  it("continue comes before what waits in the mailbox, and a time-out only when nothing comes", () => {
    const lines: unknown[] = [];
    const Lines = genServer({
      init: () => null,
      cast: {
        first(own) {
          lines.push("first");
          own.continueWith("next");
          own.timeoutAfter(20);
        },
        second: () => void lines.push("second"),
      },
      continue(own, term) {
        lines.push(term);
        own.timeoutAfter(20);
      },
      info: (_own, message) => void lines.push(message),
    });
    live(function* (me) {
      const pid = yield* Lines.start();
      Lines.cast(pid).first();
      Lines.cast(pid).second();
      yield* me.sleep(50);
      expect(lines.splice(0)).toEqual(["first", "next", "second"]);
      Lines.cast(pid).first();
      yield* me.sleep(50);
    });
    expect(lines).toEqual(["first", "next", "timeout"]);
  });

  it("terminate runs for a stop, an error and the end of a parent, not for a kill", () => {
    const lines: unknown[] = [];
    const Ending = genServer({
      init: () => void self().trapExit(),
      cast: { fail: () => exit("oops") },
      terminate: (_own, reason) => void lines.push(reason),
    });
    live(
      function* (me) {
        yield* stop(yield* Ending.start(), "done");
        Ending.cast(yield* Ending.start()).fail();
        exit(yield* Ending.start(), "kill");
        spawn(function* () {
          yield* Ending.startLink();
          exit("parent");
        });
        yield* me.sleep(10);
      },
      { traps: true },
    );
    expect(lines).toEqual(["done", "oops", "parent"]);
  });

  it("a message without an info handler is reported and dropped", () => {
    const { node, play } = laboratory();
    const reports = reportsOf(node);
    play(function* () {
      const counter = yield* Counter.start(0);
      send<unknown>(counter as never, "hello?");
      yield* Counter.call(counter).value();
    });
    expect(reports).toEqual([["no_handle_info", { message: "hello?" }]]);
  });

  it("formatStatus decides what getStatus shows, and getState knows better", () => {
    const Secret = genServer({ init: () => ({ key: "k" }), formatStatus: () => "hidden" });
    expect(
      live(function* () {
        const secret = yield* Secret.start();
        return [(yield* getStatus(secret)).state, yield* getState(secret)];
      }),
    ).toEqual(["hidden", { key: "k" }]);
  });
});

function reportsOf(node: Node): unknown[] {
  const reports: unknown[] = [];
  node.subscribe(["report"], (event) => {
    if (event.type === "report") reports.push([event.report.label, event.report.details]);
  });
  return reports;
}

describe("the start of a genServer", () => {
  const Picky = genServer({
    name: "picky",
    register: true,
    init(how: string) {
      if (how === "ignore") return ignore();
      if (how === "refuse") return refuse("no room");
      if (how === "throw") throw new Error("broken");
      return how;
    },
  });

  it.each([
    ["ignore", { isIgnored: true }],
    ["refuse", { isIgnored: false, reason: "no room" }],
    ["throw", { isIgnored: false, reason: { message: "broken" } }],
  ])("that comes to %s throws a StartError that says so", (how, told) => {
    const seen = live(function* () {
      return yield* failureOf(Picky.start(how));
    });
    expect(seen).toMatchObject(told);
  });

  it("under a name that is taken does not run init", () => {
    const seen = live(function* (me) {
      register("picky", me);
      return yield* failureOf(Picky.start("throw"));
    });
    expect(seen).toMatchObject({ reason: ["already_started", expect.anything()] });
  });

  it("links, and the end of a server that did not come up is told to a starter that traps exits", () => {
    const seen = live(
      function* (me) {
        const failure = yield* failureOf(Picky.startLink("refuse"));
        const { reason }: Exit = yield* me.receive();
        return [failure instanceof StartError, reason];
      },
      { traps: true },
    );
    expect(seen).toEqual([true, "no room"]);
  });
});

function* failureOf(start: Iterable<unknown>): Steps<unknown> {
  try {
    // Whatever an operation yields goes to the scheduler as it is.
    yield* start as Iterable<never>;
  } catch (error) {
    return error;
  }
  return "started";
}
