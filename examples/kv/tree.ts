import { Registry } from "@krarup/core";
import { type Address, startTcpServer } from "@krarup/ports";
import type { ChildSpec, SupervisorSpec } from "@krarup/supervisor";
import { CLIENTS_MAX } from "./limits.ts";
import { session } from "./session.ts";
import { Snapshots, type SnapshotOptions } from "./snapshots.ts";
import { Store } from "./store.ts";
import { TOPICS } from "./topics.ts";

/** Under which name the server's supervisor is registered. */
export const SERVER = "kv_server";

/**
 * The server. If the store fails, whoever was told `OK` by it is let go and connects to one that knows what the last snapshot knows; as
 * when a Redis fails.
 *
 * @param snapshot - null for none
 */
export function kvSpec(address: Address, snapshot: SnapshotOptions | null): SupervisorSpec {
  const server = { ...address, noDelay: true, connectionsMax: CLIENTS_MAX, serve: session, name: SERVER } as const;
  const snapshots: ChildSpec[] =
    snapshot === null ? [] : [{ id: "snapshots", start: () => Snapshots.startLink(snapshot), shutdown: 60_000 }];
  return {
    strategy: "rest_for_one",
    children: [
      { id: "topics", start: () => Registry.startLink({ keys: "duplicate", name: TOPICS }) },
      { id: "store", start: () => Store.startLink(snapshot?.path ?? null) },
      ...snapshots,
      { id: "server", start: () => startTcpServer(server), type: "supervisor" },
    ],
  };
}
