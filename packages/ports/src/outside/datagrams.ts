// The room of UDP sockets.

import type { Datagram, Membership } from "../net/udp.ts";
import type { Driver } from "../port/driver.ts";
import { UdpDriver } from "./udp-driver.ts";

/** How a socket for datagrams is opened. */
export interface DatagramSettings {
  readonly family: "inet" | "inet6";
  /** Null for all addresses of the machine. */
  readonly host: string | null;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly reuseAddress: boolean;
  readonly broadcast: boolean;
  readonly memberships: readonly Membership[];
  readonly multicastLoopback: boolean;
  readonly multicastTtl: number;
  /** Datagrams that wait to be read; one more is dropped, and counted. */
  readonly queueLengthMax: number;
}

/** Sockets for datagrams as a node reaches them. */
export interface Datagrams {
  open(settings: DatagramSettings): Driver<Datagram>;
}

/** The sockets of the operating system. */
export const nodeDatagrams: Datagrams = { open: (settings) => new UdpDriver(settings) };
