import { KrarupError } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { show } from "../../src/values/errors.ts";

describe("a KrarupError", () => {
  it("carries code, OTP's word, the value and the cause", () => {
    const cause = new Error("deeper");
    expect(new KrarupError("ERR_NOPROC", "Cannot link", 5, { cause })).toMatchObject({
      name: "KrarupError",
      code: "ERR_NOPROC",
      reason: "noproc",
      value: 5,
      message: "Cannot link",
      cause,
    });
  });
});

describe("show", () => {
  it.each([
    ["text", '"text"'],
    ["x".repeat(100), `"${"x".repeat(57)}..."`],
    [5, "5"],
    [10n, "10"],
    [undefined, "undefined"],
    [null, "null"],
    [[1, 2], "an array of 2"],
    [{ a: 1 }, "an object"],
    [() => 1, "a function"],
    [Symbol("s"), "a symbol"],
  ])("of %o is %s", (value, text) => {
    expect(show(value)).toBe(text);
  });

  it("survives a revoked proxy", () => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    expect(show(proxy)).toBe("a revoked proxy");
  });
});
