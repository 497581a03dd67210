import { describe, expect, it } from "vitest";
import { checkDoors } from "./doors.ts";

const KERNEL = "packages/core/src/kernel/node.ts";

describe("checkDoors", () => {
  it.each([
    "Date.now();",
    "new Date();",
    "Date();",
    "performance.now();",
    "Math.random();",
    "setTimeout(f, 1);",
    "setInterval(f, 1);",
    "setImmediate(f);",
    "queueMicrotask(f);",
    "process.exit();",
    "console.log(1);",
    "globalThis.process;",
    "const { process } = globalThis as Wide;",
    "const { Date: Clock } = globalThis;",
    "const everything = globalThis;",
    "globalThis[name];",
    "'setImmediate' in globalThis;",
    "const { ...all } = globalThis;",
  ])("the kernel may not say %s", (text) => {
    expect(checkDoors({ path: KERNEL, text })).toHaveLength(1);
    expect(checkDoors({ path: "packages/supervisor/src/tree.ts", text })).toHaveLength(1);
  });

  it.each([
    "value instanceof Date;",
    "new Date(value.getTime());",
    "Math.floor(1.5);",
    "clock.now();",
    "function f(process: Process) { return process.pid; }",
    "type T = typeof globalThis;",
    "const { Float16Array } = globalThis as Wide;",
    "globalThis.Float16Array;",
  ])("the kernel may say %s", (text) => {
    expect(checkDoors({ path: KERNEL, text })).toEqual([]);
  });

  it("the platforms are the doors", () => {
    const text = "Date.now(); console.log(1);";
    expect(checkDoors({ path: "packages/core/src/platforms/node.ts", text })).toEqual([]);
  });

  it("only the command prints", () => {
    const text = "console.log(process.pid);";
    expect(checkDoors({ path: "packages/observer/src/server.ts", text })).toEqual([
      {
        path: "packages/observer/src/server.ts",
        line: 1,
        message: "console belongs behind a door",
      },
    ]);
    expect(checkDoors({ path: "packages/cli/src/main.ts", text })).toEqual([]);
  });
});
