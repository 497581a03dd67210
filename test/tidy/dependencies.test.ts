import { describe, expect, it } from "vitest";
import { checkDependencies } from "./dependencies.ts";

const RECORD = "| Name | Why |\n| --- | --- |\n| `immer` | drafts |\n";

describe("checkDependencies", () => {
  it("accepts a recorded dependency at an exact version, and our own packages", () => {
    expect(check({ immer: "11.2.10", krarup: "0.1.0", "@krarup/core": "0.1.0" })).toEqual([]);
  });

  it("refuses a dependency that nobody decided on", () => {
    expect(check({ immer: "11.2.10", "left-pad": "1.3.0" })).toEqual(["left-pad has no row in the record"]);
  });

  it("refuses a decision that nobody uses", () => {
    expect(check({})).toEqual(["immer is recorded but not used"]);
  });

  it.each(["^11.2.10", "11", "latest", "*"])("refuses the version %s", (version) => {
    expect(check({ immer: version })).toEqual([`package.json: immer has no exact version: ${version}`]);
  });
});

function check(dependencies: Readonly<Record<string, string>>): string[] {
  return checkDependencies([{ path: "package.json", dependencies }], RECORD);
}
