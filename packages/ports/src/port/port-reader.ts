// The receiving half of a port: from the driver's bytes to whoever wants packets.
//
// Bytes are asked of the driver only for somebody: a caller that waits in a read, or the owner in active mode. With neither, they stay
// outside, and the peer waits. What is here beyond a packet is what came in the same chunk, 64 KiB at most, or an unfinished packet,
// which may have `packetBytesMax`.

import { type AnyPid, type From, type Pid, reply, send } from "@krarup/core";
import { type Active, type ActiveChange, afterDelivery, afterSetting, isActiveMode } from "./active.ts";
import { ByteQueue } from "./byte-queue.ts";
import type { Driver } from "./driver.ts";
import { type FrameVerdict, type Framing, lastFrame, nextFrame, type Want } from "./framing.ts";
import { PACKETS_PER_TURN, READ_BYTES_MAX } from "./limits.ts";
import { portError } from "./port-error.ts";
import type { PortCommand, PortInput, PortMessage } from "./port-protocol.ts";
import { type Waiter, Waiting } from "./waiting.ts";

/** How what comes is read. */
export interface ReaderOptions {
  readonly framing: Framing;
  readonly packetBytesMax: number;
  readonly active: Active;
}

/** What one look at the driver led to. */
type Outcome = "delivered" | "nothing" | { readonly over: string };

type ReadCommand = Extract<PortCommand, { readonly do: "read" }>;

/** The receiving half of one port. */
export class PortReader {
  readonly #port: Pid<PortInput>;
  readonly #driver: Driver;
  readonly #options: ReaderOptions;
  readonly #queue = new ByteQueue();
  readonly #readers: Waiting<Want>;
  #active: Active;
  #isHeldBack = false;
  owner: AnyPid;
  /** Bytes received. */
  input = 0;

  constructor(port: Pid<PortInput>, owner: AnyPid, driver: Driver, options: ReaderOptions) {
    this.#port = port;
    this.owner = owner;
    this.#driver = driver;
    this.#options = options;
    this.#active = options.active;
    this.#readers = new Waiting(port, "read");
  }

  get info(): { readonly active: Active; readonly input: number; readonly buffered: number; readonly readers: number } {
    return { active: this.#active, input: this.input, buffered: this.#queue.length, readers: this.#readers.count };
  }

  /** Whether it has everything that will ever come, and nothing of it is left to deliver. */
  get isDrained(): boolean {
    return this.#queue.length === 0 && this.#driver.hasEnded;
  }

  /** Looks whether the end has come without anybody wanting what may come before it. */
  peek(): void {
    if (this.#queue.length === 0) this.#pull();
  }

  read(caller: AnyPid, from: From<unknown>, { want, timeoutMs }: ReadCommand): void {
    const wants = want === "packet" ? this.#options.framing : want;
    const isTooLong = typeof wants === "object" && wants.bytes > READ_BYTES_MAX;
    if (this.#active !== false) reply(from, portError("read from a port in active mode", "einval"));
    else if (isTooLong) reply(from, portError(`read ${wants.bytes} bytes at once`, "emsgsize"));
    else this.#readers.add(caller, from, wants, timeoutMs);
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
    if (this.#active === false) return hadReaders;
    if (code !== "closed") this.tell({ type: "failed", port: this.#port, code });
    this.tell({ type: "closed", port: this.#port });
    this.#active = false;
    return true;
  }

  /** Sends the owner a message. */
  tell(message: PortMessage): void {
    // What the owner understands is its own business, as with every message of the system.
    send(this.owner as Pid<PortMessage>, message);
  }

  #deliverOne(): Outcome {
    const reader = this.#readers.first();
    if (reader === null && (this.#active === false || this.#isHeldBack)) return "nothing";
    const verdict = this.#next(reader?.wants ?? this.#options.framing);
    if (typeof verdict !== "string" && "over" in verdict) return verdict;
    if (verdict.do === "wait_for_more") return "nothing";
    if (verdict.do === "refuse") return { over: "emsgsize" };
    this.#queue.take(verdict.header);
    this.#deliver(reader, this.#queue.take(verdict.length));
    return "delivered";
  }

  /** The verdict over the next packet, after taking in as much as it needs. */
  #next(want: Want): FrameVerdict | { readonly over: string } {
    for (;;) {
      const verdict = nextFrame(this.#queue, want, this.#options.packetBytesMax);
      if (verdict.do !== "wait_for_more" || this.#pull()) {
        if (verdict.do !== "wait_for_more") return verdict;
        continue;
      }
      if (this.#driver.readFailure !== null) return { over: this.#driver.readFailure };
      if (!this.#driver.hasEnded) return verdict;
      const last = lastFrame(this.#queue, want);
      return last.do === "take" ? last : { over: "closed" };
    }
  }

  #pull(): boolean {
    const chunk = this.#driver.read();
    if (chunk === null) return false;
    this.input += chunk.length;
    this.#queue.push(chunk);
    return true;
  }

  #deliver(reader: Waiter<Want> | null, data: Uint8Array): void {
    if (reader !== null) return this.#readers.answer(reader, data);
    this.tell({ type: "data", port: this.#port, data });
    this.#change(afterDelivery(this.#active));
  }

  #change({ active, tellsPassive }: ActiveChange): void {
    this.#active = active;
    if (tellsPassive) this.tell({ type: "passive", port: this.#port });
  }
}
