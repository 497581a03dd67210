import { describe, expect, it } from "vitest";
import { checkLeftovers } from "./leftovers.ts";

describe("checkLeftovers", () => {
  it.each([
    "// FIXME",
    "/* XXX: later */",
    "// TODO: think",
    "debugger;",
    "it.only('x', f);",
    "describe.only.each([])('x', f);",
    "it.skip('x', f);",
    "it.todo('x');",
  ])("refuses %s", (text) => {
    expect(checkLeftovers({ path: "a.test.ts", text })).toHaveLength(1);
  });

  it.each([
    "// TODO(#12): think",
    "// Windows has no unix sockets.\nit.skip('x', f);",
    "it.skipIf(isWindows)('x', f);",
    "list.only(x);",
    `"FIXME";`,
  ])("accepts %s", (text) => {
    expect(checkLeftovers({ path: "a.test.ts", text })).toEqual([]);
  });
});
