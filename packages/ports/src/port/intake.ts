// Where a port takes packets from: the bytes of a stream, cut and decoded, or a driver that has packets of its own, as datagrams.

import { ByteQueue } from "./byte-queue.ts";
import type { Carrier, Driver } from "./driver.ts";
import { type ByteFraming, type FrameVerdict, type Framing, lastFrame, nextFrame, type Want } from "./framing.ts";
import { isRefused, type ValueFraming } from "./value-framing.ts";

/** What a look for the next packet led to. */
export type Taken =
  | { readonly do: "take"; readonly packet: unknown }
  | { readonly do: "wait_for_more" }
  | { readonly do: "end"; readonly code: string };

/** A source of packets. */
export interface Intake {
  /** Bytes received. */
  readonly input: number;
  /** Bytes received that nobody has taken. */
  readonly buffered: number;
  /** Whether it has everything that will ever come, and nothing of it is left to deliver. */
  readonly isDrained: boolean;
  /** Whether lines or numbers of bytes can be asked for as well. */
  readonly isStream: boolean;
  /** Takes the next packet, after asking the driver for as much as it needs. */
  next(want: Want | "packet"): Taken;
  /** Looks whether the end has come without anybody wanting what may come before it. */
  peek(): void;
  /** Gives back what nobody has taken, if the driver can use it. */
  giveBack(): void;
}

const MORE: Taken = { do: "wait_for_more" };

/** Packets out of a stream of bytes. What is here beyond a packet came in the same chunk, or is unfinished. */
export class StreamIntake implements Intake {
  readonly #driver: Driver;
  readonly #cut: ByteFraming;
  readonly #values: ValueFraming<unknown> | null;
  readonly #bytesMax: number;
  readonly #queue = new ByteQueue();
  readonly isStream = true;
  input = 0;

  constructor(driver: Driver, framing: Framing<unknown>, packetBytesMax: number) {
    this.#driver = driver;
    this.#values = typeof framing === "object" ? framing : null;
    this.#cut = typeof framing === "object" ? framing.cut : framing;
    this.#bytesMax = packetBytesMax;
  }

  get buffered(): number {
    return this.#queue.length;
  }

  get isDrained(): boolean {
    return this.#queue.length === 0 && this.#driver.hasEnded;
  }

  peek(): void {
    if (this.#queue.length === 0) this.#pull();
  }

  giveBack(): void {
    if (this.#queue.length > 0) this.#driver.takeBack?.(this.#queue.take(this.#queue.length));
  }

  next(want: Want | "packet"): Taken {
    const verdict = this.#verdict(want === "packet" ? this.#cut : want);
    switch (verdict.do) {
      case "take":
        this.#queue.take(verdict.header);
        return this.#decoded(want, this.#queue.take(verdict.length));
      case "refuse":
        return { do: "end", code: "emsgsize" };
      case "wait_for_more":
        return withoutMore(this.#driver);
    }
  }

  /** The verdict over the next packet when nothing more can be asked for now. */
  #verdict(want: Want): FrameVerdict {
    for (;;) {
      const verdict = nextFrame(this.#queue, want, this.#bytesMax);
      if (verdict.do !== "wait_for_more" || this.#pull()) {
        if (verdict.do !== "wait_for_more") return verdict;
        continue;
      }
      const isLast = this.#driver.readFailure === null && this.#driver.hasEnded;
      return isLast ? lastFrame(this.#queue, want) : verdict;
    }
  }

  #decoded(want: Want | "packet", bytes: Uint8Array): Taken {
    if (this.#values === null || want !== "packet") return { do: "take", packet: bytes };
    const packet = this.#values.decode(bytes);
    return isRefused(packet) ? { do: "end", code: packet.code } : { do: "take", packet };
  }

  #pull(): boolean {
    const chunk = this.#driver.read();
    if (chunk === null) return false;
    this.input += chunk.length;
    this.#queue.push(chunk);
    return true;
  }
}

/** The packets of a driver that has them whole. */
export class PacketIntake<P> implements Intake {
  readonly #driver: Driver<P>;
  readonly #sizeOf: (packet: P) => number;
  readonly isStream = false;
  readonly buffered = 0;
  input = 0;

  /** @param sizeOf - bytes of a packet, for the counter */
  constructor(driver: Driver<P>, sizeOf: (packet: P) => number) {
    this.#driver = driver;
    this.#sizeOf = sizeOf;
  }

  get isDrained(): boolean {
    return this.#driver.hasEnded;
  }

  peek(): void {
    // A driver of packets knows its end by itself.
  }

  giveBack(): void {
    // Nothing was taken but what was delivered.
  }

  next(): Taken {
    const packet = this.#driver.read();
    if (packet !== null) {
      this.input += this.#sizeOf(packet);
      return { do: "take", packet };
    }
    return withoutMore(this.#driver);
  }
}

function withoutMore({ readFailure, hasEnded }: Carrier): Taken {
  if (readFailure !== null) return { do: "end", code: readFailure };
  return hasEnded ? { do: "end", code: "closed" } : MORE;
}
