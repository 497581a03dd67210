// How two sides of TLS get on with each other. Node and OpenSSL say so themselves: they shake hands in memory, without a network and within one
// moment of virtual time. To judge certificates ourselves would be a second TLS, with other mistakes.
//
// Certificates are valid or not by the real date, as OpenSSL asks nobody else for the time.

import { duplexPair } from "node:stream";
import { connect, type ConnectionOptions, createServer, type TlsOptions, type TLSSocket } from "node:tls";
import type { TlsInfo } from "@krarup/ports";
import { codeOf, tlsInfoOf } from "@krarup/ports/internal";

/** What the handshake comes to for one side. */
export type SideOutcome =
  | { readonly type: "secured"; readonly info: TlsInfo }
  | { readonly type: "failed"; readonly code: string };

/** What it comes to for both. A server that turns down the certificate of a client does so when the client believes itself secured. */
export interface TlsOutcome {
  readonly client: SideOutcome;
  readonly server: SideOutcome;
}

/** Milliseconds of real time; it is for a handshake that hangs, which none is known to do. */
const REHEARSAL_MAX_MS = 10_000;

const CLOSED: SideOutcome = { type: "failed", code: "econnreset" };

/** Lets two sides shake hands in memory. */
export async function rehearse(client: ConnectionOptions, server: TlsOptions): Promise<TlsOutcome> {
  const [near, far] = duplexPair();
  const serverSide = Promise.withResolvers<SideOutcome>();
  // The limit of the program is one of virtual time.
  const hearing = createServer({ ...server, handshakeTimeout: REHEARSAL_MAX_MS });
  hearing.once("tlsClientError", (error) => serverSide.resolve({ type: "failed", code: codeOf(error) }));
  hearing.once("secureConnection", (socket) => serverSide.resolve(secured(socket)));
  const asking = connect({ ...client, socket: near });
  hearing.emit("connection", far);
  const clientOutcome = await outcomeOf(asking);
  if (clientOutcome.type === "failed") serverSide.resolve(CLOSED);
  const outcome = { client: clientOutcome, server: await serverSide.promise };
  asking.destroy();
  far.destroy();
  return outcome;
}

function outcomeOf(socket: TLSSocket): Promise<SideOutcome> {
  return new Promise((resolve) => {
    socket.once("secureConnect", () => resolve(secured(socket)));
    socket.on("error", (error) => resolve({ type: "failed", code: codeOf(error) }));
    socket.once("close", () => resolve(CLOSED));
  });
}

function secured(socket: TLSSocket): SideOutcome {
  socket.on("error", () => undefined);
  return { type: "secured", info: tlsInfoOf(socket) };
}
