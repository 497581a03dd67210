// A plot with a row for each workload and a mark for each system, on a logarithmic axis:
//
//   ping-pong       ├────△──●───────□──┤
//   ring            ├──◆───────●───────┤
//                   1       10       100
//
// Logarithmic, since what is compared differs by factors, and twice as fast is as far from the line as half as fast. The file brings its
// own background and both its palettes, so that it can be read wherever it is shown.

import { drawMark, escapeText } from "./mark.ts";
import type { System } from "./systems.ts";

/** One measured value, and the least and the most that it may have been. */
export interface Dot {
  readonly system: System;
  readonly value: number;
  readonly min: number;
  readonly max: number;
}

export interface DotRow {
  readonly title: string;
  readonly dots: readonly Dot[];
  /** Where a stroke shows what we ask of ourselves. */
  readonly target?: number;
}

export interface DotPlot {
  readonly title: string;
  /** What is to the right of the scale. */
  readonly subtitle: string;
  readonly rows: readonly DotRow[];
  /** Where a line stands for "as much as we". */
  readonly reference?: number;
  readonly show: (value: number) => string;
}

const WIDTH = 900;
const LEFT = 290;
const RIGHT = 44;
const TOP = 92;
const ROW = 26;
const BOTTOM = 34;
/** A letter of the legend, about, and what is between two entries. */
const LETTER = 7.5;
const LEGEND_GAP = 34;

const STYLE = `
  svg { --ground: #ffffff; --ink: #1f2328; --faint: #d1d9e0; --beam: #bf3989; --native: #0969da; --python: #1a7f37; --javascript: #bc4c00; }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #0d1117; --ink: #e6edf3; --faint: #3d444d; --beam: #f778ba; --native: #58a6ff; --python: #3fb950; --javascript: #f0883e; }
  }
  text { fill: var(--ink); font: 13px system-ui, sans-serif; }
  .title { font-size: 16px; font-weight: 600; }
  .ground { fill: var(--ground); }
  .grid { stroke: var(--faint); }
  .reference, .target { stroke: var(--ink); stroke-width: 2; }
  .range { stroke-width: 2; opacity: 0.45; }
  .mark { stroke-width: 1.8; }
  .ours { color: var(--ink); } .beam { color: var(--beam); } .native { color: var(--native); } .python { color: var(--python); } .javascript { color: var(--javascript); }
  .mark, .range { stroke: currentColor; fill: currentColor; }
  .hollow { fill: var(--ground); }`;

type Scale = (value: number) => number;

/** Draws `plot` as an SVG file. */
export function drawDotPlot(plot: DotPlot): string {
  const height = TOP + plot.rows.length * ROW + BOTTOM;
  const [low, high] = decadesOf(plot);
  const scale: Scale = (value) => round(LEFT + ((Math.log10(value) - low) / (high - low)) * (WIDTH - LEFT - RIGHT));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${escapeText(plot.title)}</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="ground" width="${WIDTH}" height="${height}" rx="6"/>`,
    `<text class="title" x="20" y="28">${escapeText(plot.title)}</text>`,
    `<text x="20" y="50">${escapeText(plot.subtitle)}</text>`,
    ...drawLegend(plot.rows),
    ...drawGrid(plot, scale, low, high),
    ...plot.rows.flatMap((row, i) => drawRow(row, TOP + i * ROW + ROW / 2, scale, plot.show)),
    "</svg>\n",
  ].join("\n");
}

/** The powers of ten that everything lies between. */
function decadesOf({ rows, reference }: DotPlot): readonly [low: number, high: number] {
  const values = rows.flatMap(({ dots, target }) =>
    [...dots.flatMap(({ min, max }) => [min, max]), target ?? []].flat(),
  );
  const all = [...values, reference ?? []].flat().map(Math.log10);
  if (all.length === 0) return [0, 1];
  const low = Math.floor(Math.min(...all));
  return [low, Math.max(Math.ceil(Math.max(...all)), low + 1)];
}

function drawLegend(rows: readonly DotRow[]): string[] {
  const shown = [...new Set(rows.flatMap(({ dots }) => dots.map(({ system }) => system)))];
  if (shown.length < 2) return [];
  let x = 26;
  return shown.map((system) => {
    const entry = `${drawMark(system, x, 71, system.title)}<text x="${x + 11}" y="75">${escapeText(system.title)}</text>`;
    x += LEGEND_GAP + system.title.length * LETTER;
    return entry;
  });
}

function drawGrid({ rows, reference, show }: DotPlot, scale: Scale, low: number, high: number): string[] {
  const bottom = TOP + rows.length * ROW;
  const line = (kind: string, x: number): string =>
    `<line class="${kind}" x1="${x}" y1="${TOP}" x2="${x}" y2="${bottom}"/>`;
  const lines = Array.from({ length: high - low + 1 }, (_, i) => {
    const value = 10 ** (low + i);
    const x = scale(value);
    return `${line("grid", x)}<text x="${x}" y="${bottom + 20}" text-anchor="middle">${show(value)}</text>`;
  });
  return reference === undefined ? lines : [...lines, line("reference", scale(reference))];
}

function drawRow({ title, dots, target }: DotRow, y: number, scale: Scale, show: DotPlot["show"]): string[] {
  const label = `<text x="${LEFT - 14}" y="${y + 4}" text-anchor="end">${escapeText(title)}</text>`;
  const ranges = dots.map(
    ({ system, min, max }) =>
      `<line class="range ${system.family}" x1="${scale(min)}" y1="${y}" x2="${scale(max)}" y2="${y}"/>`,
  );
  const marks = dots.map(({ system, value }) => drawMark(system, scale(value), y, `${system.title}: ${show(value)}`));
  const stroke = target === undefined ? [] : [drawTarget(scale(target), y, show(target))];
  return [label, ...stroke, ...ranges, ...marks];
}

function drawTarget(x: number, y: number, shown: string): string {
  return `<line class="target" x1="${x}" y1="${y - 8}" x2="${x}" y2="${y + 8}"><title>target: ${shown}</title></line>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
