// One end of a simulated connection under TLS. The handshake takes the round trip of TLS 1.3, so that every fault of the link is one of its
// own. After it the bytes travel as they are: what a simulation is asked is what becomes of them, not who could have read them.
//
//   client                                   server
//      ── offer ────────────────────────────►   finds out what comes of it
//      ◄──────────────────────────── answer ──
//   is open, or has failed
//      ── confirmation ─────────────────────►   is open, or hangs up

import type { TlsOptions } from "node:tls";
import type { TlsInfo } from "@krarup/ports";
import { ByteQueue, type Driver, type DriverState } from "@krarup/ports/internal";
import type { Handshake, Handshakes } from "./handshakes.ts";
import type { SimulatedSocket } from "./socket.ts";
import type { SideOutcome } from "./tls-rehearsal.ts";

/** First byte of a record of the handshake, as in TLS. */
const HANDSHAKE = 0x16;

/** What a server says of a client that has shown nothing, and what that client gets to hear. Every other refusal is an end without a word. */
const NO_CERTIFICATE = "err_ssl_peer_did_not_return_a_certificate";
const CERTIFICATE_REQUIRED = "err_ssl_tlsv13_alert_certificate_required";

/** That byte, two of the version, two of the length, and the number of the handshake. */
const RECORD_BYTES = 9;

/** Either end, from the first record until nobody holds it. */
abstract class SecuredSocket implements Driver {
  readonly label: string;
  readonly exitStatus: number | null = null;
  state: DriverState = { type: "opening" };
  protected readonly raw: SimulatedSocket;
  readonly #received = new ByteQueue();
  #info: TlsInfo | null = null;
  #changed: () => void = () => undefined;

  constructor(raw: SimulatedSocket) {
    this.label = raw.label;
    this.raw = raw;
    raw.listen(() => this.proceed());
  }

  /** The code of what the other side has against this one, once it has said so. */
  protected abstract readonly refusal: string | null;
  /** The connection is there. */
  protected abstract begin(): void;
  /** The other side has sent the record of the handshake with that number. */
  protected abstract hear(number: number): void;
  /** The handshake is over. */
  protected abstract finish(): void;

  get readFailure(): string | null {
    return this.raw.readFailure ?? this.refusal;
  }

  get writeFailure(): string | null {
    return this.raw.writeFailure ?? this.refusal;
  }

  get hasEnded(): boolean {
    return this.raw.hasEnded;
  }

  get isFull(): boolean {
    return this.raw.isFull;
  }

  get details(): { readonly tls?: TlsInfo } {
    return this.#info === null ? {} : { tls: this.#info };
  }

  listen(changed: () => void): void {
    this.#changed = changed;
  }

  read(): Uint8Array | null {
    const { length } = this.#received;
    return length === 0 ? this.raw.read() : this.#received.take(length).slice();
  }

  write(bytes: Uint8Array): void {
    this.raw.write(bytes);
  }

  closeWrite(): void {
    this.raw.closeWrite();
  }

  close(): void {
    this.#over();
    this.raw.close();
  }

  destroy(): void {
    this.#over();
    this.raw.destroy();
  }

  vanish(): void {
    this.#over();
    this.raw.vanish();
  }

  /** The handshake has come to this. */
  protected settle(outcome: SideOutcome): void {
    if (this.state.type !== "opening") return;
    this.#over();
    if (outcome.type === "secured") {
      this.#info = outcome.info;
      this.state = { type: "open" };
    } else {
      this.state = { type: "failed", code: outcome.code };
      this.raw.destroy();
    }
    this.#changed();
  }

  protected fail(code: string): void {
    this.settle({ type: "failed", code });
  }

  protected say({ number }: Handshake): void {
    const record = Buffer.from([HANDSHAKE, 3, 3, 0, RECORD_BYTES - 5, 0, 0, 0, 0]);
    record.writeUInt32BE(number, RECORD_BYTES - 4);
    this.raw.write(new Uint8Array(record));
  }

  /** Call when the connection may have something new, and once for what it had before. */
  proceed(): void {
    if (this.state.type === "opening") this.#shake();
    else this.#changed();
  }

  #shake(): void {
    const { state } = this.raw;
    if (state.type === "failed") return this.fail(state.code);
    if (state.type === "opening") return;
    this.begin();
    this.#takeRecord();
    if (this.state.type !== "opening") return;
    if (this.raw.readFailure !== null) this.fail(this.raw.readFailure);
    else if (this.raw.hasEnded) this.fail("econnreset");
  }

  #takeRecord(): void {
    const bytes = this.raw.read();
    if (bytes !== null) this.#received.push(bytes);
    if (this.#received.length === 0) return;
    if (this.#received.peekNumber(1) !== HANDSHAKE) return this.fail("err_ssl_wrong_version_number");
    if (this.#received.length < RECORD_BYTES) return;
    const record = Buffer.from(this.#received.take(RECORD_BYTES));
    this.hear(record.readUInt32BE(RECORD_BYTES - 4));
  }

  #over(): void {
    if (this.state.type === "opening") this.finish();
  }
}

/** The end that has connected. */
export class SecuredClient extends SecuredSocket {
  readonly #handshakes: Handshakes;
  readonly #handshake: Handshake;
  #hasBegun = false;

  constructor(raw: SimulatedSocket, handshakes: Handshakes, handshake: Handshake) {
    super(raw);
    this.#handshakes = handshakes;
    this.#handshake = handshake;
  }

  protected get refusal(): string | null {
    const server = this.#handshake.outcome?.server;
    const isRefused = this.raw.hasEnded && server?.type === "failed" && server.code === NO_CERTIFICATE;
    return isRefused ? CERTIFICATE_REQUIRED : null;
  }

  protected begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.say(this.#handshake);
  }

  protected hear(): void {
    const { outcome } = this.#handshake;
    if (outcome === null) return this.fail("err_ssl_wrong_version_number");
    if (outcome.client.type === "secured") this.say(this.#handshake);
    this.settle(outcome.client);
  }

  protected finish(): void {
    this.#handshakes.end(this.#handshake);
  }
}

/** What a server needs for its end. */
export interface ServerSide {
  readonly handshakes: Handshakes;
  readonly security: TlsOptions;
  /** Plans the end of the client's time. @returns a function that takes it back */
  readonly afterLimit: (giveUp: () => void) => () => void;
}

/** The end that was accepted. */
export class SecuredServer extends SecuredSocket {
  protected readonly refusal = null;
  readonly #side: ServerSide;
  readonly #cancelLimit: () => void;
  #handshake: Handshake | null = null;

  constructor(raw: SimulatedSocket, side: ServerSide) {
    super(raw);
    this.#side = side;
    this.#cancelLimit = side.afterLimit(() => this.fail("err_tls_handshake_timeout"));
  }

  protected begin(): void {
    // The client has the first word.
  }

  protected hear(number: number): void {
    const known = this.#handshake;
    if (known?.outcome) return this.settle(known.outcome.server);
    const handshake = this.#side.handshakes.find(number);
    if (handshake === undefined || known !== null) return this.fail("err_ssl_wrong_version_number");
    this.#handshake = handshake;
    this.#side.handshakes.decide(handshake, this.#side.security, () => this.#answer(handshake));
  }

  protected finish(): void {
    this.#cancelLimit();
  }

  #answer(handshake: Handshake): void {
    if (this.state.type !== "opening") return;
    this.say(handshake);
    if (handshake.outcome?.client.type === "failed") this.fail("econnreset");
  }
}
