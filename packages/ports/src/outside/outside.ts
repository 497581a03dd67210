// The seam between the ports of a node and the world: whatever a port does outside, it does in one of these rooms. Each room is one file,
// its interface beside what Node does behind it; nothing but the files of this folder imports `node:net`, `node:fs` and their like. A test
// gives its node other rooms, and then no port of that node touches the machine.

import { KrarupError, type Node } from "@krarup/core";
import { currentNode } from "@krarup/core/internal";
import { type Children, nodeChildren } from "./children.ts";
import { type Datagrams, nodeDatagrams } from "./datagrams.ts";
import { type Files, nodeFiles } from "./files.ts";
import { type Http, nodeHttp } from "./http.ts";
import { type Handles, nodeHandles } from "./handles.ts";
import { type Names, nodeNames } from "./names.ts";
import { nodeStdio, type Stdio } from "./stdio.ts";
import { nodeStreams, type Streams } from "./streams.ts";
import { type Paths, nodePaths } from "./paths.ts";
import { nodeThreads, type Threads } from "./threads.ts";
import { nodeWatches, type Watches } from "./watches.ts";

/** What is outside a node, a room for each kind of thing. */
export interface Outside {
  /** TCP and unix sockets. */
  readonly streams: Streams;
  /** UDP sockets. */
  readonly datagrams: Datagrams;
  /** The name service. */
  readonly names: Names;
  /** Standard input and output of the program. */
  readonly stdio: Stdio;
  /** Child processes of the operating system. */
  readonly children: Children;
  readonly files: Files;
  /** Files that stay open. */
  readonly handles: Handles;
  /** Directories, and files by their paths. */
  readonly paths: Paths;
  /** Changes of directories. */
  readonly watches: Watches;
  readonly http: Http;
  /** Makes the threads of a node. */
  readonly threads: () => Threads;
}

const NODE: Outside = {
  streams: nodeStreams,
  datagrams: nodeDatagrams,
  names: nodeNames,
  stdio: nodeStdio,
  children: nodeChildren,
  files: nodeFiles,
  handles: nodeHandles,
  paths: nodePaths,
  watches: nodeWatches,
  http: nodeHttp,
  threads: nodeThreads,
};

const given = new WeakMap<Node, Partial<Outside>>();

/** Gives `node` another world. A room that is missing is closed: a simulation must not reach the real one by accident. */
export function setOutside(node: Node, rooms: Partial<Outside>): void {
  given.set(node, rooms);
}

/**
 * A room of the world around the running process.
 *
 * @throws {@link KrarupError} `ERR_NO_OUTSIDE` when its node was given a world without it
 */
export function outside<Room extends keyof Outside>(room: Room): Outside[Room] {
  const rooms: Partial<Outside> = given.get(currentNode()) ?? NODE;
  const found = rooms[room];
  if (found !== undefined) return found;
  throw new KrarupError(
    "ERR_NO_OUTSIDE",
    `Cannot reach outside as the world of this node has no ${room}: give it that room, or do not use it here`,
    room,
  );
}
