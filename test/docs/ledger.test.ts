import { describe, expect, it } from "vitest";
import { claim, claimThrown, openLedger } from "./ledger.ts";

describe("claim", () => {
  it("notes that it was reached and found true", () => {
    const ledger = openLedger();
    claim(3, { a: [1] }, { a: [1] });
    expect(ledger).toEqual({ reached: new Set([3]), failures: [] });
  });

  it("notes a failure, for the process that it crashes may be nobody's", () => {
    const ledger = openLedger();
    expect(() => claim(3, 1, 2)).toThrow("line 3");
    expect(ledger.failures).toHaveLength(1);
  });
});

describe("claimThrown", () => {
  it("holds when the error has the code", () => {
    const ledger = openLedger();
    claimThrown(3, Object.assign(new Error("no"), { code: "ERR_X" }), "ERR_X");
    claimThrown(4, new Error("no"));
    expect(ledger.failures).toEqual([]);
  });

  it.each([
    ["nothing was thrown", undefined, undefined],
    ["something else was thrown", new Error("no"), "ERR_X"],
  ])("fails when %s", (_case, thrown, code) => {
    const ledger = openLedger();
    expect(() => claimThrown(3, thrown, code)).toThrow("line 3");
    expect(ledger.failures).toHaveLength(1);
  });
});
