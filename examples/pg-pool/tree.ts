import { spawnLink } from "@krarup/core";
import { type ChildSpec, Supervisor, type SupervisorSpec } from "@krarup/supervisor";
import type { Server } from "./backend.ts";
import { connection } from "./connection.ts";
import { Pool } from "./pool.ts";

/** How large a pool is. */
export interface PoolOptions {
  readonly server: Server;
  /** Connections; default 10. */
  readonly size?: number;
  /** Processes that may wait for one; default 1,000. */
  readonly queueMax?: number;
}

/** Milliseconds before a connection is made anew, and at most, when the server stays away. */
const BACK_OFF = { minMs: 100, maxMs: 2_000 };

/**
 * More restarts of one connection in a minute than the back-off lets happen: a server that is away is no reason to give up, however long it
 * is away, but the limit is there for what is not foreseen.
 */
const RESTARTS_PER_MINUTE = 120;

/** A pool. If the process that lends fails, its connections start anew with it, as nobody knows who had which. */
export function poolSpec({ server, size = 10, queueMax = 1_000 }: PoolOptions): SupervisorSpec {
  const connections: ChildSpec[] = Array.from({ length: size }, (_, i) => ({
    id: `connection ${i + 1}`,
    start: () => spawnLink(connection, server),
    backOff: BACK_OFF,
  }));
  const intensity = RESTARTS_PER_MINUTE * size;
  return {
    strategy: "rest_for_one",
    children: [
      { id: "pool", start: () => Pool.startLink(queueMax) },
      {
        id: "connections",
        type: "supervisor",
        start: () => Supervisor.startLink({ intensity, periodMs: 60_000, children: connections }),
      },
    ],
  };
}
