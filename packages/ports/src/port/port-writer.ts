// The sending half of a port. A write is answered at once while the driver takes more, otherwise when it has room again: a fast writer
// waits, and what is outside the processes stays bounded by one write for each writer and the driver's own buffer.

import { type AnyPid, type From, type Pid, reply } from "@krarup/core";
import type { Carrier } from "./driver.ts";
import type { Outlet } from "./outlet.ts";
import type { PortCommand, PortInput } from "./port-protocol.ts";
import { Waiting } from "./waiting.ts";

type WriteCommand = Extract<PortCommand, { readonly do: "write" }>;

/** The sending half of one port. */
export class PortWriter {
  readonly #driver: Carrier;
  readonly #outlet: Outlet;
  /** What they wait for is their own packet. */
  readonly #writers: Waiting<unknown>;
  /** Bytes sent. */
  output = 0;

  constructor(port: Pid<PortInput>, driver: Carrier, outlet: Outlet) {
    this.#driver = driver;
    this.#outlet = outlet;
    this.#writers = new Waiting(port, "write");
  }

  get info(): { readonly output: number; readonly writers: number } {
    return { output: this.output, writers: this.#writers.count };
  }

  write(caller: AnyPid, from: From<unknown>, { data, timeoutMs }: WriteCommand): void {
    const written = this.#outlet.put(data);
    if (typeof written !== "number") return reply(from, written);
    this.#writers.add(caller, from, data, timeoutMs);
    if (this.#driver.writeFailure === null) this.output += written;
    this.advance();
  }

  expire(from: From<unknown>): void {
    this.#writers.expire(from);
  }

  /** Answers those who wait, if the driver has room or has failed. */
  advance(): void {
    const { writeFailure } = this.#driver;
    for (const { packet, code } of this.#driver.takeSettled?.() ?? []) this.#writers.settle(packet, code);
    if (writeFailure !== null) this.#writers.failAll(writeFailure);
    else if (this.#driver.takeSettled === undefined && !this.#driver.isFull) this.#writers.answerAll("ok");
  }
}
