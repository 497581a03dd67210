import { describe, expect, it } from "vitest";
import { closingLine } from "./closing-line.ts";

describe("closingLine", () => {
  it.each([
    ["every test", [ran("passed", "passed"), ran("passed")], [], "3 passed, 0 failed"],
    ["failures", [ran("passed", "failed")], [], "1 passed, 1 failed"],
    ["a file that could not be loaded", [broken()], [], "0 passed, 1 failed"],
    ["an error that belongs to no test", [ran("passed")], [new Error("stray")], "1 passed, 1 failed"],
    ["skipped tests", [ran("passed", "skipped")], [], "1 passed, 0 failed, 1 skipped"],
  ])("counts %s", (_case, modules, strayErrors, line) => {
    expect(closingLine(modules, strayErrors)).toBe(line);
  });
});

function ran(...states: string[]): Parameters<typeof closingLine>[0][number] {
  const tests = states.map((state) => ({ result: () => ({ state }) }));
  return { children: { allTests: () => tests }, errors: () => [] };
}

function broken(): Parameters<typeof closingLine>[0][number] {
  return { ...ran(), errors: () => [new SyntaxError("no")] };
}
