import { createNode, spawnOpt } from "@krarup/core";
import { nodePlatform } from "@krarup/core/node";
import { Lab, type Scenario } from "./lab.ts";
import { RealPace } from "./real-pace.ts";
import { renderTrace } from "./render.ts";
import type { AnySelf, Step } from "./step.ts";

/**
 * The trace of a scenario, performed on a node of its own in real time.
 *
 * @throws what the script threw, or an Error when something has ended it
 */
export async function performInRealTime(scenario: Scenario): Promise<string> {
  const node = createNode({ platform: nodePlatform(), reports: "none" });
  const lines: unknown[][] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      const act = function* (self: AnySelf): Step<void> {
        try {
          yield* scenario(new Lab(node, self, new RealPace(self), lines));
          resolve();
        } catch (failure) {
          reject(failure);
        }
      };
      const script = spawnOpt(act, [], { node });
      node.subscribe(["exit"], (event) => {
        if (event.type === "exit" && event.pid === script) reject(new Error("The script has been ended"));
      });
    });
  } finally {
    node.halt();
  }
  return renderTrace(lines, node.name);
}
