// Where a port puts packets: encoded and framed into the bytes of a stream, or into a driver that takes them whole.

import { brief } from "@krarup/core";
import type { Driver } from "./driver.ts";
import { framed, type Framing } from "./framing.ts";
import { type PortError, portError } from "./port-error.ts";

/** A sink of packets. */
export interface Outlet {
  /** Hands `data` to the driver. @returns how many bytes that is, or why it cannot be written */
  put(data: unknown): number | PortError;
}

/** Packets into a stream of bytes. */
export class StreamOutlet implements Outlet {
  readonly #driver: Driver;
  readonly #framing: Framing<unknown>;

  constructor(driver: Driver, framing: Framing<unknown>) {
    this.#driver = driver;
    this.#framing = framing;
  }

  put(data: unknown): number | PortError {
    const framing = this.#framing;
    const isOfValues = typeof framing === "object";
    const body = isOfValues ? framing.encode(data) : bytesOf(data);
    if (!(body instanceof Uint8Array)) return portError(`write ${brief(data)} with the port's framing`, "einval");
    const packet = framed(body, isOfValues ? framing.cut : framing);
    if (packet === null) return portError(`write ${body.length} bytes as one packet`, "emsgsize");
    this.#driver.write(packet);
    return packet.length;
  }
}

const encoder = new TextEncoder();

/** A text travels as it is, which costs no copy, and becomes bytes here. */
function bytesOf(data: unknown): unknown {
  return typeof data === "string" ? encoder.encode(data) : data;
}

/** The packets of a driver that takes them whole. */
export class PacketOutlet<P> implements Outlet {
  readonly #driver: Driver<P>;
  readonly #sizeOf: (packet: P) => number;

  /** @param sizeOf - bytes of a packet, for the counter */
  constructor(driver: Driver<P>, sizeOf: (packet: P) => number) {
    this.#driver = driver;
    this.#sizeOf = sizeOf;
  }

  put(data: unknown): number {
    // What is written to a port is typed by its kind.
    const packet = data as P;
    this.#driver.write(packet);
    return this.#sizeOf(packet);
  }
}
