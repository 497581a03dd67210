// A pool under strikes: `npx krarup run examples/pg-pool/main.ts`. It brings its own server, for which PostgreSQL must be installed.

import { parseArgs } from "node:util";
import { KrarupError, spawnLink } from "@krarup/core";
import { application } from "@krarup/supervisor";
import { demonstration, ROOT } from "./demonstration.ts";
import { findPrograms } from "./own-server.ts";

const OPTIONS = {
  connections: { type: "string", default: "8" },
  customers: { type: "string", default: "24" },
  seconds: { type: "string", default: "15" },
} as const;

export default application({
  name: "pg_pool",
  start(args) {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    const programs = findPrograms();
    if (programs === null)
      throw new KrarupError(
        "ERR_BAD_ARGUMENT",
        "Cannot start a server as PostgreSQL is not there (Debian: postgresql)",
      );
    const plan = {
      connections: Number(values.connections),
      customers: Number(values.customers),
      seconds: Number(values.seconds),
      programs,
    };
    // When the demonstration ends, all that it has started ends; it comes first, so it ends last.
    const child = {
      id: "demonstration",
      start: () => spawnLink(demonstration, plan),
      restart: "temporary",
      significant: true,
      shutdown: 30_000,
    } as const;
    return { name: ROOT, autoShutdown: "any_significant", children: [child] };
  },
});
