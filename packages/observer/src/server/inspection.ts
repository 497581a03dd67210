// Opens a node to observers of the same user on the same machine, and to nobody else: a socket in a private directory. There is no
// password, because whoever may open the socket may also attach a debugger to the program.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { isMainThread } from "node:worker_threads";
import type { Node } from "@krarup/core";
import { InspectionError } from "../errors.ts";
import { CONNECTIONS_MAX, PROTOCOL_VERSION } from "../limits.ts";
import { type Descriptor, type InspectionMode, removeEntry, socketPath, writeDescriptor } from "../place/descriptor.ts";
import { prepareRuntimeDirectory, runtimeDirectory } from "../place/runtime-directory.ts";
import { serveConnection } from "./connection.ts";
import { inspectionMode } from "./inspection-mode.ts";
import { RestartCounter } from "./restart-counter.ts";

/** How {@link startInspection} differs from its defaults. */
export interface InspectionOptions {
  /** What clients call the node; default its own name. */
  readonly name?: string;
  /** What they may do; default what `KRARUP_INSPECT` and `NODE_ENV` say. */
  readonly mode?: InspectionMode | "off";
  /** What the program was started with, for people; default its first argument. */
  readonly entry?: string;
  /** Where to leave the socket; default `$KRARUP_RUNTIME_DIR` and so on. */
  readonly directory?: string;
}

/** A node that can be looked into. */
export interface Inspection {
  /** The socket's path. */
  readonly endpoint: string;
  readonly mode: InspectionMode;
  /** Ends all connections and takes the socket away. A second call does nothing. */
  stop(): void;
}

/**
 * Lets observers look into `node` from now on: `krarup ps` and its sisters find it.
 *
 * @remarks
 * To answer it reads the kernel's records between two slices; it asks no process and runs no code of the program. It does not keep the
 * program alive, and takes its socket away when the program exits. After a SIGKILL the socket stays, and the next `krarup ls` removes it.
 *
 * **Cost.** Nothing while nobody looks. A list costs O(processes) on the node's event loop.
 *
 * @returns undefined when inspection is off
 * @throws {@link InspectionError} `ERR_RUNTIME_DIRECTORY`, `ERR_SOCKET_PATH`, `ERR_INSPECT_MODE`, `ERR_CONNECTION`
 *
 * @example
 * ```ts no-run
 * import { getDefaultNode } from "@krarup/core";
 * import { startInspection } from "@krarup/observer";
 *
 * await startInspection(getDefaultNode(), { name: "shop" });
 * ```
 */
export async function startInspection(node: Node, options: InspectionOptions = {}): Promise<Inspection | undefined> {
  const mode = options.mode ?? inspectionMode();
  if (mode === "off") return undefined;
  const directory = options.directory ?? runtimeDirectory();
  const descriptor = describe(node, mode, options);
  const endpoint = socketPath(directory, descriptor.id);
  prepareRuntimeDirectory(directory);
  const sockets = new Set<Socket>();
  const restarts = new RestartCounter();
  const server = await listen(endpoint, (socket) => {
    sockets.add(socket.once("close", () => sockets.delete(socket)));
    void serveConnection(socket, { node, descriptor, restarts });
  });
  writeDescriptor(directory, descriptor);
  const stopCounting = restarts.watch(node);
  const remove = (): void => removeEntry(directory, descriptor.id);
  process.once("exit", remove);
  const stop = (): void => {
    process.off("exit", remove);
    stopCounting();
    server.close();
    for (const socket of sockets) socket.destroy();
    remove();
  };
  return { endpoint, mode, stop };
}

function describe(node: Node, mode: InspectionMode, options: InspectionOptions): Descriptor {
  return {
    v: 1,
    id: randomBytes(4).toString("hex"),
    name: options.name ?? node.name,
    pid: process.pid,
    startedAt: Math.round(node.platform.systemTime() - node.now()),
    nodeVersion: process.versions.node,
    protocol: PROTOCOL_VERSION,
    mode,
    entry: options.entry ?? process.argv[1] ?? "",
  };
}

async function listen(endpoint: string, onSocket: (socket: Socket) => void): Promise<Server> {
  const server = createServer(onSocket);
  server.maxConnections = CONNECTIONS_MAX;
  try {
    bindPrivately(server, endpoint);
    await once(server, "listening");
  } catch (cause) {
    throw new InspectionError(
      "ERR_CONNECTION",
      `Cannot listen on ${endpoint}: ${cause instanceof Error ? cause.message : "for an unknown reason"}`,
      { cause },
    );
  }
  // An error of one accept, for lack of descriptors say, is the loss of one observer.
  server.on("error", () => undefined);
  return server.unref();
}

/**
 * Makes the socket with mode 0600 from the start: to change it afterwards leaves a gap, and does nothing on some systems. `listen` binds
 * before it returns. A worker thread has no umask of its own and relies on the directory.
 */
function bindPrivately(server: Server, endpoint: string): void {
  if (!isMainThread) {
    server.listen(endpoint);
    return;
  }
  const before = process.umask(0o177);
  try {
    server.listen(endpoint);
  } finally {
    process.umask(before);
  }
}
