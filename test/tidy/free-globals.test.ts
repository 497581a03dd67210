import { describe, expect, it } from "vitest";
import { freeGlobals } from "./free-globals.ts";

describe("freeGlobals", () => {
  it.each([
    "process.exit();",
    "const held = process;",
    "const held = { process };",
    "const held = { [process]: 1 };",
    "held[process];",
    "function f(a = process) {}",
    "class C extends process {}",
    "(process as Foo).exit();",
    "`${process}`;",
    "export default process;",
    "{ const process = 1; } process;",
    "switch (process) { case 1: }",
    "for (process of []);",
    "declare const process: { exit(): void }; process.exit();",
  ])("finds the global in %s", (text) => {
    expect(names(text)).toContain("process");
  });

  it.each([
    "const process = 1; process;",
    "export function process() {} process();",
    "import { process } from './process.ts'; process;",
    "import * as process from './process.ts'; process;",
    "function f(process: Process) { return process; }",
    "const f = (process) => process;",
    "const { a: { process }, ...rest } = 1; process;",
    "const [process = 2] = []; process;",
    "for (const process of []) process;",
    "for (let process = 0; ; ) process;",
    "try {} catch (process) { process; }",
    "switch (1) { case 1: const process = 1; process; }",
    "f(); function f() { return process; } const process = 1;",
    "held.process;",
    "held = { process: 1 };",
    "class C { process = 1; static process() {} }",
    "type T = { process: typeof process };",
    "let x: process;",
    "// process",
    "process: for (;;) break process;",
  ])("finds none in %s", (text) => {
    expect(names(text)).not.toContain("process");
  });
});

function names(text: string): string[] {
  return freeGlobals({ path: "a.ts", text }).map(({ name }) => name);
}
