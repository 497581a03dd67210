// The table: the same exchange in virtual time, for several loads, beside the formula.
//
//   node --conditions=@krarup/source examples/exchange/simulate.ts --calls 1000000 --seed 1 --load 20 --trunks 25 --chaos
//
// Everything it prints depends on its arguments only: any Node prints the same bytes.

import { parseArgs } from "node:util";
import { positive, whole } from "./arguments.ts";
import { erlangB } from "./erlang-b.ts";
import { simulate } from "./simulation.ts";
import type { Plan } from "./tree.ts";
import { agrees, measured, percent } from "./wording.ts";

/** Three minutes, the mean that exchanges were planned with. */
const HOLD_MS = 180_000;
/** Two strikes and a half while a mean call lasts. */
const CHAOS_GAP_MS = 72_000;

const VERDICTS = { true: "agrees", false: "differs", undefined: "too few calls" } as const;

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "100000" },
    chaos: { type: "boolean", default: false },
    load: { type: "string", multiple: true, default: ["20", "25", "30"] },
    seed: { type: "string", default: "1" },
    trunks: { type: "string", default: "25" },
  },
});

const calls = whole("calls", values.calls);

print(`${calls} calls for each load, seed ${values.seed}, ${values.chaos ? "with" : "without"} chaos`);
print("");
print(row("load", "trunks", "offered", "crashes", "restarts", "blocked", "measured, 99 %", "Erlang B"));
for (const load of values.load) print(measure(planFor(positive("load", load))));

function planFor(load: number): Plan {
  return {
    load,
    trunks: whole("trunks", values.trunks),
    holdMs: HOLD_MS,
    seed: whole("seed", values.seed),
    chaosGapMs: values.chaos ? CHAOS_GAP_MS : undefined,
  };
}

function measure(plan: Plan): string {
  const { measurement: m, restarts } = simulate(plan, calls);
  const counts = [m.crashed, restarts, m.blocked].map(String);
  const formula = percent(erlangB(m.erlangsOffered, plan.trunks));
  const verdict = VERDICTS[`${agrees(m, plan.trunks)}`];
  return row(
    `${plan.load}`,
    `${plan.trunks}`,
    m.erlangsOffered.toFixed(2),
    ...counts,
    measured(m),
    `${formula}  ${verdict}`,
  );
}

/** Cells in columns that are as wide as what stands in them. */
function row(...cells: string[]): string {
  const widths = [4, 6, 7, 7, 8, 7, 16];
  return cells.map((cell, i) => cell.padStart(widths[i] ?? 0)).join("  ");
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
