import { setImmediate } from "node:timers/promises";
import { logger, type Node } from "@krarup/core";

/**
 * Waits until what processes of the default node have printed and logged is written: first by its user process, which takes it from its
 * mailbox, then by the streams. A reader who has gone away is not waited for.
 */
export async function flushOutput({ user }: Node): Promise<void> {
  logger.flush();
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
