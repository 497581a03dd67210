import { type Address, startHttpServer } from "@krarup/ports";
import type { SupervisorSpec } from "@krarup/supervisor";
import { serviceHandler } from "./handler.ts";
import { Tally } from "./tally.ts";

/** Under which name the server's supervisor is registered. */
export const SERVER = "http_server";

/** The service: a tally of what happened, and the server whose handlers write it. The tally outlives the server. */
export function serviceSpec(address: Address, failEvery: number): SupervisorSpec {
  const tally = new Tally(failEvery);
  const server = { ...address, handler: serviceHandler(tally), name: SERVER, bodyBytesMax: 10_000_000 };
  return { children: [{ id: "server", start: () => startHttpServer(server), type: "supervisor" }] };
}
