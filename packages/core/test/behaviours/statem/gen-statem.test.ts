import {
  type AnyPid,
  type CrashReport,
  exit,
  genStatem,
  getState,
  getStatus,
  ignore,
  type Pid,
  refuse,
  replaceState,
  self,
  send,
  StartError,
  stop,
  whereis,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { laboratory, thrownBy } from "../../laboratory.ts";

const Door = genStatem({
  name: "door",
  init: (code: string) => ({ state: "locked", data: { code, typed: "", opened: 0 } }),
  states: {
    locked: {
      enter(self) {
        self.draft.typed = "";
      },
      cast: {
        press(self, digit: string) {
          self.draft.typed += digit;
          if (self.data.typed === self.data.code) self.nextState("open");
        },
      },
      call: { walkThrough: (self, _who: string) => self.postpone() },
    },
    open: {
      enter(self) {
        self.draft.opened++;
        self.stateTimeout(1_000);
      },
      stateTimeout(self) {
        self.nextState("locked");
      },
      call: { walkThrough: (_self, who: string) => `welcome ${who}` },
    },
  },
  call: { look: ({ state, data }) => [state, data.opened] as const },
});

describe("a machine", () => {
  it("goes from state to state by its handlers", () => {
    const { platform, run } = laboratory();
    const looks: unknown[] = [];
    run(function* (me) {
      const door = yield* Door.start("12");
      looks.push(yield* Door.call(door).look());
      Door.cast(door).press("1");
      Door.cast(door).press("2");
      looks.push(yield* Door.call(door).look());
      yield* me.sleep(1_000);
      looks.push(yield* Door.call(door).look());
    });
    platform.advance(1_000);
    expect(looks).toEqual([
      ["locked", 0],
      ["open", 1],
      ["locked", 1],
    ]);
  });

  it("answers a postponed call once the state has changed", () => {
    const { platform, run } = laboratory();
    const answers: string[] = [];
    run(function* () {
      const door = yield* Door.startOpt(["7"], { name: "front" });
      answers.push(yield* Door.call(door).walkThrough("Ada"));
    });
    expect(answers).toEqual([]);
    run(function* () {
      Door.cast("front").press("7");
    });
    platform.settle();
    expect(answers).toEqual(["welcome Ada"]);
  });

  it("ends when neither the state nor the top has a handler for a request", () => {
    const { ends, run } = laboratory();
    let door: AnyPid | undefined;
    run(function* () {
      const started = yield* Door.start("1");
      door = started;
      Door.cast(started).press("1");
      Door.cast(started).press("2");
    });
    const reason = door === undefined ? undefined : ends.get(door);
    expect(reason).toMatchObject({ code: "ERR_BAD_ARGUMENT" });
    expect(reason).toMatchObject({ message: expect.stringContaining('cast "press" as neither the state "open"') });
  });

  it("never takes a name for a handler that every object has", () => {
    const { ends, run } = laboratory();
    let door: AnyPid | undefined;
    run(function* () {
      const started = yield* Door.start("1");
      door = started;
      send(started as Pid<unknown>, { type: "$gen_cast", request: ["toString"] }); // forged
    });
    expect(door === undefined ? undefined : ends.get(door)).toMatchObject({ code: "ERR_BAD_ARGUMENT" });
  });

  it("is registered by its definition's name if that says so", () => {
    const Only = genStatem({
      name: "only",
      register: true,
      init: () => ({ state: "a", data: null }),
      states: { a: {} },
    });
    const holds = laboratory().play(function* () {
      const only = yield* Only.start();
      return whereis("only") === only;
    });
    expect(holds).toBe(true);
  });
});

describe("a handler that throws", () => {
  it("leaves no trace: terminate sees the state and the data before the event", () => {
    const { run, ends } = laboratory();
    const seen: unknown[] = [];
    const Fragile = genStatem({
      init: () => ({ state: "whole", data: { cracks: 0 } }),
      states: {
        whole: {
          cast: {
            hit(self) {
              self.draft.cracks++;
              self.nextState("broken");
              self.nextEvent("never");
              throw new Error("crack");
            },
          },
          internal: {
            never() {
              seen.push("never");
            },
          },
        },
        broken: {},
      },
      terminate: ({ state, data }, reason) => seen.push([state, data.cracks, reason instanceof Error]),
    });
    run(function* () {
      Fragile.cast(yield* Fragile.start()).hit();
    });
    expect(seen).toEqual([["whole", 0, true]]);
    expect([...ends.values()]).toContainEqual(expect.objectContaining({ message: "crack" }));
  });

  it("is reported with the event in hand and the pair of state and data", () => {
    const { node, run } = laboratory();
    const reports: CrashReport[] = [];
    node.subscribe(["crash"], (event) => {
      if (event.type === "crash") reports.push(event.report);
    });
    const Fragile = genStatem({
      init: () => ({ state: "whole", data: 1 }),
      states: { whole: { cast: { hit: () => exit("crack") } } },
    });
    run(function* () {
      Fragile.cast(yield* Fragile.start()).hit();
    });
    expect(reports).toMatchObject([
      { entry: "gen_statem", handling: { type: "cast", content: "hit" }, state: ["whole", 1], reason: "crack" },
    ]);
  });
});

describe("states that are objects", () => {
  type Line = { readonly name: "idle" } | { readonly name: "ringing"; readonly from: string };
  const entered: string[] = [];
  const Phone = genStatem({
    init: (): { state: Line; data: null } => ({ state: { name: "idle" }, data: null }),
    states: {
      idle: { enter: (self) => entered.push(self.state.name) },
      ringing: {
        enter: (self, old) => entered.push(`${self.state.from} after ${old.name}`),
        call: { who: (self) => self.state.from },
      },
    },
    cast: {
      ring(self, from: string) {
        self.nextState({ name: "ringing", from });
      },
    },
  });

  it("carry what only they know, and differ when any part of them does", () => {
    const who = laboratory().play(function* () {
      const phone = yield* Phone.start();
      Phone.cast(phone).ring("Ada");
      Phone.cast(phone).ring("Ada");
      Phone.cast(phone).ring("Agner");
      return yield* Phone.call(phone).who();
    });
    expect(who).toBe("Agner");
    expect(entered).toEqual(["idle", "Ada after idle", "Agner after ringing"]);
  });
});

describe("other messages", () => {
  it("go to the info handler of the state, or the top, or are reported and dropped", () => {
    const { node, run } = laboratory();
    const seen: unknown[] = [];
    node.subscribe(["report"], (event) => {
      if (event.type === "report") seen.push(event.report.label);
    });
    const Machine = genStatem({
      init: () => ({ state: "a", data: null }),
      states: {
        a: {
          info(self, message) {
            seen.push(message);
            self.nextState("b");
          },
        },
        b: {},
      },
    });
    run(function* () {
      const machine = (yield* Machine.start()) as Pid<unknown>; // it takes any message
      send(machine, "hello");
      send(machine, "world");
    });
    expect(seen).toEqual(["hello", "no_handle_info"]);
  });
});

describe("init", () => {
  it.each([
    ["ignore()", ignore(), "ignore", true],
    ['refuse("why")', refuse("why"), "why", false],
  ])("fails the start by %s", (_case, refusal, reason, isIgnored) => {
    const Never = genStatem({ init: () => refusal, states: {} });
    const thrown = thrownBy(() => laboratory().play(() => Never.start()[Symbol.iterator]() as never));
    expect(thrown).toBe(reason);
    const caught = laboratory().play(function* () {
      try {
        yield* Never.start();
      } catch (error) {
        return error instanceof StartError && error.isIgnored;
      }
      return undefined;
    });
    expect(caught).toBe(isIgnored);
  });

  it("may be a generator that waits", () => {
    const Slow = genStatem({
      *init(ms: number) {
        yield* self().sleep(ms);
        return { state: "ready", data: ms };
      },
      states: { ready: { call: { data: (self) => self.data } } },
    });
    const { platform, run } = laboratory();
    const values: number[] = [];
    run(function* () {
      values.push(yield* Slow.call(yield* Slow.start(5)).data());
    });
    platform.advance(5);
    expect(values).toEqual([5]);
  });
});

describe("the system protocol", () => {
  it("shows state and data, or what formatStatus makes of them, and replaces both", () => {
    const Secret = genStatem({
      init: () => ({ state: "a", data: "password" }),
      states: { a: {}, b: {} },
      call: { data: (self) => [self.state, self.data] as const },
      formatStatus: (state) => `${state}, and a secret`,
    });
    const seen = laboratory().play(function* () {
      const machine = yield* Secret.start();
      const shown = [(yield* getStatus(machine)).state, yield* getState(machine)];
      yield* replaceState(machine, ["b", "changed"]);
      const data = yield* Secret.call(machine).data();
      yield* stop(machine);
      return [shown, data];
    });
    expect(seen).toEqual([
      ["a, and a secret", ["a", "password"]],
      ["b", "changed"],
    ]);
  });
});

describe("the start of a genStatem", () => {
  it("fails where the definition has no such state", () => {
    const { run } = laboratory();
    const Door = genStatem({ init: () => ({ state: "ajar" as "open", data: null }), states: { open: {} } });
    const failures: unknown[] = [];
    run(function* () {
      try {
        yield* Door.start();
      } catch (error) {
        failures.push(error);
      }
    });
    expect(failures).toMatchObject([
      { reason: { code: "ERR_BAD_ARGUMENT", message: expect.stringContaining("ajar") } },
    ]);
  });
});
