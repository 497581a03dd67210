import { describe, expect, it } from "vitest";
import { claimedModule } from "./claims.ts";

describe("claimedModule", () => {
  it.each([
    ["f(1); // => 2", "claim(9, (f(1)), 2); // => 2"],
    ["await f(); // => [2]", "claim(9, (await f()), [2]); // => [2]"],
    ["const x = f(); // => 2", "const x = f(); claim(9, x, 2); // => 2"],
    ["a; b; // => 2", "a; claim(9, (b), 2); // => 2"],
    ["g(function* () { yield* f(); }); // => 2", "claim(9, (g(function* () { yield* f(); })), 2); // => 2"],
    [
      "f(); // throws ERR_X",
      `{ let thrown: unknown; try { f(); } catch (error) { thrown = error; } claimThrown(9, thrown, "ERR_X"); } // throws ERR_X`,
    ],
    [
      "f(); // throws",
      "{ let thrown: unknown; try { f(); } catch (error) { thrown = error; } claimThrown(9, thrown, undefined); } // throws",
    ],
  ])("%s", (code, expected) => {
    const { text, claims } = claimedModule({ path: "a.md", line: 9, code, runs: true });
    expect(text.trimEnd().split("\n").at(-1)).toBe(expected);
    expect(claims).toEqual([9]);
  });

  it("takes a claim on the line below", () => {
    const fence = { path: "a.md", line: 9, code: "f(\n  1,\n);\n// => 2\n", runs: true };
    expect(claimedModule(fence).text).toContain("claim(12, (f(\n  1,\n)), 2);\n// => 2");
  });

  it("keeps every line where the document has it", () => {
    const fence = { path: "a.md", line: 4, code: "a;\nb; // => 1\nc;", runs: true };
    const lines = claimedModule(fence).text.split("\n");
    expect(lines.slice(3)).toEqual(["a;", "claim(5, (b), 1); // => 1", "c;"]);
    expect(lines[0]).toContain("import");
  });

  it("refuses a claim about nothing", () => {
    const fence = { path: "a.md", line: 9, code: "\n// => 2", runs: true };
    expect(() => claimedModule(fence)).toThrow("a.md:10 a claim about nothing");
  });

  it("refuses an example that is no TypeScript", () => {
    const fence = { path: "a.md", line: 9, code: "let 1;", runs: true };
    expect(() => claimedModule(fence)).toThrow("a.md:9");
  });
});
