// Two probabilities on one scale: the measured one with its interval, and the formula's.
//
//   0 ├─────────━━━━━━━●━━━┃━━━─────────────┤ 10 %

import type { Paint } from "./paint.ts";
import { percent } from "./wording.ts";

/** Draws the scale from 0 to a round value above everything on it, in `width` columns. */
export function drawGauge(
  measured: number,
  halfWidth: number | undefined,
  formula: number,
  width: number,
  paint: Paint,
): string {
  const end = roundUp(Math.max(formula * 1.5, measured + (halfWidth ?? 0), 0.01));
  const caption = percent(end).replace(".00", "");
  const cells = Math.max(10, Math.min(46, width) - caption.length - 5);
  const columnOf = (value: number): number => Math.max(0, Math.min(cells - 1, Math.round((value / end) * (cells - 1))));
  const line = Array.from({ length: cells }, () => paint("dim", "─"));
  if (halfWidth !== undefined)
    line.fill(paint("cyan", "━"), columnOf(measured - halfWidth), columnOf(measured + halfWidth) + 1);
  line[columnOf(formula)] = paint("magenta", "┃");
  line[columnOf(measured)] = paint("cyan", columnOf(measured) === columnOf(formula) ? "◉" : "●");
  return `0 ${paint("dim", "├")}${line.join("")}${paint("dim", "┤")} ${caption}`;
}

/** The next of 1, 2, 5, 10, 20, 50 and 100 per cent. */
function roundUp(share: number): number {
  return [0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((step) => step >= share) ?? 1;
}
