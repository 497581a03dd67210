// Names and addresses.

import { brief, KrarupError, type Operation } from "@krarup/core";
import { checkServers } from "../outside/names.ts";
import { outside } from "../outside/outside.ts";
import { attempt } from "../port/attempt.ts";
import { RESOLVE_TIMEOUT_MS } from "../port/limits.ts";
import type { PortError } from "../port/port-error.ts";

/** What a record of each type says. */
export interface DnsRecords {
  /** An IPv4 address. */
  readonly a: string;
  /** An IPv6 address. */
  readonly aaaa: string;
  readonly cname: string;
  readonly mx: { readonly exchange: string; readonly priority: number };
  readonly ns: string;
  readonly ptr: string;
  readonly soa: {
    readonly nsname: string;
    readonly hostmaster: string;
    readonly serial: number;
    readonly refresh: number;
    readonly retry: number;
    readonly expire: number;
    readonly minttl: number;
  };
  readonly srv: { readonly name: string; readonly port: number; readonly priority: number; readonly weight: number };
  readonly txt: string;
}

/** How the addresses of a host are looked up. */
export interface LookupOptions {
  /** Default: both, in the order in which the system gives them. */
  readonly family?: "inet" | "inet6";
  /** Milliseconds until it ends with `"timeout"`; default 15,000. */
  readonly timeoutMs?: number;
}

/** How a server of the domain name system is asked. */
export interface ResolveOptions {
  /** Addresses of the servers, each with a port if it is not 53: `"192.0.2.1:5353"`. Default: those that the system is set up with. */
  readonly servers?: readonly string[];
  /** Milliseconds until it ends with `"timeout"`, over all servers and attempts; default 15,000. */
  readonly timeoutMs?: number;
}

/**
 * Looks up the addresses of a host as the system does: by its file of hosts, its name service, or whatever it is set up for. An address is
 * its own answer.
 *
 * @remarks
 * **Waiting.** This process. When it gives up or ends, the system goes on looking in one of Node's few threads for that.
 *
 * @returns at least one address; or an error: `"enotfound"`, `"eai_again"` while the name service cannot be reached, `"timeout"`
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` at once, for what is no name or no limit
 * @see {@link https://www.erlang.org/doc/apps/kernel/inet.html#getaddrs/2 | inet:getaddrs/2}
 */
export function lookup(
  host: string,
  { family, timeoutMs = RESOLVE_TIMEOUT_MS }: LookupOptions = {},
): Operation<readonly string[] | PortError> {
  check(host, timeoutMs);
  if (family !== undefined && family !== "inet" && family !== "inet6")
    throw misuse('family must be "inet" or "inet6"', family);
  return attempt(`look up ${host}`, (signal) => outside("names").lookup(host, family ?? null, timeoutMs, signal));
}

/**
 * Asks the domain name system for the records of a name, and nothing else: neither files nor caches of the machine.
 *
 * @returns what the records say, at least one; or an error: `"enotfound"` for a name that is not there, `"enodata"` for one without such
 * records, `"eservfail"`, `"erefused"`, `"econnrefused"`, `"timeout"` …
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` at once, for what is no name, type, server or limit
 *
 * @example
 * ```ts no-run
 * import { isPortError, resolve } from "@krarup/ports";
 *
 * export function* mailServers(domain: string) {
 *   const found = yield* resolve(domain, "mx", { timeoutMs: 2_000 });
 *   if (isPortError(found)) return [];
 *   return found.toSorted((a, b) => a.priority - b.priority).map(({ exchange }) => exchange);
 * }
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/inet_res.html#lookup/4 | inet_res:lookup/4}
 */
export function resolve<T extends keyof DnsRecords>(
  name: string,
  type: T,
  options: ResolveOptions = {},
): Operation<readonly DnsRecords[T][] | PortError> {
  const settings = checkedSettings(name, options);
  if (!TYPES.includes(type)) throw misuse(`the type of a record must be one of ${TYPES.join(", ")}`, type);
  return attempt(`resolve ${type} of ${name}`, (signal) => outside("names").resolve(name, type, settings, signal));
}

/**
 * Asks the domain name system for the names of an address.
 *
 * @returns the names, at least one; or an error: `"enotfound"`, `"einval"` for what is no address, and as {@link resolve}
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` at once, as {@link resolve}
 * @see {@link https://www.erlang.org/doc/apps/kernel/inet_res.html#gethostbyaddr/2 | inet_res:gethostbyaddr/2}
 */
export function reverse(address: string, options: ResolveOptions = {}): Operation<readonly string[] | PortError> {
  const settings = checkedSettings(address, options);
  return attempt(`find the names of ${address}`, (signal) => outside("names").reverse(address, settings, signal));
}

const TYPES: readonly string[] = ["a", "aaaa", "cname", "mx", "ns", "ptr", "soa", "srv", "txt"];

function checkedSettings(
  name: string,
  { servers = [], timeoutMs = RESOLVE_TIMEOUT_MS }: ResolveOptions,
): Required<ResolveOptions> {
  check(name, timeoutMs);
  checkServers(servers);
  return { servers, timeoutMs };
}

function check(name: string, timeoutMs: number): void {
  if (typeof name !== "string" || name === "" || name.includes("\0"))
    throw misuse("a name must be a text that is not empty", name);
  if (!(timeoutMs >= 0) || timeoutMs > 2_147_483_647)
    throw misuse("timeoutMs must be milliseconds from 0 to 2147483647", timeoutMs);
}

function misuse(rule: string, value: unknown): KrarupError {
  return new KrarupError(
    "ERR_BAD_ARGUMENT",
    `Cannot ask for a name as ${rule}: current value is ${brief(value)}`,
    value,
  );
}
