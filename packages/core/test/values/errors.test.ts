import { readFileSync } from "node:fs";
import { ERROR_CODES, KrarupError } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { show } from "../../src/values/errors.ts";

const document = readFileSync(new URL("../../../../docs/errors.md", import.meta.url), "utf8");
const sections = new Map(
  document
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf("\n")), section]),
);

describe("docs/errors.md", () => {
  it("explains every code there is and no other, in order", () => {
    expect([...sections.keys()]).toEqual(ERROR_CODES);
  });

  it.each(ERROR_CODES)("says of %s what it means, whence it comes, what to do, and OTP's word", (code) => {
    const section = sections.get(code) ?? "";
    expect(section).toMatch(/^\*.+\*/m);
    expect(section).toContain(`OTP: \`${new KrarupError(code, "").reason}\``);
    expect(section).toMatch(/^Cause: /m);
    expect(section).toMatch(/^Remedy: /m);
  });
});

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
