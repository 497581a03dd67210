// The exchange in virtual time: the same processes, on a node whose clock jumps from one timer to the next.

import { call, createNode, exit, type Node, spawnOpt, type Suspension } from "@krarup/core";
import { type ManualPlatform, manualPlatform } from "@krarup/core/manual";
import { Supervisor } from "@krarup/supervisor";
import { Incidents } from "./incidents.ts";
import type { Measure } from "./statistics.ts";
import type { Measurement } from "./tally.ts";
import { exchangeSpec, type Plan } from "./tree.ts";

/** How a simulated run went. */
export interface Simulation {
  readonly measurement: Measurement;
  /** Of trunks, the switch and the source. */
  readonly restarts: number;
  /** Processes that were left after the orderly end: none, if the supervisors did their work. */
  readonly leftovers: number;
}

/**
 * Runs an exchange until `calls` calls are counted, and ends it in order.
 *
 * **Cost.** About 7 s for a million calls.
 */
export function simulate(plan: Plan, calls: number): Simulation {
  const platform = manualPlatform({ seed: plan.seed });
  const node = createNode({ platform });
  const incidents = new Incidents(node);
  const measurement = run(platform, node, plan, calls);
  const leftovers = node.processCount;
  node.halt();
  return { measurement, restarts: incidents.restarts, leftovers };
}

function run(platform: ManualPlatform, node: Node, plan: Plan, calls: number): Measurement {
  let result: Measurement | undefined;
  spawnOpt(
    function* experiment(): Generator<Suspension, void, void> {
      yield* Supervisor.startLink(exchangeSpec(plan));
      result = yield* call<Measure, Measurement>("statistics", { type: "measure", calls }, { timeoutMs: "infinity" });
      // The supervisor is linked to us: it ends its children, then itself.
      exit("shutdown");
    },
    [],
    { node },
  );
  while (result === undefined && platform.advanceToNext());
  platform.settle();
  if (result === undefined) throw new Error("Cannot measure as the exchange came to rest");
  return result;
}
