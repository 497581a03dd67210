// Certificates for tests: those of the ports.

import { readFileSync } from "node:fs";
import type { TlsIdentity } from "@krarup/ports";

const FOLDER = new URL("../../../ports/test/net/fixtures/", import.meta.url);

export const pem = (name: string): string => readFileSync(new URL(`${name}.pem`, FOLDER), "utf8");
export const identity = (name: string): TlsIdentity => ({ cert: pem(name), key: pem(`${name}-key`) });
