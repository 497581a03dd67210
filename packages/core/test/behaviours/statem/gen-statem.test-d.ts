import { genStatem, type Operation, type Pid } from "@krarup/core";
import { describe, expectTypeOf, it } from "vitest";

const Door = genStatem({
  init: (code: string) => ({ state: "locked", data: { code, typed: "" } }),
  states: {
    locked: {
      cast: {
        press(self, digit: string) {
          expectTypeOf(self.state).toEqualTypeOf<"locked">();
          expectTypeOf(self.data).toEqualTypeOf<Readonly<{ code: string; typed: string }>>();
          expectTypeOf(digit).toBeString();
          self.nextState("open");
          // @ts-expect-error no such state
          self.nextState("opne");
          self.nextEvent("count", 1);
          // @ts-expect-error no such internal event
          self.nextEvent("cuont", 1);
          self.timeout("idle", 100);
          // @ts-expect-error no such time-out
          self.timeout("idel", 100);
        },
      },
      call: { walkThrough: (self, _who: string) => self.postpone(), typed: (self) => self.data.typed },
      internal: {
        count(_self, n: number) {
          expectTypeOf(n).toBeNumber();
        },
      },
    },
    open: {
      enter(self, old) {
        expectTypeOf(old).toEqualTypeOf<"locked" | "open">();
        self.stateTimeout(10);
        // @ts-expect-error an enter call does not change the state
        self.nextState("locked");
        // @ts-expect-error nor postpone
        self.postpone();
      },
      timeout: {
        idle(self) {
          self.nextState("locked");
        },
      },
      cast: { press() {} },
      call: { walkThrough: (_self, who: string) => who.length, typed: (self) => self.noReply<boolean>() },
    },
  },
  call: { state: (self) => self.state },
});

declare const door: Pid<never>;
const calls = Door.call("door");

describe("genStatem", () => {
  it("types the start by init", () => {
    expectTypeOf(Door.start).parameters.toEqualTypeOf<[code: string]>();
    // @ts-expect-error the code is a string
    void Door.start(12);
  });

  it("types a request by the handlers of all states", () => {
    expectTypeOf(calls.walkThrough("Ada")).toEqualTypeOf<Operation<number>>();
    expectTypeOf(calls.typed()).toEqualTypeOf<Operation<string | boolean>>();
    expectTypeOf(calls.state()).toEqualTypeOf<Operation<"locked" | "open">>();
    // @ts-expect-error no state has it
    void calls.lock;
  });

  it("asks for the arguments that any state wants", () => {
    Door.cast("door").press("1");
    // @ts-expect-error the locked door wants a digit, though the open one does not care
    Door.cast("door").press();
    // @ts-expect-error and one that is a string
    Door.cast("door").press(1);
  });

  it("wants a machine of its own kind", () => {
    const Other = genStatem({
      init: () => ({ state: "a", data: null }),
      states: { a: { cast: { x: (_self, _n: number) => 0 } } },
    });
    const start = Other.start();
    // @ts-expect-error a machine that understands something else
    const use = (other: Awaited<typeof start>): unknown => Door.cast(other);
    void use;
    void door;
  });

  it("wants an entry for every state", () => {
    type Line = { name: "idle" } | { name: "ringing"; from: string };
    genStatem({
      init: (): { state: Line; data: null } => ({ state: { name: "idle" }, data: null }),
      states: { idle: {}, ringing: { call: { from: (self) => self.state.from } } },
    });
    genStatem({
      init: (): { state: Line; data: null } => ({ state: { name: "idle" }, data: null }),
      // @ts-expect-error ringing is missing
      states: { idle: {} },
    });
    genStatem({
      init: () => ({ state: "first", data: null }),
      // @ts-expect-error the first state is missing
      states: { second: {} },
    });
  });

  it("wants the whole of a state that is an object", () => {
    type Line = { name: "idle" } | { name: "ringing"; from: string };
    genStatem({
      init: (): { state: Line; data: null } => ({ state: { name: "idle" }, data: null }),
      states: {
        idle: {
          cast: {
            ring(self, from: string) {
              self.nextState({ name: "ringing", from });
              // @ts-expect-error from is missing
              self.nextState({ name: "ringing" });
            },
          },
        },
        ringing: {},
      },
    });
  });
});
