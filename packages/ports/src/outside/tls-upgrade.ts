import type { Socket } from "node:net";
import { connect, createServer, type TLSSocket } from "node:tls";
import type { StartTls } from "../net/tls.ts";
import { clientSecurity, serverSecurity } from "./tls-security.ts";

/** What becomes of the attempt to secure a socket; of these one is called, and `failed` perhaps more than once. */
export interface Upgrade {
  readonly secured: (socket: TLSSocket) => void;
  readonly failed: (error: unknown) => void;
}

/** Shakes hands over `raw`, a socket that is connected. */
export function upgrade(raw: Socket, tls: StartTls, { secured, failed }: Upgrade): void {
  if (tls.role === "client") {
    const socket = connect({ socket: raw, ...clientSecurity(tls, { host: tls.host, port: 0 }) });
    socket.on("error", failed);
    socket.once("secureConnect", () => secured(socket));
    return;
  }
  // Node verifies clients only for its own server; this one serves a single connection, and listens nowhere.
  const server = createServer(serverSecurity(tls));
  server.once("tlsClientError", failed);
  server.once("secureConnection", (socket) => {
    socket.allowHalfOpen = raw.allowHalfOpen = true;
    secured(socket);
  });
  // Half a handshake is none: who hangs up in the middle of it has failed.
  raw.allowHalfOpen = false;
  server.emit("connection", raw);
}
