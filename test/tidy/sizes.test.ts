import { describe, expect, it } from "vitest";
import { checkFileSize, checkFunctionSizes, countCodeLines } from "./sizes.ts";

const path = "packages/core/src/kernel/node.ts";

describe("checkFunctionSizes", () => {
  it.each([
    ["function f() {", "}"],
    ["const f = () => {", "};"],
    ["class C { m() {", "} }"],
  ])("a function of 70 lines may stand, one of 71 may not: %s", (head, tail) => {
    expect(checkFunctionSizes({ path, text: head + "\n".repeat(69) + tail })).toEqual([]);
    expect(checkFunctionSizes({ path, text: head + "\n".repeat(70) + tail })).toEqual([
      { path, line: 1, message: "a function of 71 lines" },
    ]);
  });

  it("a suite of tests may be longer", () => {
    const text = `describe("f", () => {${"\n".repeat(100)}});`;
    expect(checkFunctionSizes({ path: "packages/core/test/f.test.ts", text })).toEqual([]);
  });
});

describe("checkFileSize", () => {
  it("a file of 400 code lines may stand, one of 401 needs a reason", () => {
    const fitting = { path, text: "f();\n".repeat(400) };
    const long = { path, text: "f();\n".repeat(401) };
    expect(checkFileSize(fitting, {})).toEqual([]);
    expect(checkFileSize(long, {})).toHaveLength(1);
    expect(checkFileSize(long, { [path]: "one table" })).toEqual([]);
  });

  it("a reason that is not needed any more is an error", () => {
    expect(checkFileSize({ path, text: "f();" }, { [path]: "one table" })).toHaveLength(1);
  });
});

describe("countCodeLines", () => {
  it("leaves comments and empty lines out", () => {
    const text = "/** Doc.\n * More.\n */\nf(); // why\n\n// story\ng(\n);\n";
    expect(countCodeLines({ path, text })).toBe(3);
  });
});
