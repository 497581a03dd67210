import type { Socket } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import type { Address } from "../net/address.ts";
import type { ServerTls } from "../net/tls.ts";
import { ListenerDriver } from "./listener-driver.ts";
import type { ListenerSettings } from "./streams.ts";
import { serverSecurity } from "./tls-security.ts";

/**
 * A socket that listens, and shakes hands with whoever connects, all at once, so that one who is slow holds up nobody. What arrives to be
 * accepted is secured; a handshake that fails never arrives.
 */
export class TlsListenerDriver extends ListenerDriver {
  /** Connections in their handshake, by the address of the peer. */
  readonly #shaking = new Map<string, Socket>();
  readonly #queueMax: number;

  constructor(address: Address, settings: ListenerSettings, tls: ServerTls) {
    const { noDelay, acceptQueueMax } = settings;
    const server = createServer({ ...serverSecurity(tls), noDelay });
    super(address, settings, server, "secureConnection");
    this.#queueMax = acceptQueueMax;
    // Node's own listener, which begins the handshake, comes after this one and passes over what is closed.
    server.prependListener("connection", (socket) => this.#begin(socket));
    server.prependListener("secureConnection", (socket) => this.#secured(socket));
    // A handshake that has failed. Its socket is closed, which is all there is to do.
    server.on("tlsClientError", (_error, socket) => socket.destroy());
  }

  override destroy(): void {
    super.destroy();
    for (const socket of this.#shaking.values()) socket.destroy();
  }

  #begin(socket: Socket): void {
    const peer = peerOf(socket);
    // Handshakes are bounded as what waits is: together they are what has not been accepted.
    if (this.waiting + this.#shaking.size >= this.#queueMax) {
      this.refused++;
      socket.destroy();
      return;
    }
    socket.unref();
    this.#shaking.set(peer, socket);
    socket.once("close", () => this.#forget(peer, socket));
  }

  /** One side may end before the other from here on; who ends in the middle of the handshake has hung up. */
  #secured(socket: TLSSocket): void {
    socket.allowHalfOpen = true;
    this.#shaking.delete(peerOf(socket));
  }

  /** Another connection may have come from the same address meanwhile. */
  #forget(peer: string, socket: Socket): void {
    if (this.#shaking.get(peer) === socket) this.#shaking.delete(peer);
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
