import { KrarupError } from "@krarup/core";
import { application, isApplication } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";

const start = (): object => ({});

describe("application", () => {
  it("makes what isApplication knows", () => {
    expect(isApplication(application({ name: "clocks", start }))).toBe(true);
    expect([undefined, null, "application", { name: "clocks", start }].map(isApplication)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it.each([
    { name: "" },
    { name: 1 },
    { start: "x" },
    { applications: "store" },
    { applications: ["store", ""] },
    { applications: [{ name: "store" }] },
    { env: null },
  ])("refuses %j", (wrong) => {
    // What does not compile may still arrive from JavaScript.
    expect(() => application({ name: "clocks", start, ...(wrong as object) })).toThrow(KrarupError);
  });
});
