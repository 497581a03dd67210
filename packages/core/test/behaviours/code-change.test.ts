import {
  type AnyPid,
  changeCode,
  eventHandler,
  type EventModule,
  ExitException,
  genEvent,
  genServer,
  genStatem,
  getState,
  type HandleEventModule,
  type Operation,
  receiveResponse,
  resume,
  type ServerModule,
  startServer,
  startStatem,
  suspend,
  type Suspension,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { live } from "./task/task-owner.ts";

// Results in OTP's form are those of OTP 29, asked with erl; where it has a stack, ours has the error.

const oops = new Error("oops");

/** What the callbacks below do, by `extra`. */
function outcome<R>(extra: unknown, changed: R): R {
  if (extra === "throw") throw oops;
  // What a program without types may return.
  if (extra === "wait") return (function* () {})() as R;
  if (extra === "promise") return Promise.resolve() as R;
  if (extra === "bad") return "bad" as R;
  if (extra === "refuse") return ["error", "why"] as R;
  return changed;
}

const Named = genServer({
  init: (first: unknown) => first,
  call: { value: ({ state }) => state },
  codeChange: (vsn, state, extra) => outcome<unknown>(extra, [vsn, state, extra]),
});

const module: ServerModule<unknown> = {
  init: (args) => ["ok", args],
  codeChange: (vsn, state, extra) => outcome(extra, ["ok", [vsn, state, extra]]),
};

const Machine = genStatem({
  init: () => ({ state: "off" as "off" | "on", data: 0 as unknown }),
  states: { off: {}, on: {} },
  codeChange: (vsn, state, data, extra) => {
    if (extra === "nowhere") return ["nowhere" as "on", 0];
    return outcome(extra, [state === "off" ? "on" : "off", [vsn, data, extra]]);
  },
});

const machineModule: HandleEventModule<string, unknown, unknown> = {
  callbackMode: "handle_event_function",
  init: (args) => ["ok", "off", args],
  handleEvent: () => "keep_state_and_data",
  codeChange: (vsn, state, data, extra) => outcome(extra, ["ok", `not ${state}`, [vsn, data, extra]]),
};

const Events = genEvent({
  plain: eventHandler({ init: (first: number) => first, event: () => {} }),
  named: eventHandler({
    init: (first: unknown) => first,
    event: () => {},
    codeChange: (vsn, state, extra) => outcome<unknown>(extra, [vsn, state, extra]),
  }),
});

/** Suspends a behaviour and changes its code with `extra`. @returns the answer, and the state then */
function* changed(server: AnyPid, extra: unknown): Generator<Suspension, unknown, void> {
  yield* suspend(server);
  const answer = yield* changeCode(server, "v1", extra);
  return [answer, yield* getState(server)];
}

const starts: readonly [string, () => Operation<AnyPid>, unknown, unknown][] = [
  ["a server", () => Named.start(0), 0, ["v1", 0, "x"]],
  ["a server module", () => startServer(module, 0), 0, ["v1", 0, "x"]],
  ["a state machine", () => Machine.start(), ["off", 0], ["on", ["v1", 0, "x"]]],
  ["a state machine module", () => startStatem(machineModule, 0), ["off", 0], ["not off", ["v1", 0, "x"]]],
];

const eventModule: EventModule<unknown> = {
  init: (args) => ["ok", args],
  handleEvent: (_event, state) => ["ok", state],
  codeChange: (vsn, state, extra) => outcome(extra, ["ok", [vsn, state, extra]]),
};

const ModuleEvents = genEvent({
  first: eventHandler({ init: () => 1, event: () => {}, codeChange: (): number => 2 }),
  module: eventModule,
  plain: { init: (args: unknown) => ["ok", args], handleEvent: (_event: unknown, state: unknown) => ["ok", state] },
});

describe.each(starts)("changeCode of %s", (_name, start, before, after) => {
  it("makes the state what the callback returns", () => {
    expect(
      live(function* () {
        return yield* changed(yield* start(), "x");
      }),
    ).toEqual(["ok", after]);
  });

  it("is not served while it runs", () => {
    expect(
      live(function* () {
        const server = yield* start();
        return [yield* changeCode(server, "v1", "x"), yield* getState(server)];
      }),
    ).toEqual([["error", ["unknown_system_msg", ["change_code", "v1", "x"]]], before]);
  });

  it("leaves the state when the callback throws", () => {
    expect(
      live(function* () {
        return yield* changed(yield* start(), "throw");
      }),
    ).toEqual([["error", ["EXIT", oops]], before]);
  });

  it.each(["wait", "promise"])("leaves the state when the callback would %s", (extra) => {
    expect(
      live(function* () {
        return yield* changed(yield* start(), extra);
      }),
    ).toEqual([["error", ["EXIT", expect.objectContaining({ code: "ERR_BAD_RETURN" })]], before]);
  });
});

describe("changeCode", () => {
  it.each([
    ["bad", "bad"],
    ["refuse", ["error", "why"]],
  ] as const)("answers what a module returns instead of ok: %s", (extra, why) => {
    const seen = live(function* () {
      return [
        yield* changed(yield* startServer(module, 0), extra),
        yield* changed(yield* startStatem(machineModule, 0), extra),
      ];
    });
    expect(seen).toEqual([
      [["error", why], 0],
      [
        ["error", why],
        ["off", 0],
      ],
    ]);
  });

  it("refuses a state that the machine's definition does not have", () => {
    const seen = live(function* () {
      return yield* changed(yield* Machine.start(), "nowhere");
    });
    expect(seen).toEqual([
      ["error", ["EXIT", expect.objectContaining({ code: "ERR_BAD_ARGUMENT" })]],
      ["off", 0],
    ]);
  });

  it("of a server without the callback changes nothing", () => {
    const seen = live(function* () {
      return yield* changed(yield* genServer({ init: () => 7 }).start(), "x");
    });
    expect(seen).toEqual([["error", ["EXIT", ["undef", ["codeChange", ["v1", "x"]]]]], 7]);
  });

  it("asks the handlers of an event manager that have the callback", () => {
    const seen = live(function* () {
      const manager = yield* Events.start();
      yield* Events.addHandler(manager, "plain", 1);
      yield* Events.addHandler(manager, "named", 2);
      yield* Events.addHandler(manager, ["named", "b"], 3);
      return [yield* changed(manager, "x"), yield* changed(manager, "throw")];
    });
    const states = [
      [
        ["named", "b"],
        ["v1", 3, "x"],
      ],
      ["named", ["v1", 2, "x"]],
      ["plain", 1],
    ];
    expect(seen).toEqual([
      ["ok", states],
      [["error", ["EXIT", oops]], states],
    ]);
  });

  it.each([
    [
      "x",
      "ok",
      [
        ["first", 2],
        ["module", ["v1", 7, "x"]],
        ["plain", 8],
      ],
    ],
    [
      "refuse",
      ["error", ["error", "why"]],
      [
        ["first", 1],
        ["module", 7],
        ["plain", 8],
      ],
    ],
    [
      "throw",
      ["error", ["EXIT", oops]],
      [
        ["first", 1],
        ["module", 7],
        ["plain", 8],
      ],
    ],
  ])("changes the handlers of a manager together or not at all: %s", (extra, answer, states) => {
    const seen = live(function* () {
      const manager = yield* ModuleEvents.start();
      yield* ModuleEvents.addHandler(manager, "plain", 8);
      yield* ModuleEvents.addHandler(manager, "module", 7);
      yield* ModuleEvents.addHandler(manager, "first");
      return yield* changed(manager, extra);
    });
    expect(seen).toEqual([answer, states]);
  });

  it("lets what waits meet the new state", () => {
    const seen = live(function* () {
      const server = yield* Named.start(0);
      yield* suspend(server);
      const asked = Named.sendRequest(server).value();
      yield* changeCode(server, "v1", "x");
      yield* resume(server);
      return yield* receiveResponse(asked);
    });
    expect(seen).toEqual({ type: "reply", reply: ["v1", 0, "x"] });
  });

  it("takes a thrown value that is no error for what was returned", () => {
    const throwing = { ...module, codeChange: () => throwValue(["ok", "thrown"]) };
    expect(
      live(function* () {
        return yield* changed(yield* startServer(throwing, 0), "x");
      }),
    ).toEqual(["ok", "thrown"]);
  });

  it("fails when the answer cannot be sent; the behaviour carries on", () => {
    const unsendable = { ...module, codeChange: () => ["error", () => {}] as const };
    const seen = live(function* () {
      const server = yield* startServer(unsendable, 7);
      const why = yield* exitOf(changed(server, "x"));
      return [why, yield* getState(server)];
    });
    expect(seen).toEqual([["callback_failed", expect.any(Error)], 7]);
  });
});

/** The first half of the reason with which `wait` fails. */
function* exitOf(wait: Iterable<Suspension, unknown, void>): Generator<Suspension, unknown, void> {
  try {
    return ["no exit", yield* wait];
  } catch (error) {
    if (!(error instanceof ExitException) || !Array.isArray(error.reason)) throw error;
    return error.reason[0];
  }
}

function throwValue(value: unknown): never {
  throw value;
}
