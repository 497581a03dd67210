import { describe, expect, it } from "vitest";
import { type DotRow, drawDotPlot } from "../../bench/page/dot-plot.ts";
import type { System } from "../../bench/page/systems.ts";

const go: System = { name: "go", title: "Go", family: "native", shape: "triangle" };
const nact: System = { name: "nact", title: "<nact>", family: "javascript", shape: "diamond" };

const draw = (...rows: DotRow[]): string =>
  drawDotPlot({ title: "T", subtitle: "S", rows, reference: 1, show: (value) => `${value}x` });
const dot = (system: System, value: number) => ({ system, value, min: value, max: value });
const marksIn = (svg: string): number[] =>
  [...svg.matchAll(/class="mark .*?translate\((\S+) .*?<title>.*?x</g)].map(([, x]) => Number(x));
const gridIn = (svg: string): string[] =>
  [...svg.matchAll(/text-anchor="middle">(.*?)</g)].map(([, text]) => text ?? "");

describe("drawDotPlot", () => {
  it("puts ten times as much one decade to the right", () => {
    const [one = 0, ten = 0, hundred = 0] = marksIn(
      draw({ title: "a", dots: [dot(go, 1), dot(go, 10), dot(go, 100)] }),
    );
    expect(ten - one).toBeGreaterThan(0);
    expect(hundred - ten).toBeCloseTo(ten - one, 0);
  });

  it("reaches over the decades that the values, the ranges and the targets lie in", () => {
    expect(gridIn(draw({ title: "a", dots: [dot(go, 2)] }))).toEqual(["1x", "10x"]);
    expect(gridIn(draw({ title: "a", dots: [{ system: go, value: 2, min: 0.5, max: 30 }] }))).toEqual([
      "0.1x",
      "1x",
      "10x",
      "100x",
    ]);
    expect(gridIn(draw({ title: "a", dots: [dot(go, 2)], target: 40 }))).toEqual(["1x", "10x", "100x"]);
  });

  it("draws axes also where nothing was measured", () => {
    expect(gridIn(draw())).toEqual(["1x", "10x"]);
  });

  it("has a legend where there is more than one system", () => {
    expect(draw({ title: "a", dots: [dot(go, 2)] })).not.toContain(">Go</text>");
    expect(draw({ title: "a", dots: [dot(go, 2), dot(nact, 3)] })).toContain(">Go</text>");
  });

  it("escapes what is no markup", () => {
    const svg = draw({ title: "a < b & c", dots: [dot(go, 2), dot(nact, 3)] });
    expect(svg).toContain("a &lt; b &amp; c");
    expect(svg).toContain("&lt;nact&gt;");
  });

  it("brings a palette for dark pages", () => {
    expect(draw()).toContain("prefers-color-scheme: dark");
  });
});
