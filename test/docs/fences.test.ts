import { describe, expect, it } from "vitest";
import { fencesInMarkdown, fencesInSource } from "./fences.ts";

describe("fencesInMarkdown", () => {
  it("finds the TypeScript fences with the line of their code", () => {
    const text = "# Title\n\n```ts\na;\nb;\n```\n\n```sh\nnpm ci\n```\n\n```ts no-run\nc;\n```\n";
    expect(fencesInMarkdown("a.md", text)).toEqual([
      { path: "a.md", line: 4, code: "a;\nb;", runs: true },
      { path: "a.md", line: 13, code: "c;", runs: false },
    ]);
  });

  it("takes the indentation of a list away", () => {
    const text = "- item\n  ```ts\n  if (a) {\n    b;\n  }\n  ```\n";
    expect(fencesInMarkdown("a.md", text)).toMatchObject([{ line: 3, code: "if (a) {\n  b;\n}" }]);
  });

  it("leaves a fence inside a longer fence to the longer one", () => {
    expect(fencesInMarkdown("a.md", "````md\n```ts\na;\n```\n````\n")).toEqual([]);
  });

  it("refuses a flag that it does not know, which would turn a test off unseen", () => {
    expect(() => fencesInMarkdown("a.md", "```ts norun\na;\n```")).toThrow(`a.md:1 a fence is "ts" or "ts no-run"`);
  });

  it("refuses a fence without an end", () => {
    expect(() => fencesInMarkdown("a.md", "```ts\na;")).toThrow("a.md:1 this fence has no end");
  });
});

describe("fencesInSource", () => {
  it("finds the fences of doc comments", () => {
    const text = "const x = 1;\n/**\n * Does.\n *\n * ```ts\n * if (a)\n *   b;\n * ```\n */\nexport function f() {}\n";
    expect(fencesInSource("a.ts", text)).toEqual([{ path: "a.ts", line: 6, code: "if (a)\n  b;", runs: true }]);
  });

  it("leaves other comments alone", () => {
    expect(fencesInSource("a.ts", "/*\n```ts\na;\n```\n*/\n// ```ts\n")).toEqual([]);
  });
});
