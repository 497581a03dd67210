// Which nodes there are, and which entries of the directory are left over from the dead.

import { InspectionError } from "../errors.ts";
import { type Descriptor, readDescriptors, removeEntry, socketPath } from "../place/descriptor.ts";
import { requirePrivate, runtimeDirectory } from "../place/runtime-directory.ts";
import { type ClientOptions, connect, type InspectionClient } from "./inspection-client.ts";

/** A node that somebody left a descriptor of. */
export interface NodeEntry {
  readonly descriptor: Descriptor;
  readonly endpoint: string;
}

/** What came of an entry: a connection, or the reason why there is none. */
export type Visit =
  | { readonly type: "connected"; readonly entry: NodeEntry; readonly client: InspectionClient }
  | { readonly type: "failed"; readonly entry: NodeEntry; readonly error: InspectionError }
  | { readonly type: "stale"; readonly entry: NodeEntry };

/**
 * Every node of this user that has left a descriptor, oldest first; some may have ended.
 *
 * @throws {@link InspectionError} `ERR_RUNTIME_DIRECTORY`
 */
export function findNodes(directory: string = runtimeDirectory()): NodeEntry[] {
  if (!requirePrivate(directory)) return [];
  return readDescriptors(directory).map((descriptor) => ({
    descriptor,
    endpoint: socketPath(directory, descriptor.id),
  }));
}

/**
 * Connects to the node of `entry`. An entry whose program is gone and whose socket nobody answers is stale, and is removed. Both are
 * asked: programs in different containers may share a directory and not know each other's pids, and a pid may be taken again.
 */
export async function visit(
  entry: NodeEntry,
  options: ClientOptions = {},
  directory: string = runtimeDirectory(),
): Promise<Visit> {
  try {
    return { type: "connected", entry, client: await connect(entry.endpoint, options) };
  } catch (error) {
    if (!(error instanceof InspectionError)) throw error;
    if (error.code !== "ERR_CONNECTION" || isRunning(entry.descriptor.pid)) return { type: "failed", entry, error };
    removeEntry(directory, entry.descriptor.id);
    return { type: "stale", entry };
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It exists and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
