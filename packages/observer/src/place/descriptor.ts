// What a node says about itself beside its socket, so that it can be found by name without asking each.

import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InspectionError } from "../errors.ts";
import { DESCRIPTOR_BYTES_MAX, SOCKET_PATH_BYTES_MAX } from "../limits.ts";

/** Whether clients may only look (`"ro"`) or also act (`"rw"`). */
export type InspectionMode = "ro" | "rw";

/** The content of `<id>.json`. */
export interface Descriptor {
  /** Version of this format. */
  readonly v: 1;
  /** Chosen by chance, short: the socket's path has a limit. */
  readonly id: string;
  readonly name: string;
  /** Of the operating system's process. */
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Version of Node.js. */
  readonly nodeVersion: string;
  /** Version of the inspection protocol. */
  readonly protocol: number;
  readonly mode: InspectionMode;
  /** What the program was started with. */
  readonly entry: string;
}

/**
 * The path of a node's socket. It follows from the id and is not taken from the descriptor: whoever could write a descriptor must not
 * be able to send a client elsewhere.
 *
 * @throws {@link InspectionError} `ERR_SOCKET_PATH` when it is too long for the operating system
 */
export function socketPath(directory: string, id: string): string {
  const path = join(directory, `${id}.sock`);
  const bytes = Buffer.byteLength(path);
  if (bytes <= SOCKET_PATH_BYTES_MAX) return path;
  throw new InspectionError(
    "ERR_SOCKET_PATH",
    `Cannot use the socket ${path} as its path may have ${SOCKET_PATH_BYTES_MAX} bytes: current value is ${bytes}`,
    {
      hint: "set KRARUP_RUNTIME_DIR to a shorter directory, for instance /tmp/krarup",
      value: path,
    },
  );
}

/** Leaves `descriptor` in `directory`, readable by its owner only. */
export function writeDescriptor(directory: string, descriptor: Descriptor): void {
  writeFileSync(descriptorPath(directory, descriptor.id), `${JSON.stringify(descriptor)}\n`, {
    mode: 0o600,
    flag: "wx",
  });
}

/** Takes the socket and the descriptor of a node away; what is gone already is no error. */
export function removeEntry(directory: string, id: string): void {
  rmSync(socketPath(directory, id), { force: true });
  rmSync(descriptorPath(directory, id), { force: true });
}

/** Every descriptor in `directory`, oldest node first. What is no descriptor is passed over. */
export function readDescriptors(directory: string): Descriptor[] {
  const found: Descriptor[] = [];
  for (const file of readdirSync(directory)) {
    const descriptor = file.endsWith(".json") ? readDescriptor(directory, file.slice(0, -".json".length)) : undefined;
    if (descriptor !== undefined) found.push(descriptor);
  }
  return found.toSorted((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1));
}

function readDescriptor(directory: string, id: string): Descriptor | undefined {
  const path = descriptorPath(directory, id);
  try {
    if (statSync(path).size > DESCRIPTOR_BYTES_MAX) return undefined;
    const content: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isDescriptor(content) && content.id === id ? content : undefined;
  } catch {
    // It went away under our eyes, or is being written.
    return undefined;
  }
}

function descriptorPath(directory: string, id: string): string {
  return join(directory, `${id}.json`);
}

/** The fields a client relies on, each with the type it must have. */
const FIELDS = {
  id: "string",
  name: "string",
  pid: "number",
  startedAt: "number",
  nodeVersion: "string",
  protocol: "number",
  mode: "string",
  entry: "string",
};

function isDescriptor(content: unknown): content is Descriptor {
  if (typeof content !== "object" || content === null) return false;
  const fields = new Map<string, unknown>(Object.entries(content));
  return fields.get("v") === 1 && Object.entries(FIELDS).every(([name, type]) => typeof fields.get(name) === type);
}
