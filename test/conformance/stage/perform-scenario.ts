import { createNode, type Node, spawnOpt } from "@krarup/core";
import { manualPlatform, type ManualOptions, type ManualPlatform } from "@krarup/core/manual";
import { Lab, type Scenario } from "./lab.ts";
import { VirtualPace } from "./pace.ts";
import { renderTrace } from "./render.ts";
import type { AnySelf } from "./step.ts";

/** What is known of a running script from outside. */
interface Performance {
  readonly node: Node;
  readonly lines: unknown[][];
  pace: VirtualPace | null;
  end: { readonly failure: unknown } | null;
}

/**
 * The trace of a scenario, performed on a node of its own in virtual time.
 *
 * @throws what the script threw, or an Error when it waits for something that never comes
 */
export function performScenario(scenario: Scenario, options: ManualOptions = {}): string {
  const platform = manualPlatform(options);
  const node = createNode({ platform, reports: "none" });
  const lines: unknown[][] = [];
  const performance: Performance = { node, lines, pace: null, end: null };
  spawnOpt((self: AnySelf) => act(self, scenario, performance), [], { node });
  drive(platform, performance);
  node.halt();
  return renderTrace(lines, node.name);
}

function* act(self: AnySelf, scenario: Scenario, performance: Performance): ReturnType<Scenario> {
  const pace = new VirtualPace(self);
  performance.pace = pace;
  try {
    yield* scenario(new Lab(performance.node, self, pace, performance.lines));
    performance.end = { failure: null };
  } catch (failure) {
    performance.end = { failure };
  }
}

/** Moves the platform until the script has ended. */
function drive(platform: ManualPlatform, performance: Performance): void {
  for (;;) {
    platform.settle();
    if (performance.end !== null) break;
    if (performance.pace?.fulfil(platform) !== true && !platform.advanceToNext())
      throw new Error("The script has been ended, or waits for something that never comes");
  }
  if (performance.end.failure !== null) throw performance.end.failure;
}
