import { describe, expect, it } from "vitest";
import { reasonForOneMore, reasonOfThrown, toExitReason } from "../../src/mechanisms/exit-term.ts";

function hostileError(property: "message" | "stack" | "cause" | "name"): Error {
  return Object.defineProperty(new Error("x", { cause: 1 }), property, {
    get() {
      throw new Error("gotcha");
    },
  });
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

describe("toExitReason", () => {
  it.each(["normal", undefined, null, 5, 10n])("passes %o as it is", (reason) => {
    expect(toExitReason(reason)).toBe(reason);
  });

  it("copies and freezes, all the way down", () => {
    const details = { a: [1] };
    const reason = toExitReason(["bad", Object.assign(new TypeError("x", { cause: { b: {} } }), { details })]);
    const [tag, error] = reason as [string, TypeError & { details: typeof details; cause: { b: object } }]; // as put in
    expect([tag, error.message, error.details]).toEqual(["bad", "x", details]);
    expect([reason, error, error.details, error.details.a, error.cause, error.cause.b].every(Object.isFrozen)).toBe(
      true,
    );
    expect(Object.isFrozen(details)).toBe(false);
  });

  it.each([
    [() => 1, "a function"],
    [Symbol("s"), "a symbol"],
    [
      ["bad", () => 1],
      ["bad", "a function"],
    ],
    [
      { type: "bad", socket: new WeakMap(), n: 1 },
      { type: "bad", socket: "an instance of WeakMap", n: 1 },
    ],
  ])("replaces what cannot be sent by its description: %o", (reason, expected) => {
    expect(toExitReason(reason)).toEqual(expected);
  });

  it("survives a revoked proxy", () => {
    expect(toExitReason(revoked())).toBe("an object that cannot be looked at");
    expect(toExitReason({ proxy: revoked() })).toEqual({ proxy: "an object that cannot be looked at" });
  });

  it.each(["message", "stack", "cause", "name"] as const)("survives an error whose %s throws", (property) => {
    expect(toExitReason(hostileError(property))).toMatchObject({ message: "an instance of Error that cannot be read" });
  });

  it("cuts what contains itself", () => {
    const error = new Error("x");
    error.cause = error;
    expect(toExitReason(error)).toMatchObject({ message: "x", cause: "an instance of Error" });
    const cycle: { self?: object } = {};
    cycle.self = cycle;
    expect(toExitReason(cycle)).toEqual({ self: "an instance of Object" });
  });

  it("keeps sixteen of a chain of causes that cannot be sent whole", () => {
    let error = Object.assign(new Error("root"), { fn: () => 1 });
    for (let i = 0; i < 30; i++) error = Object.assign(new Error(`level ${i}`, { cause: error }), { fn: () => 1 });
    let length = 0;
    for (let at = toExitReason(error); at instanceof Error; at = at.cause) length++;
    expect(length).toBe(16);
  });

  it("is bounded, however the parts refer to each other", () => {
    let part: object = { fn: () => 1 };
    for (let i = 0; i < 100; i++) part = { left: part, right: part };
    expect(toExitReason(part)).toBeTypeOf("object");
  });

  it("takes a frozen error", () => {
    expect(toExitReason(Object.freeze(new Error("x")))).toMatchObject({ message: "x" });
  });
});

describe("reasonForOneMore", () => {
  it("is the reason itself when it cannot change", () => {
    const reason = toExitReason(["bad", new Error("x")]);
    expect(reasonForOneMore(reason)).toBe(reason);
  });

  it.each([new Map([[1, 2]]), new Set([1]), new Date(0), new Uint8Array(1)])("is a copy when it holds %o", (part) => {
    const reason = toExitReason(["bad", part]);
    expect(reasonForOneMore(reason)).toEqual(["bad", part]);
    expect(reasonForOneMore(reason)).not.toBe(reason);
  });
});

describe("reasonOfThrown", () => {
  it("is the error itself, in its immutable form", () => {
    expect(reasonOfThrown(new RangeError("x"))).toMatchObject({ name: "RangeError", message: "x" });
  });

  it.each([
    [5, "5"],
    ["text", '"text"'],
    [undefined, "undefined"],
    [null, "null"],
    [{ a: 1 }, "an object"],
  ])("of %o, which is no error, is a nocatch", (thrown, text) => {
    expect(reasonOfThrown(thrown)).toMatchObject({
      code: "ERR_NOCATCH",
      reason: "nocatch",
      message: `Nobody caught the thrown value ${text}`,
    });
  });

  it("asks nothing of a hostile one", () => {
    expect(reasonOfThrown(revoked())).toMatchObject({
      code: "ERR_NOCATCH",
      message: "Nobody caught the thrown value a revoked proxy",
    });
    expect(reasonOfThrown({ toString: () => expect.fail("nobody asks") })).toMatchObject({ code: "ERR_NOCATCH" });
  });
});
