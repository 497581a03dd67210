// Figures as they are printed, on the terminal and on the page.

import type { Measured } from "./summary.ts";

/** `122 ns (117–139) · 3.1 ms`: median, minimum, maximum, and the largest timer lag of all runs. */
export function showMeasured(measured: Measured | null): string {
  if (measured === null) return "–";
  const { median, min, max, lagMs } = measured;
  const lag = lagMs === null ? "" : ` · ${showMs(lagMs)}`;
  const [unit, divisor] = unitOf(median);
  return `${short(median / divisor)} ${unit} (${short(min / divisor)}–${short(max / divisor)})${lag}`;
}

/** `122 ns`, `14.5 µs`, `2.1 ms` */
export function showNs(ns: number): string {
  const [unit, divisor] = unitOf(ns);
  return `${short(ns / divisor)} ${unit}`;
}

function unitOf(ns: number): readonly [unit: string, ns: number] {
  if (ns < 10_000) return ["ns", 1];
  return ns < 10_000_000 ? ["µs", 1_000] : ["ms", 1_000_000];
}

/** `0.42 ms`, `120 ms` */
export function showMs(ms: number): string {
  return `${Number(ms.toPrecision(2)).toLocaleString("en")} ms`;
}

/** `2.95x` */
export function showRatio(ratio: number | null): string {
  return ratio === null ? "" : `${ratio < 100 ? ratio.toFixed(2) : Math.round(ratio)}x`;
}

/** Three digits that count. */
function short(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en");
}
