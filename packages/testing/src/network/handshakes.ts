// The handshakes that are going on in a world. What a client offers is no bytes that anybody could send: they carry its number, by which the
// server finds it here.

import type { ConnectionOptions, TlsOptions } from "node:tls";
import type { Clockwork } from "../time/clockwork.ts";
import { rehearse, type TlsOutcome } from "./tls-rehearsal.ts";

/** One handshake, between the first word of the client and its last. */
export interface Handshake {
  readonly number: number;
  readonly client: ConnectionOptions;
  /** Null until the server has answered. */
  outcome: TlsOutcome | null;
}

/** All of a world. */
export class Handshakes {
  readonly #clockwork: Clockwork;
  readonly #underway = new Map<number, Handshake>();
  #last: Promise<void> = Promise.resolve();
  #nextNumber = 1;

  constructor(clockwork: Clockwork) {
    this.#clockwork = clockwork;
  }

  begin(client: ConnectionOptions): Handshake {
    const handshake: Handshake = { number: this.#nextNumber++, client, outcome: null };
    this.#underway.set(handshake.number, handshake);
    return handshake;
  }

  find(number: number): Handshake | undefined {
    return this.#underway.get(number);
  }

  end({ number }: Handshake): void {
    this.#underway.delete(number);
  }

  /** Finds out what `handshake` comes to with `server`, and calls `then` at the same moment of virtual time. */
  decide(handshake: Handshake, server: TlsOptions, then: () => void): void {
    // One after the other: how long each really takes must not decide what happens first.
    this.#last = this.#last.then(async () => {
      handshake.outcome = await rehearse(handshake.client, server);
      then();
    });
    this.#clockwork.waitFor(this.#last);
  }
}
