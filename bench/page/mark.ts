// The marks of a plot, as SVG paths around a point.

import type { System, Shape } from "./systems.ts";

const PATHS: Readonly<Record<Shape, string>> = {
  circle: "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z",
  square: "M-4-4h8v8h-8z",
  diamond: "M0-5.5l5.5 5.5l-5.5 5.5l-5.5-5.5z",
  triangle: "M0-5l5 9h-10z",
  plus: "M-5 0h10M0-5v10",
  cross: "M-4-4l8 8M-4 4l8-8",
};

/** Draws the mark of `system` at a point; `title` is shown under the mouse. */
export function drawMark(system: System, x: number, y: number, title: string): string {
  const fill = system.isHollow === true ? " hollow" : "";
  const path = `<path class="mark ${system.family}${fill}" d="${PATHS[system.shape]}" transform="translate(${x} ${y})">`;
  return `${path}<title>${escapeText(title)}</title></path>`;
}

/** Text as it may stand in SVG. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
