// The name service of the simulated network: it knows the machines, and what a test tells it.

import type { DnsRecords } from "@krarup/ports";
import type { Names, QuerySettings } from "@krarup/ports/internal";
import { type Amount, type Chance, drawn } from "../chance.ts";
import type { Agenda } from "../time/agenda.ts";
import { isOwnName } from "./own-names.ts";

/** Records of one name. */
export type RecordsOf = { readonly [T in keyof DnsRecords]?: readonly DnsRecords[T][] };

/** How the name service is. */
export interface NameServiceOptions {
  /** Milliseconds of one question, or a range. Default 1. */
  readonly latencyMs?: Amount;
  /** Whether nobody answers. Default false. */
  readonly isDown?: boolean;
  /** Code with which every question fails: `"SERVFAIL"`. Default null. */
  readonly failsWith?: string | null;
}

/** Names, for all machines the same. */
export class NameService implements Names {
  readonly #agenda: Agenda;
  readonly #chance: Chance;
  readonly #ipOf: (host: string) => string | null;
  readonly #nameOf: (ip: string) => string | null;
  readonly #records = new Map<string, RecordsOf>();
  #options: Required<NameServiceOptions> = { latencyMs: 1, isDown: false, failsWith: null };

  /** @param ipOf - the address of a machine, by its name or an alias */
  constructor(
    agenda: Agenda,
    chance: Chance,
    ipOf: (host: string) => string | null,
    nameOf: (ip: string) => string | null,
  ) {
    this.#agenda = agenda;
    this.#chance = chance;
    this.#ipOf = ipOf;
    this.#nameOf = nameOf;
  }

  set(options: NameServiceOptions): void {
    this.#options = { ...this.#options, ...options };
  }

  setRecords(name: string, records: RecordsOf): void {
    this.#records.set(name.toLowerCase(), records);
  }

  lookup(host: string, family: "inet" | "inet6" | null, timeoutMs: number, signal: AbortSignal): Promise<string[]> {
    return this.#asked(timeoutMs, signal, () => {
      if (isOwnName(host)) return [family === "inet6" ? "::1" : "127.0.0.1"];
      const known = this.#recordsOf(host);
      const [four, six] = [known.a ?? [], known.aaaa ?? []];
      const found = family === null ? [...four, ...six] : [...(family === "inet" ? four : six)];
      return found.length > 0 ? found : null;
    });
  }

  resolve<T extends keyof DnsRecords>(
    name: string,
    type: T,
    { timeoutMs }: QuerySettings,
    signal: AbortSignal,
  ): Promise<DnsRecords[T][]> {
    return this.#asked(timeoutMs, signal, () => {
      const found: readonly DnsRecords[T][] | undefined = this.#recordsOf(name)[type];
      return found === undefined ? null : [...found];
    });
  }

  reverse(address: string, { timeoutMs }: QuerySettings, signal: AbortSignal): Promise<string[]> {
    return this.#asked(timeoutMs, signal, () => {
      const name = this.#nameOf(address);
      return name === null ? null : [name];
    });
  }

  #recordsOf(name: string): RecordsOf {
    const ip = this.#ipOf(name);
    return { ...(ip === null ? {} : { a: [ip] }), ...this.#records.get(name.toLowerCase()) };
  }

  /** One question. Null is that there is no such name. */
  #asked<T>(timeoutMs: number, signal: AbortSignal, answer: () => T | null): Promise<T> {
    return new Promise((resolve, reject) => {
      const fail = (code: string): void => reject(Object.assign(new Error("the name service"), { code }));
      const cancelAnswer = this.#agenda.after(drawn(this.#chance, this.#options.latencyMs), () => {
        if (this.#options.isDown) return;
        cancelTimeout();
        const found = this.#options.failsWith === null ? answer() : null;
        if (found === null) fail(this.#options.failsWith ?? "ENOTFOUND");
        else resolve(found);
      });
      const cancelTimeout = this.#agenda.after(timeoutMs, () => fail("TIMEOUT"));
      signal.addEventListener("abort", () => {
        cancelAnswer();
        cancelTimeout();
        fail("ECANCELED");
      });
    });
  }
}
