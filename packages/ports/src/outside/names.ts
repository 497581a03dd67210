// The room of the name service: what the system knows of a host, and what a server of the domain name system says.

import { lookup } from "node:dns";
import { Resolver } from "node:dns/promises";
import type { DnsRecords } from "../net/dns.ts";
import { misuse } from "../port/check-options.ts";

/** How a server is asked. */
export interface QuerySettings {
  /** Addresses, each with a port if it is not 53; empty for those that the system is set up with. */
  readonly servers: readonly string[];
  readonly timeoutMs: number;
}

/**
 * The name service as a node reaches it. What fails rejects with an `Error` whose `code` is the system's, or `TIMEOUT`. A `signal` that
 * aborts gives up.
 */
export interface Names {
  /** The addresses of a host, by whatever means the system has. */
  lookup(host: string, family: "inet" | "inet6" | null, timeoutMs: number, signal: AbortSignal): PromiseLike<string[]>;
  resolve<T extends keyof DnsRecords>(
    name: string,
    type: T,
    settings: QuerySettings,
    signal: AbortSignal,
  ): PromiseLike<DnsRecords[T][]>;
  /** The names of an address. */
  reverse(address: string, settings: QuerySettings, signal: AbortSignal): PromiseLike<string[]>;
}

type Ask = { readonly [T in keyof DnsRecords]: (resolver: Resolver, name: string) => Promise<DnsRecords[T][]> };

const ASK: Ask = {
  a: (resolver, name) => resolver.resolve4(name),
  aaaa: (resolver, name) => resolver.resolve6(name),
  cname: (resolver, name) => resolver.resolveCname(name),
  mx: (resolver, name) => resolver.resolveMx(name),
  ns: (resolver, name) => resolver.resolveNs(name),
  ptr: (resolver, name) => resolver.resolvePtr(name),
  soa: async (resolver, name) => [await resolver.resolveSoa(name)],
  srv: (resolver, name) => resolver.resolveSrv(name),
  // A text of more than 255 bytes comes in pieces.
  txt: async (resolver, name) => (await resolver.resolveTxt(name)).map((pieces) => pieces.join("")),
};

/** The name service of the operating system and of Node. */
export const nodeNames: Names = {
  lookup: (host, family, timeoutMs, signal) =>
    limited(timeoutMs, signal, (answer) => {
      lookup(host, { all: true, family: familyOf(family) }, (error, found) =>
        answer(error === null ? Promise.resolve(found.map(({ address }) => address)) : Promise.reject(error)),
      );
    }),
  resolve: (name, type, settings, signal) => queried(settings, signal, (resolver) => ASK[type](resolver, name)),
  reverse: (address, settings, signal) => queried(settings, signal, (resolver) => resolver.reverse(address)),
};

/** @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for servers that are no addresses */
export function checkServers(servers: readonly string[]): void {
  try {
    new Resolver().setServers(servers);
  } catch {
    throw misuse('servers must be addresses, as "192.0.2.1" or "192.0.2.1:5353"', servers);
  }
}

function familyOf(family: "inet" | "inet6" | null): 0 | 4 | 6 {
  if (family === null) return 0;
  return family === "inet6" ? 6 : 4;
}

function queried<T>(
  { servers, timeoutMs }: QuerySettings,
  signal: AbortSignal,
  ask: (resolver: Resolver) => Promise<T>,
): Promise<T> {
  const resolver = new Resolver();
  if (servers.length > 0) resolver.setServers(servers);
  return limited(
    timeoutMs,
    signal,
    (answer) => answer(ask(resolver)),
    () => resolver.cancel(),
  );
}

/** The answer to a question; it is given up when `signal` aborts or the time is over. */
function limited<T>(
  timeoutMs: number,
  signal: AbortSignal,
  ask: (answer: (answered: Promise<T>) => void) => void,
  cancel: () => void = () => undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (code: string): void => {
      settled();
      reject(Object.assign(new Error("no answer came in time"), { code }));
      cancel();
    };
    const abandon = (): void => giveUp("ECANCELED");
    const timer = setTimeout(() => giveUp("TIMEOUT"), timeoutMs);
    const settled = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abandon);
    };
    signal.addEventListener("abort", abandon);
    ask((answered) => void answered.finally(settled).then(resolve, (error: unknown) => reject(timeoutOr(error))));
  });
}

/** The resolver has a limit of its own, and a word of its own. */
function timeoutOr(error: unknown): unknown {
  const isTimeout = error instanceof Error && "code" in error && error.code === "ETIMEOUT";
  return isTimeout ? Object.assign(new Error("no server has answered"), { code: "TIMEOUT" }) : error;
}
