// The tree: who is supervised, and in which order they start.
//
//   exchange ─┬─ statistics      the instrument; outlives everybody
//             ├─ trunks ─┬─ trunk.1
//             │          └─ …    one process for each line
//             ├─ switch          asks the trunks when it starts
//             ├─ calls ──┬─ …    dynamic and temporary: a call that crashes is not called again
//             ├─ source
//             ├─ chaos           if wanted
//             └─ …               what the program adds, a display for instance
//
// `one_for_one` everywhere: nobody has to be restarted because somebody else was. The switch and the trunks find each other
// again by themselves, calls in progress never notice. `rest_for_one`, the obvious choice for a chain like this, would end
// every call whenever the switch fails.

import { type AnyPid, register, spawnLink } from "@krarup/core";
import { seededRandom } from "@krarup/core/manual";
import { type ChildSpec, DynamicSupervisor, Supervisor, type SupervisorSpec } from "@krarup/supervisor";
import { chaos } from "./chaos.ts";
import { statistics } from "./statistics.ts";
import { exchangeSwitch } from "./switch.ts";
import { trafficSource } from "./traffic-source.ts";
import { trunk, trunkName } from "./trunk.ts";

/** What is built, and what is offered to it. */
export interface Plan {
  /** Erlangs offered: calls per mean holding time. */
  readonly load: number;
  readonly trunks: number;
  /** Mean holding time. */
  readonly holdMs: number;
  readonly seed: number;
  /** Mean time between two strikes of chaos; undefined for none. */
  readonly chaosGapMs: number | undefined;
}

/** Mean holding times until an exchange that started empty has forgotten it: e⁻⁵ is less than a hundredth. */
const WARM_UP_HOLDS = 5;

/** Length of the first batches in mean holding times, see `BatchMeans`. */
const BATCH_HOLDS = 2;

/** Chaos is not to bring a supervisor to give up: it strikes a few times in 5 s at most. */
const INTENSITY = { intensity: 20, periodMs: 5_000 } as const;

/** The supervisor `exchange` and its children, `more` after all others. */
export function exchangeSpec(plan: Plan, more: readonly ChildSpec[] = []): SupervisorSpec {
  const { load, trunks, holdMs, chaosGapMs } = plan;
  const nextSeed = seedsFrom(plan.seed);
  const traffic = { gapMs: holdMs / load, holdMs };
  return {
    ...INTENSITY,
    name: "exchange",
    autoShutdown: "any_significant",
    children: [
      named("statistics", () => spawnLink(statistics, WARM_UP_HOLDS * holdMs, Math.ceil(BATCH_HOLDS * load))),
      { id: "trunks", type: "supervisor", start: () => startTrunks(trunks) },
      named("switch", () => spawnLink(exchangeSwitch, trunks)),
      { id: "calls", type: "supervisor", start: () => DynamicSupervisor.startLink({ name: "calls" }) },
      named("source", () => spawnLink(trafficSource, traffic, nextSeed())),
      ...(chaosGapMs === undefined ? [] : [named("chaos", () => spawnLink(chaos, chaosGapMs, trunks, nextSeed()))]),
      ...more,
    ],
  };
}

function startTrunks(count: number): ReturnType<typeof Supervisor.startLink> {
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  const children = numbers.map((number) => named(trunkName(number), () => spawnLink(trunk, number)));
  return Supervisor.startLink({ ...INTENSITY, name: "trunks", children });
}

/** A child that is registered before anybody can miss it: `start` runs in the supervisor, ahead of the child's first turn. */
function named(id: string, start: () => AnyPid): ChildSpec {
  return {
    id,
    start() {
      const pid = start();
      register(id, pid);
      return pid;
    },
  };
}

/** A seed for each start: restarted processes go on with fresh chance instead of repeating themselves. */
function seedsFrom(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.floor(random() * 2 ** 32);
}
