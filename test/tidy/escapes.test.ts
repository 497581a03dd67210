import { describe, expect, it } from "vitest";
import { checkEscapes } from "./escapes.ts";

describe("checkEscapes", () => {
  it.each([
    "let x: any;",
    "f<any>();",
    "x!.y;",
    "let x!: number;",
    "class C { x!: number; }",
    "<T>x;",
    "x as T;",
    "x as unknown as T;",
    "/** Doc. */\nexport const y = x as T;",
    "// Two lines above is too far.\n\nx as T;",
  ])("refuses %s", (text) => {
    expect(check(text)).not.toEqual([]);
  });

  it.each([
    "let x: unknown;",
    "[1] as const;",
    "x satisfies T;",
    "import { a as b } from './a.ts';",
    "// It holds.\nx as T;",
    "x as T; // It holds.",
    "// It holds.\ncall = f(\n  x,\n  y as T,\n);",
    "call = f(\n  x,\n  // It holds.\n  y as T,\n);",
    "class C {\n  // It holds.\n  x = f(\n    y as T);\n}",
    `"any"; "x!.y"; "x as T";`,
  ])("accepts %s", (text) => {
    expect(check(text)).toEqual([]);
  });
});

function check(text: string): unknown[] {
  return checkEscapes({ path: "a.ts", text });
}
