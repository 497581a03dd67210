// A script in a process on a node of its own: what the tests of programs that talk to the outside are made of.

import { createNode, type Exit, type Self, spawnOpt, type Suspension } from "@krarup/core";
import { nodePlatform } from "@krarup/core/node";

/** Runs `script` on a fresh node, which is halted at its end. Rejects with what the script throws. */
export async function onNode(script: (self: Self<Exit>) => Generator<Suspension, void, void>): Promise<void> {
  const node = createNode({ platform: nodePlatform(), reports: "none" });
  try {
    await new Promise<void>((resolve, reject) => {
      const body = function* (self: Self<Exit>): Generator<Suspension, void, void> {
        self.trapExit(); // What does not start sends its exit signal as well.
        try {
          yield* script(self);
          resolve();
        } catch (failure) {
          reject(failure);
        }
      };
      spawnOpt(body, [], { node });
    });
  } finally {
    node.halt();
  }
}
