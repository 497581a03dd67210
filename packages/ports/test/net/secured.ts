// Connections under TLS for tests, with certificates of the folder `fixtures`.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect as connectRaw, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import {
  accept,
  type ClientTls,
  connect,
  type Listener,
  listen,
  listenerInfo,
  orExit,
  type Port,
  type ServerTls,
  type TlsIdentity,
} from "../../src/index.ts";
import type { Steps } from "../../src/port/sequence.ts";

export const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}.pem`, import.meta.url));
export const pem = (name: string): string => readFileSync(fixture(name), "utf8");
export const identity = (name: string): TlsIdentity => ({ cert: pem(name), key: pem(`${name}-key`) });

export const SERVER: ServerTls = identity("server");
export const TRUST: ClientTls = { cacerts: pem("authority") };

/** A listener under TLS, with its port. */
export function* listening(tls: ServerTls, more: { acceptQueueMax?: number } = {}): Steps<[Listener, number]> {
  const listener = yield* orExit(listen({ host: "127.0.0.1", port: 0, tls, ...more }));
  const { address } = yield* orExit(listenerInfo(listener));
  if (!("port" in address)) throw new Error("it listens on a port");
  return [listener, address.port];
}

/** Both ends of a connection under TLS. */
export function* secured(server: ServerTls, client: ClientTls): Steps<{ client: Port; server: Port }> {
  const [listener, port] = yield* listening(server);
  const connected = yield* orExit(connect({ host: "localhost", port, tls: client }));
  return { client: connected, server: yield* orExit(accept(listener)) };
}

/** A plain socket in the test's hands. */
export function rawTo(port: number): Socket {
  return connectRaw(port, "127.0.0.1").on("error", () => undefined);
}

/** Whether the program is installed. */
export const hasOpenssl = (() => {
  try {
    return execFileSync("openssl", ["version"]).length > 0;
  } catch {
    return false;
  }
})();
