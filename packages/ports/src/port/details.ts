import type { TlsInfo } from "../net/tls.ts";
import type { UdpInfo } from "../net/udp.ts";

/** What only some kinds of port can tell about themselves. */
export interface Details {
  readonly tls: TlsInfo;
  readonly udp: UdpInfo;
}
