import { describe, expect, it } from "vitest";
import { Burst } from "../../../src/behaviours/log/log-burst.ts";

describe("Burst", () => {
  it("admits so many in a window, and begins anew with the next", () => {
    const burst = new Burst({ maxCount: 2, windowMs: 100 });
    expect([0, 10, 20, 99, 100, 101, 102].map((nowMs) => burst.admits(nowMs))).toEqual([
      true,
      true,
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  it("tells how many it dropped when the window is over, once", () => {
    const burst = new Burst({ maxCount: 0, windowMs: 100 });
    burst.admits(0);
    burst.admits(1);
    expect([burst.isPending, burst.takeDropped(99), burst.takeDropped(100), burst.takeDropped(101)]).toEqual([
      true,
      0,
      2,
      0,
    ]);
    expect(burst.isPending).toBe(false);
  });

  it("has OTP's limits unless told otherwise", () => {
    const burst = new Burst({});
    const admitted = Array.from({ length: 600 }, () => burst.admits(999)).filter(Boolean);
    expect([admitted.length, burst.admits(1_999)]).toEqual([500, true]);
  });
});
