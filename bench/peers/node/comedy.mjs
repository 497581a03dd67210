// comedy 2: actors in memory.

import { createRequire } from "node:module";
import { begin, nowNs, report, reportKept, run } from "./report.mjs";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const root = await createRequire(import.meta.url)("comedy")({ log: quiet }).rootActor();

await run({
  "spawn-keep": () =>
    reportKept(20_000, async (n) => {
      const actors = [];
      for (let i = 0; i < n; i++) actors.push(await root.createChild({ idle: () => 1 }));
      return actors;
    }),
  "call 1": async () => {
    const server = await root.createChild({ increment: (count) => count + 1 });
    for (let i = 0; i < 10_000; i++) await server.sendAndReceive("increment", i);
    const start = begin();
    for (let i = 0; i < 100_000; i++) await server.sendAndReceive("increment", i);
    report(100_000, nowNs() - start);
  },
});
