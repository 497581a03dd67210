// What is said about TLS: how a connection is secured, and what came of it.

import { KrarupError, type Operation } from "@krarup/core";
import { ask } from "../port/ask.ts";
import { misuse } from "../port/check-options.ts";
import type { PortError } from "../port/port-error.ts";
import type { AnyPort } from "../port/port-protocol.ts";

/** A certificate, or several with those that vouch for them, or a key, in PEM format. */
export type Pem = string | Uint8Array;

/** Who one is, for the other side. */
export interface TlsIdentity {
  /** The certificate, followed by those between it and the authority. */
  readonly cert: Pem;
  /** The certificate's private key. */
  readonly key: Pem;
  /** What the key is encrypted with, if it is. */
  readonly password?: string;
}

/** What both sides of a connection can decide. */
export interface TlsOptions {
  /** Certificates of the authorities that are trusted. Default: those that Node brings with it. */
  readonly cacerts?: Pem | readonly Pem[];
  /** Protocols that may be spoken, the preferred one first: `["h2", "http/1.1"]`. Default: none is agreed upon. */
  readonly alpn?: readonly string[];
  /** Default `"TLSv1.2"`. */
  readonly versionMin?: "TLSv1.2" | "TLSv1.3";
}

/**
 * How a client secures its connection.
 *
 * @remarks
 * An object that is used for several connections is read once.
 *
 * @see {@link https://www.erlang.org/doc/apps/ssl/ssl.html#connect/4 | ssl:connect/4}
 */
export interface ClientTls extends TlsOptions, Partial<TlsIdentity> {
  /**
   * Whether the server must show a certificate for its name by an authority that is trusted. Default `"verify_peer"`, as in OTP;
   * `"verify_none"` is for tests: anybody on the way can be the server.
   */
  readonly verify?: "verify_peer" | "verify_none";
  /** The name that the server is asked for and that its certificate must have. Default: the host; `"localhost"` on a unix socket. */
  readonly serverName?: string;
}

/**
 * How a server secures its connections.
 *
 * @see {@link https://www.erlang.org/doc/apps/ssl/ssl.html#listen/2 | ssl:listen/2}
 */
export interface ServerTls extends TlsOptions, TlsIdentity {
  /** Whether clients must show a certificate by one of `cacerts`. Default `"verify_none"`, as in OTP. */
  readonly verify?: "verify_peer" | "verify_none";
  /** Who the server is for clients that ask for one of these names, as OTP's `sni_hosts`. A name may begin with `"*."`. */
  readonly sniHosts?: Readonly<Record<string, TlsIdentity>>;
  /** Milliseconds that a client has for the handshake, before it is cut off. Default 15,000. */
  readonly handshakeTimeoutMs?: number;
}

/** How a connection that is there already is secured, and on which side of it one is. A client says which `host` it wants to be secured to. */
export type StartTls =
  | (ClientTls & { readonly role: "client"; readonly host: string })
  | (ServerTls & { readonly role: "server" });

/** The certificate of the other side. */
export interface PeerCertificate {
  /** `"CN=localhost"`, one part a line. */
  readonly subject: string;
  readonly issuer: string;
  /** `"DNS:localhost, IP Address:127.0.0.1"`; null when it names nothing else. */
  readonly subjectAltName: string | null;
  readonly serialNumber: string;
  /** As in `"Jan  1 00:00:00 2020 GMT"`. */
  readonly validFrom: string;
  readonly validTo: string;
  /** SHA-256, in hexadecimal with colons. */
  readonly fingerprint: string;
  /** The certificate itself, in DER format. */
  readonly der: Uint8Array;
}

/** What the two sides of a connection have agreed upon. */
export interface TlsInfo {
  /** `"TLSv1.3"` */
  readonly version: string;
  /** `"TLS_AES_256_GCM_SHA384"` */
  readonly cipher: string;
  /** The protocol to speak; null when none was agreed upon. */
  readonly alpn: string | null;
  /** The name that the client asked for; null when it asked for none. */
  readonly serverName: string | null;
  /** Null when the other side has shown none. */
  readonly peerCertificate: PeerCertificate | null;
  /** Whether a trusted authority vouches for it. Under `"verify_none"` this can be false. */
  readonly isVerified: boolean;
}

/**
 * What the two sides of a connection under TLS have agreed upon, and who the other side is.
 *
 * @returns the error `"einval"` for a port without TLS, `"closed"` when it has ended
 * @see {@link https://www.erlang.org/doc/apps/ssl/ssl.html#connection_information/1 | ssl:connection_information/1}
 */
export function tlsInfo(port: AnyPort): Operation<TlsInfo | PortError> {
  return ask(port, "ask about TLS", { do: "details", of: "tls" });
}

const VERIFY: readonly unknown[] = ["verify_peer", "verify_none", undefined];
const VERSIONS: readonly unknown[] = ["TLSv1.2", "TLSv1.3", undefined];

/** @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for what makes no sense for a client */
export function checkClientTls(tls: ClientTls): void {
  const { serverName = "localhost" } = tls;
  if (typeof serverName !== "string" || serverName === "" || /^[\d.]+$|:/.test(serverName))
    throw misuse("serverName must be the name of a host", serverName);
  checkTls(tls);
}

/** @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for what makes no sense for a server */
export function checkServerTls(tls: ServerTls): void {
  checkTls(tls);
  const { cert, key, verify, cacerts, handshakeTimeoutMs = 0 } = tls;
  // JavaScript can leave out what the type demands, and OpenSSL takes nothing for a certificate.
  const given: readonly (Pem | undefined)[] = [cert, key];
  if (!given.every((pem) => pem !== undefined && pem.length > 0))
    throw tlsMisuse("a server must have a cert and a key");
  if (verify === "verify_peer" && cacerts === undefined)
    throw tlsMisuse("cacerts must say who vouches for the clients that are verified");
  if (!(handshakeTimeoutMs >= 0) || handshakeTimeoutMs > 2_147_483_647)
    throw misuse("handshakeTimeoutMs must be milliseconds from 0 to 2147483647", handshakeTimeoutMs);
}

function checkTls(tls: ClientTls | ServerTls): void {
  const { verify, versionMin, alpn = [], cert, key } = tls;
  if (!VERIFY.includes(verify)) throw misuse('verify must be "verify_peer" or "verify_none"', verify);
  if (!VERSIONS.includes(versionMin)) throw misuse('versionMin must be "TLSv1.2" or "TLSv1.3"', versionMin);
  if (!Array.isArray(alpn) || !alpn.every(isProtocol)) throw misuse("alpn must be names of 1 to 255 bytes", alpn);
  if ((cert === undefined) !== (key === undefined)) throw tlsMisuse("cert and key must be given both or not at all");
}

/** As `misuse`, but the value is not shown: it may be a key. */
export function tlsMisuse(rule: string): KrarupError {
  return new KrarupError("ERR_BAD_ARGUMENT", `Cannot open a port with TLS as ${rule}`);
}

function isProtocol(name: unknown): boolean {
  return typeof name === "string" && name !== "" && Buffer.byteLength(name) <= 255;
}
