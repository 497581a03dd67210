import { brief, ExitException, explainReason } from "@krarup/core";
import { describe, expect, it } from "vitest";

describe("brief", () => {
  it.each([
    ["text", '"text"'],
    [undefined, "undefined"],
    [{ a: 1n }, '{"a":"1n"}'],
    [Symbol("s"), "Symbol(s)"],
    [new Error("x"), "Error: x"],
    [Object.create(null), "{}"],
  ])("of %o is %s", (value, text) => {
    expect(brief(value)).toBe(text);
  });

  it("is cut", () => {
    expect(brief("x".repeat(1_000))).toHaveLength(200);
  });

  it.each([
    [
      "a getter that throws",
      {
        get a() {
          throw new Error("x");
        },
      },
    ],
    [
      "an error whose message throws",
      Object.defineProperty(new Error("x"), "message", {
        get() {
          throw new Error("y");
        },
      }),
    ],
    ["a toJSON that hides it, and no toString", Object.assign(Object.create(null), { toJSON: () => undefined })],
  ])("survives %s", (_what, value) => {
    expect(brief(value)).toBe("(unprintable)");
  });
});

describe("explainReason", () => {
  it("follows the causes, to a bound", () => {
    const error = new Error("x");
    error.cause = error;
    expect(explainReason(error).match(/caused by/g)).toHaveLength(16);
    expect(explainReason(new ExitException("why", { cause: "deeper" }))).toMatch(
      /Exit with reason why[^]*caused by "deeper"/,
    );
  });
});
