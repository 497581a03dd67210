import type { Http, Streams } from "@krarup/ports/internal";
import type { Chance } from "../chance.ts";
import type { Agenda } from "../time/agenda.ts";
import { SimulatedHttpClient } from "./simulated-http-client.ts";
import { SimulatedHttpServer } from "./simulated-http-server.ts";
import { connectSimulated } from "./web-socket-handshake.ts";

/** HTTP and WebSockets of one machine, as bytes over its simulated sockets. */
export function simulatedHttp(streams: Streams, agenda: Agenda, chance: Chance): Http {
  return {
    serve: (address, settings) => new SimulatedHttpServer(streams, agenda, address, settings),
    client: () => new SimulatedHttpClient(streams, agenda),
    connectWebSocket: (settings) => connectSimulated(streams, agenda, chance, settings),
  };
}
