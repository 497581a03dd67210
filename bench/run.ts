// Runs the benchmarks:
//
//   npm run bench -- [group|workload …] [--runs 5] [--peers go,tokio,gevent,node] [--compare REV] [--nursery MB] [--json]
//
// Rounds are interleaved: in each, every system runs every workload once. What disturbs the machine for a while then disturbs all alike.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { earlierTree, NURSERY_MB, presentTree } from "./krarup.ts";
import { describeMachine } from "./machine.ts";
import { type Figures, measure, type System } from "./measure.ts";
import { preparePeers, type ReadyPeer } from "./peers.ts";
import { chooseWorkloads, type Workload } from "./plan.ts";
import type { Result } from "./summary.ts";
import { drawTable } from "./table.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "5" },
    peers: { type: "string", default: "" },
    compare: { type: "string" },
    nursery: { type: "string", default: String(NURSERY_MB) },
    json: { type: "boolean", default: false },
  },
});

const say = (line: string): void => console.error(line);

function measureAll(workloads: readonly Workload[], systems: readonly System[], rounds: number): Result[] {
  const results = workloads.map((workload) => ({
    workload,
    runs: Object.fromEntries(systems.map(({ name }) => [name, [] as Figures[]])),
  }));
  for (let round = 1; round <= rounds; round++) {
    for (const { workload, runs } of results) {
      say(`round ${round} of ${rounds}: ${workload.name}`);
      for (const system of systems) {
        const words = wordsFor(workload, system);
        const figures = words === null ? null : measure(system, words);
        if (figures !== null) runs[system.name]?.push(figures);
      }
    }
  }
  return results;
}

/** What `system` is called with; null for a workload that is about us alone. */
function wordsFor(workload: Workload, system: System): readonly string[] | null {
  const { group, program, counterpart = program } = workload;
  if (system.isOurs) return program;
  return group === "absolute" ? null : counterpart;
}

function keep(results: readonly Result[], peers: readonly ReadyPeer[], nurseryMb: number): string {
  const machine = describeMachine();
  const versions = Object.fromEntries(peers.map(({ name, version }) => [name, version]));
  const folder = join(import.meta.dirname, "results");
  const file = join(folder, `${machine.date.slice(0, 19).replaceAll(":", "")}-${machine.commit}.json`);
  const text = JSON.stringify({ machine: { ...machine, ...versions, nurseryMb }, results }, null, 2);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${text}\n`);
  return options.json ? text : file;
}

function main(): void {
  const workloads = chooseWorkloads(positionals);
  const nurseryMb = Number(options.nursery);
  const peers = preparePeers(["erlang", ...options.peers.split(",").filter((name) => name !== "")], say);
  const earlier = options.compare === undefined ? [] : [earlierTree(options.compare, nurseryMb)];
  const results = measureAll(workloads, [presentTree(nurseryMb), ...earlier, ...peers], Number(options.runs));
  const others = [...earlier, ...peers].map(({ name }) => name).filter((name) => name !== "erlang");
  const kept = keep(results, peers, nurseryMb);
  console.log(options.json ? kept : `\n${drawTable(results, others)}\n\n${kept}`);
}

main();
