// The receiving half of a port: from what comes to whoever wants packets.
//
// Packets are asked of the driver only for somebody: a caller that waits in a read, or the owner in active mode. With neither, they stay
// outside, and the peer waits. What is here beyond a packet is what came in the same chunk, 64 KiB at most, or an unfinished packet,
// which may have `packetBytesMax`.

import { type AnyPid, type From, type Pid, reply, send } from "@krarup/core";
import { type Active, type ActiveChange, afterDelivery, afterSetting, isActiveMode } from "./active.ts";
import type { Want } from "./framing.ts";
import type { Intake } from "./intake.ts";
import { PACKETS_PER_TURN, READ_BYTES_MAX } from "./limits.ts";
import { portError } from "./port-error.ts";
import type { PortCommand, PortInput, PortMessage } from "./port-protocol.ts";
import { type Waiter, Waiting } from "./waiting.ts";

/** What one look at the driver led to. */
type Outcome = "delivered" | "nothing" | { readonly over: string };

type ReadCommand = Extract<PortCommand, { readonly do: "read" }>;

/** The receiving half of one port. */
export class PortReader {
  readonly #port: Pid<PortInput>;
  readonly #intake: Intake;
  readonly #readers: Waiting<Want | "packet">;
  #active: Active;
  #isHeldBack = false;
  owner: AnyPid;

  constructor(port: Pid<PortInput>, owner: AnyPid, intake: Intake, active: Active) {
    this.#port = port;
    this.owner = owner;
    this.#intake = intake;
    this.#active = active;
    this.#readers = new Waiting(port, "read");
  }

  get info(): { readonly active: Active; readonly input: number; readonly buffered: number; readonly readers: number } {
    const { input, buffered } = this.#intake;
    return { active: this.#active, input, buffered, readers: this.#readers.count };
  }

  read(caller: AnyPid, from: From<unknown>, { want, timeoutMs }: ReadCommand): void {
    if (this.#active !== false) reply(from, portError("read from a port in active mode", "einval"));
    else if (want !== "packet" && !this.#intake.isStream)
      reply(from, portError("read bytes from a port of packets", "einval"));
    else if (typeof want === "object" && want.bytes > READ_BYTES_MAX)
      reply(from, portError(`read ${want.bytes} bytes at once`, "emsgsize"));
    else this.#readers.add(caller, from, want, timeoutMs);
  }

  expire(from: From<unknown>): void {
    this.#readers.expire(from);
  }

  setActive(from: From<unknown>, wanted: Active): void {
    const change = isActiveMode(wanted) ? afterSetting(this.#active, wanted) : null;
    if (change === null) return reply(from, portError("set active", "einval"));
    this.#change(change);
    reply(from, "ok");
  }

  /** Delivers nothing until there is another owner. */
  holdBack(): void {
    this.#isHeldBack = true;
  }

  giveTo(owner: AnyPid): void {
    this.owner = owner;
    this.#isHeldBack = false;
  }

  /** Delivers what can be delivered now. @returns null, or why there will be no more; `"more"` when others should have a turn first */
  pump(): { readonly over: string } | "more" | null {
    for (let i = 0; i < PACKETS_PER_TURN; i++) {
      const outcome = this.#deliverOne();
      if (outcome === "nothing") return null;
      if (outcome !== "delivered") return outcome;
    }
    return "more";
  }

  /** Tells everybody who waits, and the owner in active mode, that there will be no more. @returns whether anybody was told */
  tellEnd(code: string): boolean {
    const hadReaders = this.#readers.failAll(code);
    return this.tellOwner(code) || hadReaders;
  }

  /** @returns whether the owner was told, which it is in active mode */
  tellOwner(code: string): boolean {
    if (this.#active === false) return false;
    if (code !== "closed") this.tell({ type: "failed", port: this.#port, code });
    this.tell({ type: "closed", port: this.#port });
    this.#active = false;
    return true;
  }

  /** Sends the owner a message. */
  tell(message: PortMessage<unknown>): void {
    // What the owner understands is its own business, as with every message of the system.
    send(this.owner as Pid<PortMessage<unknown>>, message);
  }

  #deliverOne(): Outcome {
    const reader = this.#readers.first();
    if (reader === null && (this.#active === false || this.#isHeldBack)) return "nothing";
    const taken = this.#intake.next(reader?.wants ?? "packet");
    switch (taken.do) {
      case "take":
        this.#deliver(reader, taken.packet);
        return "delivered";
      case "wait_for_more":
        return "nothing";
      case "end":
        return { over: taken.code };
    }
  }

  #deliver(reader: Waiter<Want | "packet"> | null, data: unknown): void {
    if (reader !== null) return this.#readers.answer(reader, data);
    this.tell({ type: "data", port: this.#port, data });
    this.#change(afterDelivery(this.#active));
  }

  #change({ active, tellsPassive }: ActiveChange): void {
    this.#active = active;
    if (tellsPassive) this.tell({ type: "passive", port: this.#port });
  }
}
