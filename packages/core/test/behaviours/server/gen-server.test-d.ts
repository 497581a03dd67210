import {
  type From,
  genServer,
  ignore,
  type Operation,
  type Pid,
  refuse,
  type RequestId,
  self,
  sendRequest,
} from "@krarup/core";
import { describe, expectTypeOf, it } from "vitest";

const Stack = genServer({
  init: (items: readonly string[], max: number = 10) => ({ items: [...items], max }),
  call: {
    push(own, item: string) {
      expectTypeOf(own.state).toEqualTypeOf<Readonly<{ items: string[]; max: number }>>();
      // @ts-expect-error the state is replaced or drafted, not changed in place
      own.state.max = 3;
      own.draft.items.push(item);
      return own.state.items.length;
    },
    pop: (own) => own.draft.items.pop(),
    *slowly(_own, ms: number) {
      yield* self().sleep(ms);
      return "done" as const;
    },
    later(own, wanted: string) {
      expectTypeOf(own.from).toEqualTypeOf<From<unknown>>();
      return wanted === "" ? own.noReply<boolean>() : false;
    },
  },
  cast: {
    clear(own) {
      own.state = { items: [], max: 10 };
      // @ts-expect-error a state of another shape
      own.state = { items: [] };
    },
    grow(own, by: number, _why?: string) {
      own.draft.max += by;
    },
  },
});

declare const stack: Awaited<ReturnType<typeof Stack.start>>;
const calls = Stack.call(stack);
const casts = Stack.cast("stack");

describe("genServer", () => {
  it("types the start by init", () => {
    expectTypeOf(Stack.start).parameters.toEqualTypeOf<[items: readonly string[], max?: number | undefined]>();
    expectTypeOf(Stack.startLink).parameters.toEqualTypeOf<[items: readonly string[], max?: number | undefined]>();
    // @ts-expect-error the items are strings
    void Stack.start([1]);
    // @ts-expect-error they must be given
    void Stack.startOpt([], { name: "stack" });
  });

  it("types each request to its own reply", () => {
    expectTypeOf(calls.push("a")).toEqualTypeOf<Operation<number>>();
    expectTypeOf(calls.pop()).toEqualTypeOf<Operation<string | undefined>>();
    expectTypeOf(calls.slowly(5)).toEqualTypeOf<Operation<"done">>();
    expectTypeOf(calls.later("")).toEqualTypeOf<Operation<boolean>>();
    expectTypeOf(casts.grow(1)).toEqualTypeOf<void>();
    expectTypeOf(Stack.sendRequest(stack).push("a")).toEqualTypeOf<RequestId<number>>();
  });

  it("refuses wrong requests", () => {
    // @ts-expect-error no such request
    void calls.psuh("a");
    // @ts-expect-error an item is a string
    void calls.push(1);
    // @ts-expect-error an item is missing
    void calls.push();
    // @ts-expect-error one too many
    void calls.pop(1);
    // @ts-expect-error a cast is no call
    void calls.clear();
    // @ts-expect-error a call is no cast
    casts.push("a");
    // @ts-expect-error by a number
    casts.grow("1");
    // @ts-expect-error nor is it a request
    void Stack.sendRequest(stack).clear();
  });

  it("lets a raw request name what it wants", () => {
    sendRequest<["push", string], number>(stack, ["push", "a"]);
    // @ts-expect-error a number is no item
    sendRequest<["push", number], number>(stack, ["push", 1]);
  });

  it("refuses a server of another kind", () => {
    const Other = genServer({ init: () => 0, call: { value: ({ state }) => state } });
    void Other.start().then((other) => {
      // @ts-expect-error it does not understand these requests
      return Stack.call(other);
    });
    expectTypeOf(Other.call("other").value()).toEqualTypeOf<Operation<number>>();
  });

  it("takes refusals and generators for init", () => {
    const Picky = genServer({
      *init(n: number) {
        yield* self().sleep(1);
        if (n < 0) return ignore();
        return n > 9 ? refuse("too many") : { n };
      },
      call: { n: ({ state }) => state.n },
    });
    expectTypeOf(Picky.call("picky").n()).toEqualTypeOf<Operation<number>>();
    expectTypeOf(Picky.start).parameters.toEqualTypeOf<[n: number]>();
  });

  it("needs neither calls nor casts", () => {
    const Quiet = genServer({ init: () => "quiet" });
    expectTypeOf(Quiet.start()).toExtend<Operation<Pid<never>>>();
    // @ts-expect-error nothing can be asked
    void Quiet.call("quiet").anything;
  });
});
