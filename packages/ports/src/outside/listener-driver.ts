import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { type Address, showAddress } from "../net/address.ts";
import type { DriverState } from "../port/driver.ts";
import { codeOf } from "../port/port-error.ts";
import { sidesOf, StreamDriver } from "./stream-driver.ts";
import type { Listening, ListenerSettings } from "./streams.ts";

/** A socket that listens, with the connections that nobody has accepted yet. Of these nothing is read. */
export class ListenerDriver implements Listening {
  readonly label: string;
  state: DriverState = { type: "opening" };
  address: Address;
  refused = 0;
  readonly #server: Server;
  readonly #arrived: Socket[] = [];
  readonly #queueMax: number;
  #changed: () => void = () => undefined;

  /**
   * @param server - what listens; default one of TCP
   * @param arrival - its event for a connection that can be used
   */
  constructor(
    address: Address,
    { backlog, acceptQueueMax, noDelay }: ListenerSettings,
    server: Server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay }),
    arrival: "connection" | "secureConnection" = "connection",
  ) {
    this.label = `listening on ${showAddress(address)}`;
    this.address = address;
    this.#queueMax = acceptQueueMax;
    this.#server = server;
    this.#server.on(arrival, (socket: Socket) => this.#arrive(socket));
    this.#server.unref();
    this.#server.on("listening", () => this.#settle({ type: "open" }));
    // After the start this reports a failed accept, for want of descriptors: the connection stays with the system.
    this.#server.on("error", (error) => this.#settle({ type: "failed", code: codeOf(error) }));
    this.#server.listen({ ...address, backlog });
  }

  get waiting(): number {
    return this.#arrived.length;
  }

  /** A connection that has broken meanwhile is passed over. */
  take(): StreamDriver | null {
    for (let socket = this.#arrived.shift(); socket !== undefined; socket = this.#arrived.shift())
      if (!socket.destroyed)
        return new StreamDriver(`accepted on ${showAddress(this.address)}`, sidesOf(socket), { type: "open" });
    return null;
  }

  listen(changed: () => void): void {
    this.#changed = changed;
  }

  destroy(): void {
    this.#server.close();
    for (const socket of this.#arrived.splice(0)) socket.destroy();
  }

  #settle(state: DriverState): void {
    if (this.state.type !== "opening") return;
    this.state = state;
    if (state.type === "open") this.address = addressFrom(this.#server.address(), this.address);
    this.#changed();
  }

  #arrive(socket: Socket): void {
    // Whatever becomes of it before it is accepted is nobody's error.
    socket.on("error", () => undefined);
    if (this.#arrived.length >= this.#queueMax) {
      this.refused++;
      socket.destroy();
      return;
    }
    socket.unref();
    this.#arrived.push(socket);
    this.#changed();
  }
}

/** What Node says about an address, as ours. */
export function addressFrom(given: AddressInfo | string | null, otherwise: Address): Address {
  if (typeof given === "string") return { path: given };
  return given === null ? otherwise : { host: given.address, port: given.port };
}
