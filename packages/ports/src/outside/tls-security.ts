// From our options of TLS to Node's, and from Node's socket to what we say about it.

import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import {
  type ConnectionOptions,
  createSecureContext,
  type SecureContext,
  type SecureContextOptions,
  type TlsOptions,
  type TLSSocket,
} from "node:tls";
import type { Address } from "../net/address.ts";
import {
  type ClientTls,
  type PeerCertificate,
  type Pem,
  type ServerTls,
  type TlsIdentity,
  type TlsInfo,
  tlsMisuse,
  type TlsOptions as OurOptions,
} from "../net/tls.ts";
import { HANDSHAKE_TIMEOUT_MS } from "../port/limits.ts";

type ContextOptions = OurOptions & Partial<TlsIdentity>;

const contexts = new WeakMap<ContextOptions, SecureContext>();

/**
 * The certificates and keys of `options`, as OpenSSL has read them.
 *
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` when it cannot
 */
export function contextOf(options: ContextOptions): SecureContext {
  const known = contexts.get(options);
  if (known !== undefined) return known;
  const context = readContext(options);
  contexts.set(options, context);
  return context;
}

function readContext(options: ContextOptions): SecureContext {
  try {
    return createSecureContext(credentialsOf(options));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw tlsMisuse(`OpenSSL must be able to read its certificates and keys: it says ${why}`);
  }
}

function credentialsOf({ cacerts, cert, key, password, versionMin = "TLSv1.2" }: ContextOptions): SecureContextOptions {
  return {
    minVersion: versionMin,
    ...(cacerts === undefined ? {} : { ca: [cacerts].flat().map(pemOf) }),
    ...(cert === undefined || key === undefined ? {} : { cert: pemOf(cert), key: pemOf(key) }),
    ...(password === undefined ? {} : { passphrase: password }),
  };
}

function pemOf(pem: Pem): string | Buffer {
  return typeof pem === "string" ? pem : Buffer.from(pem);
}

/** What Node is told for a connection to `address`. */
export function clientSecurity(tls: ClientTls, address: Address): ConnectionOptions {
  const host = "path" in address ? "localhost" : (address.host ?? "localhost");
  const name = tls.serverName ?? host;
  return {
    secureContext: contextOf(tls),
    rejectUnauthorized: tls.verify !== "verify_none",
    // Node asks for no name by itself. An address is never asked for; the certificate must be for it all the same.
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(tls.alpn === undefined ? {} : { ALPNProtocols: [...tls.alpn] }),
  };
}

/**
 * What Node is told for a server.
 *
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` when OpenSSL cannot read a certificate or key
 */
export function serverSecurity(tls: ServerTls): TlsOptions {
  // Node's server reads them itself, and complains in words of its own.
  contextOf(tls);
  const isVerified = tls.verify === "verify_peer";
  const hosts = hostContexts(tls);
  return {
    ...credentialsOf(tls),
    handshakeTimeout: tls.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS,
    requestCert: isVerified,
    rejectUnauthorized: isVerified,
    SNICallback: (name, answer) => answer(null, hosts.get(name) ?? hosts.get(name.replace(/^[^.]+/, "*"))),
    ...(tls.alpn === undefined ? {} : { ALPNProtocols: [...tls.alpn] }),
  };
}

/** A context for each name; beside who the server is, a name has what the server has. */
function hostContexts(tls: ServerTls): ReadonlyMap<string, SecureContext> {
  const { cacerts, versionMin, sniHosts = {} } = tls;
  const rest = { ...(cacerts && { cacerts }), ...(versionMin && { versionMin }) };
  return new Map(
    Object.entries(sniHosts).map(([name, identity]) => [name.toLowerCase(), readContext({ ...identity, ...rest })]),
  );
}

/** What the sides of `socket` have agreed upon. */
export function tlsInfoOf(socket: TLSSocket): TlsInfo {
  const certificate = socket.getPeerX509Certificate();
  return {
    version: socket.getProtocol() ?? "unknown",
    cipher: socket.getCipher()?.standardName ?? "unknown",
    alpn: textOrNull(socket.alpnProtocol),
    serverName: textOrNull(socket.servername),
    peerCertificate: certificate === undefined ? null : plain(certificate),
    isVerified: socket.authorized,
  };
}

/** Node says false or null or nothing where there is none, depending on the side. */
function textOrNull(text: unknown): string | null {
  return typeof text === "string" && text !== "" ? text : null;
}

function plain(certificate: X509Certificate): PeerCertificate {
  return {
    subject: certificate.subject,
    issuer: certificate.issuer,
    subjectAltName: certificate.subjectAltName ?? null,
    serialNumber: certificate.serialNumber,
    validFrom: certificate.validFrom,
    validTo: certificate.validTo,
    fingerprint: certificate.fingerprint256,
    der: new Uint8Array(certificate.raw),
  };
}
