// One end of a simulated connection.
//
//   write ──► sending ──(link, in segments)──► received ──► read
//                 ▲                                │
//                 └──────── room ◄─────────────────┘
//
// Bytes leave only while the other end has room for them, so a reader that is slow holds the writer up. What an end does at the moment of
// closing follows Linux and Node: what the system has taken is still delivered, then comes the end of the stream; an end that closes
// with much unread, or gets data after it has closed, answers with a reset.

import type { Agenda } from "../time/agenda.ts";
import { type Chronicle, showBytes } from "../chronicle.ts";
import { ByteQueue, type Driver, type DriverState } from "@krarup/ports/internal";
import type { Host, Open } from "./host.ts";
import {
  FLUSH_MS,
  HIGH_WATER_BYTES,
  RECEIVE_BUFFER_BYTES,
  SEND_BUFFER_BYTES,
  SEND_GIVE_UP_MS,
  UNREAD_BYTES_MAX,
} from "./limits.ts";
import type { Lane, Link } from "./link.ts";

/** What a socket needs of its world. */
export interface SocketWorld {
  readonly agenda: Agenda;
  readonly chronicle: Chronicle;
  readonly host: Host;
}

/** How a socket reaches its other end. */
export interface Way {
  readonly link: Link;
  readonly lane: Lane;
}

/** Where a socket is in its life as the system sees it. */
type Life = "opening" | "open" | "closing" | "closed";

/** One end. */
export class SimulatedSocket implements Driver, Open {
  readonly label: string;
  exitStatus: number | null = null;
  state: DriverState = { type: "opening" };
  readFailure: string | null = null;
  writeFailure: string | null = null;
  isFull = false;
  readonly #world: SocketWorld;
  readonly #sending = new ByteQueue();
  readonly #received = new ByteQueue();
  #life: Life = "opening";
  #peer: SimulatedSocket | null = null;
  #way: Way | null = null;
  #onTheWay = 0;
  #hasEnded = false;
  #wantsEnd = false;
  #hasSentEnd = false;
  #brokenBy: string | null = null;
  #cancelFlush: () => void = () => undefined;
  #listener: () => void = () => undefined;

  constructor(label: string, world: SocketWorld) {
    this.label = label;
    this.#world = world;
  }

  get host(): Host {
    return this.#world.host;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The machine at the other end; null before there is one. */
  get peerHost(): Host | null {
    return this.#peer?.host ?? null;
  }

  /** The address at the other end; empty when there is none. */
  get peerIp(): string {
    return this.#peer?.host.ip ?? "";
  }

  /** Whether nobody holds it any more. */
  get isClosed(): boolean {
    return this.#life === "closing" || this.#life === "closed";
  }

  /** It is connected with `peer`, to which `way` leads. */
  opened(peer: SimulatedSocket, way: Way): void {
    this.#peer = peer;
    this.#way = way;
    this.#life = "open";
    this.state = { type: "open" };
    this.changed();
  }

  /** It will never be. */
  failed(code: string): void {
    if (this.#life !== "opening") return;
    this.#release();
    this.state = { type: "failed", code };
    this.changed();
  }

  listen(changed: () => void): void {
    this.#listener = changed;
  }

  read(): Uint8Array | null {
    const { length } = this.#received;
    if (length === 0) return null;
    const bytes = this.#received.take(length).slice();
    // The other end hears of the room when the news has travelled; here, at once: it only matters that it waits.
    this.#peer?.transmit();
    return bytes;
  }

  write(bytes: Uint8Array): void {
    if (this.writeFailure !== null) return;
    if (this.#wantsEnd || this.#life !== "open") {
      this.writeFailure = "epipe";
      return;
    }
    const code = this.#brokenBy;
    if (code !== null) {
      // Node reads no more after the end, so it hears of a reset when it writes, and says so after that.
      this.#world.agenda.after(0, () => this.#fail(code));
      return;
    }
    this.#sending.push(bytes.slice());
    this.transmit();
    this.isFull = this.#sending.length >= SEND_BUFFER_BYTES + HIGH_WATER_BYTES;
  }

  closeWrite(): void {
    this.#wantsEnd = true;
    this.transmit();
  }

  close(): void {
    if (this.#life !== "open") return this.destroy();
    this.#life = "closing";
    this.closeWrite();
    if (this.#sending.length <= SEND_BUFFER_BYTES) this.#drop();
    else this.#cancelFlush = this.#world.agenda.after(FLUSH_MS, () => this.#drop());
  }

  destroy(): void {
    if (this.#life === "opening") this.#release();
    else if (this.#life === "open") this.#drop();
  }

  vanish(): void {
    this.#life = "closed";
    this.#cancelFlush();
    this.#sending.clear();
    this.#received.clear();
  }

  /** Call when something may have changed. */
  protected changed(): void {
    this.#listener();
  }

  /** Sends what the other end has room for. */
  transmit(): void {
    if (this.#life === "opening" || !this.host.isUp) return;
    for (let room = this.#room; room > 0 && this.#sending.length > 0; room = this.#room) this.#sendSegment(room);
    if (this.#sending.length <= SEND_BUFFER_BYTES) this.#hasRoomAgain();
    if (this.#sending.length > 0 || !this.#wantsEnd || this.#hasSentEnd) return;
    this.#hasSentEnd = true;
    this.#send(0, (peer) => peer.#takeEnd());
  }

  /** The connection is reset, by the other end or on the way. */
  reset(code: string = this.#hasEnded ? "epipe" : "econnreset"): void {
    const isListening = !this.#hasEnded || this.#sending.length > 0;
    this.#sending.clear();
    if (this.#life === "closed" || !this.host.isUp) return;
    this.#world.chronicle.tell(`${this.host.name}: ${this.label} ${code}`);
    this.#hasSentEnd = true;
    this.#brokenBy ??= code;
    if (isListening) this.#fail(code);
  }

  /** Something on the way resets both ends. */
  breakConnection(): void {
    this.#peer?.reset();
    this.reset();
  }

  /** The program learns of it. */
  #fail(code: string): void {
    this.readFailure ??= code;
    this.writeFailure ??= code;
    this.#hasEnded = true;
    if (this.isClosed) this.#release();
    this.changed();
  }

  get #room(): number {
    return RECEIVE_BUFFER_BYTES - this.#onTheWay - (this.#peer?.unread ?? 0);
  }

  /** Bytes that have arrived and were not read. */
  get unread(): number {
    return this.#received.length;
  }

  #sendSegment(room: number): void {
    if (this.#way === null) return;
    const { link } = this.#way;
    const bytes = this.#sending.take(Math.min(room, this.#sending.length, link.segmentBytes())).slice();
    this.#onTheWay += bytes.length;
    const isReset = link.happens("resets");
    this.#send(bytes.length, (peer) => {
      this.#onTheWay -= bytes.length;
      if (isReset) return this.breakConnection();
      peer.#takeBytes(bytes, this);
      this.transmit();
    });
  }

  #send(bytes: number, deliver: (peer: SimulatedSocket) => void): void {
    const peer = this.#peer;
    if (peer === null) return;
    const arrive = (): void => deliver(peer);
    const giveUp = (): void => this.reset("etimedout");
    this.#way?.link.send({ bytes, arrive, giveUp, giveUpMs: SEND_GIVE_UP_MS }, this.#way.lane);
  }

  #takeBytes(bytes: Uint8Array, from: SimulatedSocket): void {
    if (this.#life !== "open" || this.#peer !== from) return this.#answerWithReset();
    if (this.readFailure !== null) return;
    this.#world.chronicle.tell(`${this.host.name}: ${this.label} ${showBytes(bytes)}`);
    this.#received.push(bytes);
    this.changed();
  }

  #takeEnd(): void {
    if (this.#life !== "open" || this.#hasEnded) return;
    this.#world.chronicle.tell(`${this.host.name}: ${this.label} end`);
    this.#hasEnded = true;
    this.changed();
  }

  #answerWithReset(): void {
    this.#send(0, (peer) => peer.reset());
  }

  #hasRoomAgain(): void {
    if (this.isFull) {
      this.isFull = false;
      this.changed();
    }
    if (this.#life === "closing") this.#drop();
  }

  /** Lets go. What the system has taken is still delivered; what it has not is lost. */
  #drop(): void {
    this.#cancelFlush();
    const isUnread = this.#received.length > UNREAD_BYTES_MAX;
    this.#release();
    if (!this.host.isUp) return this.vanish();
    this.#received.clear();
    if (isUnread) {
      this.#sending.clear();
      this.#hasSentEnd = true;
      return this.#answerWithReset();
    }
    const taken = this.#sending.take(Math.min(this.#sending.length, SEND_BUFFER_BYTES)).slice();
    this.#sending.clear();
    if (taken.length > 0) this.#sending.push(taken);
    this.closeWrite();
  }

  #release(): void {
    this.#life = "closed";
    this.host.close(this);
  }
}
