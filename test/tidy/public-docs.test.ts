import { describe, expect, it } from "vitest";
import { checkPublicDocs } from "./public-docs.ts";
import type { Source } from "./source.ts";

describe("checkPublicDocs", () => {
  it.each([
    [`export { f } from "./f.ts";`, "export function f() {}"],
    [`export { f } from "./f.ts";`, "// A comment is no doc.\nexport function f() {}"],
    [`export { f } from "./f.ts";`, "/** Of g. */\nfunction g() {}\nexport function f() {}"],
    [`export { f } from "./f.ts";`, "const f = 1;\nexport { f };"],
    [`export type { f } from "./f.ts";`, "export type f = 1;"],
    [`export { f as g } from "./f.ts";`, "export class f {}"],
    [`import { f } from "./f.ts"; export { f };`, "export const f = 1;"],
    [`export const f = 1;`, ""],
    [`export { f } from "./missing.ts";`, ""],
    [`export { f } from "./f.ts";`, "export const g = 1;"],
    [`export * from "./f.ts";`, "/** Doc. */\nexport const f = 1;"],
  ])("refuses %s with %s", (entry, text) => {
    expect(check(entry, { "a/f.ts": text })).toHaveLength(1);
  });

  it.each([
    [`export { f } from "./f.ts";`, "/** Doc. */\nexport function f() {}"],
    [`export { f } from "./f.ts";`, "/** Doc. */\nexport function f(): 1;\nexport function f() {}"],
    [`export { f } from "./f.ts";`, "/** Doc. */\n// Why.\nexport function f() {}"],
    [`export { f } from "./f.ts";`, "/** Doc. */\nconst f = 1;\nexport { f };"],
    [`export type { f } from "./f.ts";`, "/** Doc. */\nexport interface f {}"],
    [`import { f } from "./f.ts"; export { f };`, "/** Doc. */\nexport const f = 1;"],
    [`/** Doc. */ export const f = 1;`, ""],
    [`export {};`, ""],
  ])("accepts %s with %s", (entry, text) => {
    expect(check(entry, { "a/f.ts": text })).toEqual([]);
  });

  it("follows a name through a file that passes it on", () => {
    const files = {
      "a/f.ts": `export { f } from "./b/f.ts";`,
      "a/b/f.ts": "\nexport const f = 1;",
    };
    expect(check(`export { f } from "./f.ts";`, files)).toEqual([
      { path: "a/b/f.ts", line: 2, message: "f is public and has no doc comment" },
    ]);
  });
});

function check(entry: string, files: Readonly<Record<string, string>>): unknown[] {
  const sources = new Map<string, Source>(Object.entries(files).map(([path, text]) => [path, { path, text }]));
  return checkPublicDocs({ path: "a/index.ts", text: entry }, sources);
}
