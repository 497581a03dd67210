// The room of stream sockets: TCP, and unix sockets, which differ by their address only. Either may be under TLS.

import { connect as connectSocket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Address, showAddress } from "../net/address.ts";
import type { ClientTls, ServerTls } from "../net/tls.ts";
import type { Driver, Held } from "../port/driver.ts";
import { ListenerDriver } from "./listener-driver.ts";
import { sidesOf, StreamDriver } from "./stream-driver.ts";
import { TlsListenerDriver } from "./tls-listener-driver.ts";
import { clientSecurity } from "./tls-security.ts";

/** What a socket is told when it is made. */
export interface SocketSettings {
  /** Whether small writes are sent at once instead of being collected. */
  readonly noDelay: boolean;
}

/** How a connection is made. */
export interface ClientSettings extends SocketSettings {
  readonly tls?: ClientTls;
}

/** How connections are taken. */
export interface ListenerSettings extends SocketSettings {
  readonly tls?: ServerTls;
  readonly backlog: number;
  /** Connections that may wait to be taken; one more is closed at once. */
  readonly acceptQueueMax: number;
}

/** Something that listens, with the connections that nobody has taken yet. Of these nothing is read. */
export interface Listening extends Held {
  /** Where; once it is open, with the port that the system chose. */
  readonly address: Address;
  /** Connections that wait to be taken. */
  readonly waiting: number;
  /** Connections closed because too many waited. */
  readonly refused: number;
  /** The connection that has waited for longest, open; null when there is none. */
  take(): Driver | null;
}

/** Stream sockets as a node reaches them. */
export interface Streams {
  /** Half-open connections are allowed: the end of one side leaves the other. */
  connect(address: Address, settings: ClientSettings): Driver;
  listen(address: Address, settings: ListenerSettings): Listening;
}

/** The sockets of the operating system. */
export const nodeStreams: Streams = {
  connect(address, { noDelay, tls }) {
    const target =
      "path" in address ? { path: address.path } : { host: address.host ?? "localhost", port: address.port };
    const options = { ...target, allowHalfOpen: true };
    const socket =
      tls === undefined ? connectSocket(options) : connectTls({ ...options, ...clientSecurity(tls, address) });
    socket.setNoDelay(noDelay);
    const driver = new StreamDriver(showAddress(address), sidesOf(socket), { type: "opening" });
    socket.once(tls === undefined ? "connect" : "secureConnect", () => driver.opened());
    return driver;
  },
  listen: (address, settings) =>
    settings.tls === undefined
      ? new ListenerDriver(address, settings)
      : new TlsListenerDriver(address, settings, settings.tls),
};
