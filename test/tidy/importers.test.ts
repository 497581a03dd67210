import { describe, expect, it } from "vitest";
import { checkImporters } from "./importers.ts";

describe("checkImporters", () => {
  it("names the second importer of a third-party package in one of ours", () => {
    const sources = [
      { path: "packages/observer/src/codec.ts", text: `import { pack } from "msgpackr";` },
      { path: "packages/observer/src/frame.ts", text: `\nimport { unpack } from "msgpackr/unpack";` },
      { path: "packages/cli/src/main.ts", text: `import { pack } from "msgpackr";` },
    ];
    expect(checkImporters(sources)).toEqual([
      {
        path: "packages/observer/src/frame.ts",
        line: 2,
        message: "msgpackr is imported by packages/observer/src/codec.ts already",
      },
    ]);
  });

  it("lets everybody import our own files, our own packages and Node", () => {
    const text = `import "./a.ts"; import "@krarup/core"; import "node:fs"; import "commander";`;
    const sources = [
      { path: "packages/cli/src/a.ts", text },
      { path: "packages/cli/src/b.ts", text: text.replace(`import "commander";`, "") },
      { path: "test/c.test.ts", text },
    ];
    expect(checkImporters(sources)).toEqual([]);
  });
});
