import { pg, Registry } from "@krarup/core";
import { type Address, startTcpServer } from "@krarup/ports";
import type { SupervisorSpec } from "@krarup/supervisor";
import { ROOMS } from "./ear.ts";
import { NAMES, session } from "./session.ts";

/** Characters that one line of a client may have, in bytes. */
const LINE_BYTES_MAX = 1_000;
const GUESTS_MAX = 10_000;

/** The chat: names, rooms, and the server whose connections use both. If one of the former fails, what comes after it starts anew. */
export function chatSpec(address: Address): SupervisorSpec {
  const server = {
    ...address,
    packetBytesMax: LINE_BYTES_MAX,
    connectionsMax: GUESTS_MAX,
    serve: session,
    name: "chat_server",
  } as const;
  return {
    strategy: "rest_for_one",
    children: [
      { id: "names", start: () => Registry.startLink({ keys: "unique", name: NAMES }) },
      { id: "rooms", start: () => pg.startLink(ROOMS) },
      { id: "server", start: () => startTcpServer(server), type: "supervisor" },
    ],
  };
}
