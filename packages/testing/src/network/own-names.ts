const OWN_NAMES: readonly string[] = ["localhost", "127.0.0.1", "::1", "0.0.0.0", "::"];

/** Whether a host name means the machine itself. */
export function isOwnName(host: string): boolean {
  return OWN_NAMES.includes(host);
}
