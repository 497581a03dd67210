// The driver of a UDP socket. Node has no way to leave datagrams with the kernel, so they wait here, up to a number. What comes beyond that
// is dropped, as the kernel does when its buffer is full.

import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import type { Datagram, UdpInfo } from "../net/udp.ts";
import type { Details } from "../port/details.ts";
import type { Driver, DriverState, Settled } from "../port/driver.ts";
import { codeOf } from "../port/port-error.ts";
import type { DatagramSettings } from "./datagrams.ts";

/** A socket for datagrams. It has no other side, so it never ends by itself. */
export class UdpDriver implements Driver<Datagram> {
  readonly label: string;
  state: DriverState = { type: "opening" };
  readFailure: string | null = null;
  readonly hasEnded = false;
  readonly isFull = false;
  readonly writeFailure = null;
  readonly exitStatus = null;
  readonly #socket: Socket;
  readonly #settings: DatagramSettings;
  readonly #arrived: Datagram[] = [];
  #settled: Settled[] = [];
  #received = 0;
  #dropped = 0;
  #isClosed = false;
  #changed: () => void = () => undefined;

  constructor(settings: DatagramSettings) {
    const { family, host, port, reuseAddress } = settings;
    this.label = `udp ${host ?? "*"}:${port}`;
    this.#settings = settings;
    this.#socket = createSocket({ type: family === "inet6" ? "udp6" : "udp4", reuseAddr: reuseAddress });
    this.#socket.on("error", (error) => this.#failed(codeOf(error)));
    this.#socket.on("message", (bytes, from) => this.#arrive(bytes, from));
    this.#socket.on("listening", () => this.#opened());
    this.#socket.bind({ port, ...(host !== null && { address: host }) });
    this.#socket.unref();
  }

  get details(): Partial<Details> {
    return { udp: this.#info };
  }

  read(): Datagram | null {
    return this.#arrived.shift() ?? null;
  }

  write(datagram: Datagram): void {
    const settle = (code: string | null): void => {
      this.#settled.push({ packet: datagram, code });
      this.#changed();
    };
    try {
      const { data, port, host } = datagram;
      this.#socket.send(data, port, host, (error) => settle(error === null ? null : codeOf(error)));
    } catch {
      // Node throws for what is no datagram at all.
      settle("einval");
    }
  }

  takeSettled(): readonly Settled[] {
    const settled = this.#settled;
    this.#settled = [];
    return settled;
  }

  closeWrite(): void {
    // There is nobody to be told.
  }

  close(): void {
    this.destroy();
  }

  destroy(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
  }

  listen(changed: () => void): void {
    this.#changed = changed;
  }

  #opened(): void {
    try {
      this.#configure();
      this.state = { type: "open" };
    } catch (error) {
      this.state = { type: "failed", code: codeOf(error) };
    }
    this.#changed();
  }

  #configure(): void {
    const { broadcast, memberships, multicastLoopback, multicastTtl } = this.#settings;
    this.#socket.setBroadcast(broadcast);
    this.#socket.setMulticastLoopback(multicastLoopback);
    this.#socket.setMulticastTTL(multicastTtl);
    for (const { group, interface: address } of memberships) this.#socket.addMembership(group, address);
  }

  #failed(code: string): void {
    if (this.state.type === "opening") this.state = { type: "failed", code };
    else this.readFailure ??= code;
    this.#changed();
  }

  #arrive(bytes: Buffer, { address, port }: RemoteInfo): void {
    if (this.#arrived.length >= this.#settings.queueLengthMax) {
      this.#dropped++;
      return;
    }
    this.#received++;
    this.#arrived.push({ host: address, port, data: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) });
    this.#changed();
  }

  get #info(): UdpInfo {
    const { address, port } = this.#socket.address();
    return {
      address: { host: address, port },
      received: this.#received,
      dropped: this.#dropped,
      waiting: this.#arrived.length,
    };
  }
}
