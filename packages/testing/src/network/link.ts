// The way from one machine to another. What is sent on it arrives in order for each connection, after the link's latency and no faster than
// its bandwidth. While the link is cut or stalled, or the machine at its end is off, what would arrive is held back: as on a real network,
// where TCP sends it again until it gets through or gives up.

import { type Amount, type Chance, drawn, happens } from "../chance.ts";
import type { Agenda } from "../time/agenda.ts";

/** How a link is. Each direction of each pair of machines has one. */
export interface LinkOptions {
  /** Milliseconds on the way, or a range from which each segment draws. Default 1, and 0 from a machine to itself. */
  readonly latencyMs?: Amount;
  /** Default `"infinity"`. */
  readonly bytesPerMs?: number | "infinity";
  /** Bytes that travel together, or a range from which each segment draws; 1 makes every read a short one. Default 65,536. */
  readonly segmentBytes?: Amount;
  /** Probability for each segment that its connection is reset on the way. Default 0. */
  readonly resets?: number;
  /** Probability for each segment that it, and with it what follows, is late by `stallMs`. Default 0. */
  readonly stalls?: number;
  /** Default 200, which is what a lost segment costs on a real network. */
  readonly stallMs?: Amount;
  /** Probability for each attempt to connect that it is refused. Default 0. */
  readonly refusals?: number;
  /** Probability for each datagram that it is lost. Default 0. */
  readonly losses?: number;
  /** Probability for each datagram that it comes twice. Default 0. */
  readonly duplicates?: number;
}

/** Something on its way. */
export interface Parcel {
  readonly bytes: number;
  readonly arrive: () => void;
  /** Called when it has not got through for so long that the sender gives up. */
  readonly giveUp: () => void;
  readonly giveUpMs: number;
}

/** Keeps what belongs together in order. */
export interface Lane {
  lastArrivalMs: number;
}

/** One direction between two machines. */
export class Link {
  readonly #agenda: Agenda;
  readonly #chance: Chance;
  readonly #isReachable: () => boolean;
  #options: Required<LinkOptions>;
  #isCut = false;
  #isStalled = false;
  #freeAtMs = 0;
  #held: (() => void)[] = [];

  constructor(agenda: Agenda, chance: Chance, isReachable: () => boolean, options: Required<LinkOptions>) {
    this.#agenda = agenda;
    this.#chance = chance;
    this.#isReachable = isReachable;
    this.#options = options;
  }

  get options(): Required<LinkOptions> {
    return this.#options;
  }

  set(options: LinkOptions): void {
    this.#options = { ...this.#options, ...options };
  }

  /** Nothing gets through, connections being made among it. */
  cut(): void {
    this.#isCut = true;
  }

  /** Nothing gets through, and nobody gives up. */
  stall(): void {
    this.#isStalled = true;
  }

  heal(): void {
    this.#isCut = false;
    this.#isStalled = false;
    this.release();
  }

  /** Lets go what was held back, if it can get through now. */
  release(): void {
    if (!this.#getsThrough) return;
    for (const arrive of this.#held.splice(0)) arrive();
  }

  /** Bytes of the next segment, at least 1. */
  segmentBytes(): number {
    return Math.max(1, Math.floor(drawn(this.#chance, this.#options.segmentBytes)));
  }

  happens(what: "resets" | "refusals" | "losses" | "duplicates"): boolean {
    return happens(this.#chance, this.#options[what]);
  }

  /** Sends `parcel` in its lane. */
  send(parcel: Parcel, lane: Lane): void {
    const atMs = Math.max(this.#arrivalMs(parcel.bytes), lane.lastArrivalMs);
    lane.lastArrivalMs = atMs;
    this.#agenda.after(atMs - this.#agenda.nowMs, () => this.#arrive(parcel));
  }

  /** Sends a datagram: alone, so it may overtake others, and what does not get through is lost. */
  cast(bytes: number, arrive: () => void): void {
    if (!this.#getsThrough) return;
    this.#agenda.after(this.#arrivalMs(bytes) - this.#agenda.nowMs, () => {
      if (this.#getsThrough) arrive();
    });
  }

  get #getsThrough(): boolean {
    return !this.#isCut && !this.#isStalled && this.#isReachable();
  }

  #arrivalMs(bytes: number): number {
    const { latencyMs, bytesPerMs, stalls, stallMs } = this.#options;
    const startMs = Math.max(this.#agenda.nowMs, this.#freeAtMs);
    this.#freeAtMs = bytesPerMs === "infinity" ? startMs : startMs + bytes / bytesPerMs;
    const lateMs = happens(this.#chance, stalls) ? drawn(this.#chance, stallMs) : 0;
    return this.#freeAtMs + drawn(this.#chance, latencyMs) + lateMs;
  }

  #arrive({ arrive, giveUp, giveUpMs }: Parcel): void {
    if (this.#getsThrough) return arrive();
    const cancel = this.#agenda.after(giveUpMs, () => {
      if (this.#isStalled) return;
      this.#held = this.#held.filter((each) => each !== getThrough);
      giveUp();
    });
    const getThrough = (): void => {
      cancel();
      arrive();
    };
    this.#held.push(getThrough);
  }
}
