import { changeCode, type CodeChangeAnswer, genServer, genStatem, type Operation, type Pid } from "@krarup/core";
import { describe, expectTypeOf, it } from "vitest";

describe("changeCode", () => {
  it("returns its two cases", () => {
    expectTypeOf(changeCode({} as Pid<never>, "v1", null)).toEqualTypeOf<Operation<CodeChangeAnswer>>();
  });
});

describe("codeChange", () => {
  it("is given the server's state and returns one", () => {
    genServer({
      init: () => 7,
      codeChange: (vsn, state, extra) => {
        expectTypeOf(vsn).toBeUnknown();
        expectTypeOf(state).toEqualTypeOf<number>();
        expectTypeOf(extra).toBeUnknown();
        return state;
      },
    });
    // @ts-expect-error: the state is a number
    genServer({ init: () => 7, codeChange: () => "eight" });
    // @ts-expect-error: it may not wait
    genServer({ init: () => 7, codeChange: () => Promise.resolve(8) });
  });

  it("of a machine returns its state and its data", () => {
    genStatem({ init: () => ({ state: "off" as const, data: 7 }), states: { off: {} }, codeChange: () => ["off", 8] });
    // @ts-expect-error: there is no such state
    genStatem({ init: () => ({ state: "off" as const, data: 7 }), states: { off: {} }, codeChange: () => ["on", 8] });
  });
});
