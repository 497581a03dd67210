import { describe, expect, it } from "vitest";
import { parseDuration, shortDuration } from "../src/duration.ts";

describe("parseDuration", () => {
  it.each([
    ["250ms", 250],
    ["5s", 5_000],
    ["1.5s", 1_500],
    ["2m", 120_000],
    ["1h", 3_600_000],
    ["5", undefined],
    ["5 s", undefined],
    ["-5s", undefined],
    ["", undefined],
    ["1d", undefined],
  ])("of %j is %j milliseconds", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });
});

describe("shortDuration", () => {
  it.each([
    [0, "0ms"],
    [999, "999ms"],
    [1_000, "1s"],
    [59_999, "59s"],
    [60_000, "1m0s"],
    [3_599_999, "59m59s"],
    [11_520_000, "3h12m"],
    [86_400_000, "1d0h"],
  ])("of %i ms is %s", (ms, text) => {
    expect(shortDuration(ms)).toBe(text);
  });
});
