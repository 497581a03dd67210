import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import {
  type AnyPid,
  createNode,
  exit,
  type ProcessBody,
  processInfo,
  spawnOpt,
  type Suspension,
  whereis,
} from "@krarup/core";
import { type ManualPlatform, manualPlatform, seededRandom } from "@krarup/core/manual";
import { Supervisor } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { callOn } from "../../examples/exchange/chaos.ts";
import { BatchMeans, studentT } from "../../examples/exchange/confidence.ts";
import { erlangB } from "../../examples/exchange/erlang-b.ts";
import { exponential } from "../../examples/exchange/exponential.ts";
import { Incidents } from "../../examples/exchange/incidents.ts";
import { painter, widthOf } from "../../examples/exchange/paint.ts";
import { drawPicture, type Size } from "../../examples/exchange/picture.ts";
import { simulate } from "../../examples/exchange/simulation.ts";
import type { Measurement } from "../../examples/exchange/tally.ts";
import { exchangeSpec, type Plan } from "../../examples/exchange/tree.ts";
import { trunkName } from "../../examples/exchange/trunk.ts";
import { Viewer } from "../../examples/exchange/view.ts";
import { agrees } from "../../examples/exchange/wording.ts";

describe("erlangB", () => {
  it.each([
    // The published tables: erlangs that N trunks carry with this blocking.
    [0.0101, 1, 0.01],
    [1.361, 5, 0.01],
    [4.461, 10, 0.01],
    [16.125, 25, 0.01],
    [84.064, 100, 0.01],
    [19.985, 25, 0.05],
    [29.677, 35, 0.05],
    [1, 1, 0.5],
    [1, 2, 0.2],
  ])("%d erlangs on %d trunks are blocked with probability %d", (erlangs, trunks, blocking) => {
    expect(erlangB(erlangs, trunks)).toBeCloseTo(blocking, 4);
  });

  it("stays a number where factorials overflow", () => {
    expect(erlangB(1_000, 1_000)).toBeCloseTo(0.024812, 6);
  });
});

describe("exponential", () => {
  const random = seededRandom(1);
  const times = Array.from({ length: 100_000 }, () => exponential(random, 2));

  it("has the mean it is given", () => {
    expect(times.reduce((sum, time) => sum + time, 0) / times.length).toBeCloseTo(2, 1);
  });

  it.each([0.5, 1, 2, 5])("is longer than %d means as often as exp says", (means) => {
    const share = times.filter((time) => time > 2 * means).length / times.length;
    expect(share).toBeCloseTo(Math.exp(-means), 2);
  });
});

describe("BatchMeans", () => {
  it("says nothing while it has seen too little", () => {
    expect(widthAfter(9, () => true)).toBeUndefined();
  });

  it("says nothing of what has never happened", () => {
    expect(widthAfter(1_000, () => false)).toBeUndefined();
  });

  it("is as wide for independent events as the textbook says", () => {
    const random = seededRandom(1);
    const textbook = 2.5758 * Math.sqrt((0.1 * 0.9) / 100_000);
    expect(widthAfter(100_000, () => random() < 0.1)).toBeCloseTo(textbook, 3);
  });

  it("is wider when events come in bursts", () => {
    const random = seededRandom(1);
    let isHit = false;
    const burst = (): boolean => (isHit = random() < 0.02 ? random() < 0.1 : isHit);
    expect(widthAfter(100_000, burst)).toBeGreaterThan(0.01);
  });

  function widthAfter(count: number, event: () => boolean): number | undefined {
    const means = new BatchMeans(1);
    for (let i = 0; i < count; i++) means.add(event());
    return means.halfWidth();
  }
});

describe("studentT", () => {
  it.each([
    [9, 3.25],
    [20, 2.845],
    [30, 2.75],
    [60, 2.66],
  ])("with %d degrees of freedom the factor for 99 %% is %d", (freedom, factor) => {
    expect(studentT(freedom)).toBeCloseTo(factor, 2);
  });
});

const HOLD_MS = 180_000;
const PLAN: Plan = { load: 20, trunks: 25, holdMs: HOLD_MS, seed: 1, chaosGapMs: undefined };

describe("a simulated exchange", () => {
  it.each([20, 25, 30])("blocks as the formula says, %d erlangs offered", (load) => {
    const { measurement, leftovers } = simulate({ ...PLAN, load }, 100_000);
    expect(agrees(measurement, 25)).toBe(true);
    expect(Math.abs(measurement.blocking - erlangB(load, 25))).toBeLessThan(measurement.halfWidth ?? 0);
    expect(measurement.crashed).toBe(0);
    expect(leftovers).toBe(0);
  });

  it.each([20, 25, 30])("blocks as the formula says under chaos, %d erlangs offered", (load) => {
    const run = simulate({ ...PLAN, load, chaosGapMs: 0.4 * HOLD_MS }, 100_000);
    expect(agrees(run.measurement, 25)).toBe(true);
    expect(run.measurement.crashed).toBeGreaterThan(5_000);
    expect(run.restarts).toBeGreaterThan(2_000);
    expect(run.leftovers).toBe(0);
  });

  it("prints the same bytes for the same seed, everywhere", () => {
    const script = fileURLToPath(new URL("../../examples/exchange/simulate.ts", import.meta.url));
    const args = ["--calls", "5000", "--seed", "7", "--load", "18", "--load", "22", "--chaos"];
    const output = execFileSync(process.execPath, ["--conditions=@krarup/source", script, ...args], {
      encoding: "utf8",
    });
    expect(output).toMatchInlineSnapshot(`
      "5000 calls for each load, seed 7, with chaos

      load  trunks  offered  crashes  restarts  blocked    measured, 99 %  Erlang B
        18      25    16.87      363       287       69     1.38 ± 1.01 %  1.49 %  agrees
        22      25    20.28      362       244      276     5.52 ± 1.74 %  5.46 %  agrees
      "
    `);
  });
});

describe("the application", () => {
  it("without a terminal prints lines, ends by itself and says how to look inside", () => {
    const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
    const args = ["run", file("../../examples/exchange/main.ts"), "--", "--for", "1.2"];
    const output = execFileSync(process.execPath, [file("../../packages/cli/bin/krarup.mjs"), ...args], {
      encoding: "utf8",
    });
    expect(output).toMatch(/^00:01\.\d  \d+ of 25 trunks busy, \d+ calls/m);
    expect(output).toMatch(/^20 erlangs offered to 25 trunks for 00:01/m);
    expect(output).toMatch(/npx krarup tree\n$/);
  });
});

describe("an exchange in trouble", () => {
  it("gets the trunk of a killed call back, by the monitor alone", () => {
    const { strike, look } = openExchange();
    const victim = look(() => callOn(whereis(trunkName(1))));
    strike(victim);
    expect(look(() => callOn(whereis(trunkName(1))))).toBeUndefined();
  });

  it("keeps its calls when the switch is killed, and the next switch does not hand their trunks out again", () => {
    const { strike, look, platform } = openExchange();
    const before = look(busyTrunks);
    const old = look(() => whereis("switch"));
    strike(old);
    expect(look(busyTrunks)).toEqual(before);
    expect(look(() => whereis("switch"))).not.toBe(old);
    platform.advance(HOLD_MS);
    expect(look(callsOnTwoTrunks)).toEqual([]);
    expect(look(busyTrunks).length).toBeGreaterThan(5);
  });

  it("cuts the call off when its trunk is killed, and has an idle trunk instead", () => {
    const { strike, look } = openExchange();
    const victim = look(() => callOn(whereis(trunkName(1))));
    strike(look(() => whereis(trunkName(1))));
    expect(look(() => victim !== undefined && processInfo(victim) === undefined)).toBe(true);
    expect(look(() => callOn(whereis(trunkName(1))))).toBeUndefined();
  });

  it("is offered the same load when the source is killed", () => {
    const { strike, look, platform } = openExchange();
    for (let i = 0; i < 100; i++) {
      strike(look(() => whereis("source")));
      platform.advance(HOLD_MS / 10);
    }
    expect(look(busyTrunks).length).toBeGreaterThan(10);
  });
});

const MEASUREMENT: Measurement = {
  isWarm: true,
  calls: 1_204,
  blocked: 66,
  crashed: 12,
  erlangsCarried: 19.1,
  erlangsOffered: 20.2,
  blocking: 66 / 1_204,
  halfWidth: 0.012,
};

describe("drawPicture", () => {
  it("leaves out what happened when there is no room for it", () => {
    expect(drawOn({ columns: 80, rows: 12 })).toHaveLength(12);
  });

  it.each([
    [80, 24],
    [132, 50],
  ])("fits a terminal of %d columns and %d rows", (columns, rows) => {
    const lines = drawOn({ columns, rows });
    expect(lines).toHaveLength(rows);
    expect(Math.max(...lines.map(widthOf))).toBeLessThan(columns);
  });

  it("shows the tree, the trunks, both probabilities and what happened", () => {
    const picture = drawOn({ columns: 80, rows: 24 }).join("\n");
    expect(picture.replaceAll(/<[\d.]+>/g, (pid) => "<pid>".padEnd(pid.length))).toMatchInlineSnapshot(`
      "Telephone exchange   20 erlangs offered to 25 trunks                    18:01.0
      ───────────────────────────────────────────────────────────────────────────────
      exchange                          │ □■■■■□■■■■■□■□■■■■■■■□□□□  17 of 25 busy
      ├─ statistics <pid>               │ ▆
      ├─ trunks     <pid>     25        │
      ├─ switch     <pid>     ↻ 1       │ Blocking  ● measured 5.48 ± 1.20 %  agrees
      ├─ calls      <pid>     17        │           ┃ Erlang B 5.33 % of 20.2 erlangs
      ├─ source     <pid>               │ 0 ├──────────────━━━━◉━━━━───────────┤ 10 %
      └─ picture    down                │
                                        │ Calls     1204   blocked 66   crashed 12
      ───────────────────────────────────────────────────────────────────────────────
      18:01.0  ✝ call <pid>    killed               gives its trunk back
      18:00.0  ✝ switch <pid>    killed             ↻ restarted as <pid>   









      ───────────────────────────────────────────────────────────────────────────────
      Ctrl-C ends it in order      npx krarup tree in another terminal looks inside"
    `);
  });
});

function drawOn(size: Size): string[] {
  const { incidents, look, platform, strike } = openExchange();
  strike(look(() => whereis("switch")));
  platform.advance(1_000);
  strike(look(() => callOn(whereis(trunkName(1)))));
  const viewer = new Viewer(PLAN, incidents);
  return look(() => drawPicture(viewer.look(MEASUREMENT), size, painter(false)));
}

function busyTrunks(): number[] {
  return trunkNumbers().filter((number) => callOn(whereis(trunkName(number))) !== undefined);
}

function callsOnTwoTrunks(): AnyPid[] {
  const calls = trunkNumbers().flatMap((number) => callOn(whereis(trunkName(number))) ?? []);
  return calls.filter((call, i) => calls.indexOf(call) !== i);
}

function trunkNumbers(): number[] {
  return Array.from({ length: PLAN.trunks }, (_, i) => i + 1);
}

interface OpenExchange {
  readonly platform: ManualPlatform;
  readonly incidents: Incidents;
  /** Runs `observe` in a process of the exchange's node. */
  look<T>(observe: () => T): T;
  /** Kills. */
  strike(victim: AnyPid | undefined): void;
}

/** An exchange in virtual time that has been busy for a while. */
function openExchange(): OpenExchange {
  const platform = manualPlatform();
  const node = createNode({ platform });
  const incidents = new Incidents(node);
  const run = (body: ProcessBody<never, []>): void => {
    spawnOpt(body, [], { node });
    platform.settle();
  };
  const look = <T>(observe: () => T): T => {
    const seen: T[] = [];
    run(() => void seen.push(observe()));
    // The process has run to its end: `settle` returns when nobody can run.
    return seen[0] as T;
  };
  run(function* (self): Generator<Suspension, void, void> {
    yield* Supervisor.startLink(exchangeSpec(PLAN));
    yield* self.receive();
  });
  platform.advance(6 * HOLD_MS);
  return { platform, incidents, look, strike: (victim) => look(() => victim === undefined || exit(victim, "kill")) };
}
