// The picture: a view drawn into lines of text. Pure, so that a test can look at it.
//
//   title
//   tree       │  trunks
//              │  blocking, measured and computed, on one scale
//   what happened, as much of it as there is room for
//   how to go on

import { agrees, aftermath, clock, incidentText, measured, percent } from "./wording.ts";
import { erlangB } from "./erlang-b.ts";
import { drawGauge } from "./gauge.ts";
import type { Incident } from "./incidents.ts";
import { type Paint, padTo } from "./paint.ts";
import type { Branch, TrunkState, View } from "./view.ts";

/** Columns and rows of a terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

const TREE_WIDTH = 34;
const TRUNKS_PER_LINE = 25;

/** Draws `view` in `size.rows` lines. */
export function drawPicture(view: View, size: Size, paint: Paint): string[] {
  // The last column stays free: what clears the rest of a line would take it.
  const width = Math.min(size.columns - 1, 110);
  const rule = paint("dim", "─".repeat(width));
  const top = [
    title(view, width, paint),
    rule,
    ...sideBySide(tree(view, paint), figures(view, width, paint), paint),
    rule,
  ];
  const room = Math.max(0, size.rows - top.length - 2);
  const log = view.incidents
    .slice(-room)
    .toReversed()
    .map((incident) => logLine(incident, paint));
  const rest = Array.from({ length: room - log.length }, () => "");
  return [...top, ...log, ...rest, rule, footer(paint)].slice(0, size.rows);
}

function title({ plan, elapsedMs }: View, width: number, paint: Paint): string {
  const left = `${paint("bold", "Telephone exchange")}   ${plan.load} erlangs offered to ${plan.trunks} trunks`;
  const time = clock(elapsedMs);
  return padTo(left, width - time.length) + time;
}

function footer(paint: Paint): string {
  return `${paint("bold", "Ctrl-C")} ends it in order      ${paint("bold", "npx krarup tree")} in another terminal looks inside`;
}

function sideBySide(left: readonly string[], right: readonly string[], paint: Paint): string[] {
  const height = Math.max(left.length, right.length);
  const bar = paint("dim", "│");
  return Array.from({ length: height }, (_, i) =>
    `${padTo(left[i] ?? "", TREE_WIDTH)}${bar} ${right[i] ?? ""}`.trimEnd(),
  );
}

function tree({ tree: branches }: View, paint: Paint): string[] {
  const lines = branches.map((branch, i) => branchLine(branch, i === branches.length - 1, paint));
  return [paint("bold", "exchange"), ...lines];
}

function branchLine({ name, pid, restarts, children }: Branch, isLast: boolean, paint: Paint): string {
  const twig = paint("dim", isLast ? "└─ " : "├─ ");
  const who = pid === undefined ? paint("red", "down".padEnd(9)) : String(pid).padEnd(9);
  const below = children === undefined ? "" : ` ${children}`;
  const again = restarts === 0 ? "" : paint("yellow", ` ↻ ${restarts}`);
  return `${twig}${name.padEnd(11)}${who}${below}${again}`;
}

function figures(view: View, width: number, paint: Paint): string[] {
  const { plan, measurement: m } = view;
  const formula = erlangB(m.erlangsOffered, plan.trunks);
  const room = width - TREE_WIDTH - 2;
  return [
    ...trunkLines(view.trunks, paint),
    paint("dim", sparkline(view.history.slice(-TRUNKS_PER_LINE))),
    "",
    `Blocking  ${paint("cyan", `● measured ${measured(m)}`)}  ${verdict(view, paint)}`,
    `          ${paint("magenta", `┃ Erlang B ${percent(formula)}`)} of ${m.erlangsOffered.toFixed(1)} erlangs`,
    drawGauge(m.blocking, m.halfWidth, formula, room, paint),
    "",
    `Calls     ${m.calls}   blocked ${m.blocked}   crashed ${m.crashed}`,
  ];
}

function verdict({ plan, measurement }: View, paint: Paint): string {
  if (!measurement.isWarm) return paint("yellow", "warming up");
  const isInside = agrees(measurement, plan.trunks);
  if (isInside === undefined) return paint("dim", "too early");
  return isInside ? paint("green", "agrees") : paint("red", "differs");
}

function trunkLines(trunks: readonly TrunkState[], paint: Paint): string[] {
  const busy = trunks.filter((state) => state === "busy").length;
  const cells = trunks.map((state) => CELLS[state](paint));
  const count = Math.ceil(trunks.length / TRUNKS_PER_LINE);
  const lines = Array.from({ length: count }, (_, i) =>
    cells.slice(i * TRUNKS_PER_LINE, (i + 1) * TRUNKS_PER_LINE).join(""),
  );
  return lines.map((line, i) => (i === 0 ? `${padTo(line, TRUNKS_PER_LINE)}  ${busy} of ${trunks.length} busy` : line));
}

/** One bar for each share between 0 and 1. */
function sparkline(shares: readonly number[]): string {
  return shares.map((share) => BARS[Math.round(share * (BARS.length - 1))] ?? "").join("");
}

const BARS = "▁▂▃▄▅▆▇█";

const CELLS: Readonly<Record<TrunkState, (paint: Paint) => string>> = {
  idle: (paint) => paint("dim", "□"),
  busy: (paint) => paint("green", "■"),
  struck: (paint) => paint("red", "✝"),
};

function logLine(incident: Incident, paint: Paint): string {
  const what = paint("red", `✝ ${incidentText(incident)}`);
  const after = aftermath(incident);
  const mark = incident.successor === undefined ? paint("dim", after) : paint("yellow", `↻ ${after}`);
  return `${paint("dim", clock(incident.atMs))}  ${padTo(what, 36)} ${mark}`.trimEnd();
}
