import { describe, expect, it } from "vitest";
import { cutToWidth, textWidth } from "../../src/show/text-width.ts";

describe("textWidth", () => {
  it.each([
    ["abc", 3],
    ["è", 1],
    ["漢字", 4],
    ["🙂", 2],
    ["├─ ", 3],
    ["", 0],
  ])("of %s is %i", (text, width) => {
    expect(textWidth(text)).toBe(width);
  });
});

describe("cutToWidth", () => {
  it.each([
    ["abcdef", 6, "abcdef"],
    ["abcdef", 5, "abcd…"],
    ["漢字漢字", 5, "漢字…"],
    ["漢字漢字", 4, "漢…"],
  ])("cuts %s to %i columns as %s", (text, width, cut) => {
    expect(cutToWidth(text, width, "…")).toBe(cut);
  });
});
