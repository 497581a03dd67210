import { setImmediate } from "node:timers/promises";
import type { Node } from "@krarup/core";

/**
 * Waits until what processes have printed is written: first by the node's user process, which takes it from its mailbox, then by the
 * streams. A reader who has gone away is not waited for.
 */
export async function flushOutput({ user }: Node): Promise<void> {
  while (user !== null && user.queueLength > 0) await setImmediate();
  await Promise.all([written(process.stdout), written(process.stderr)]);
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  if (!stream.writable) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once("error", () => resolve());
    stream.write("", () => resolve());
  });
}
