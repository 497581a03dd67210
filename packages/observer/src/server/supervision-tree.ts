// The processes of a node as an outline: parents first, each directly followed by its children.
//
// A supervisor says who its children are and in which order; those of any other process are the living processes it spawned, in order
// of slots. A process whose parent has ended stands at depth 0. The walk keeps its own stack, so that a chain of any length needs no
// recursion, and remembers whom it has shown, so that nobody appears twice.

import { isAlive, type Node } from "@krarup/core";
import type { Process } from "@krarup/core/internal";
import type { TreeRow } from "../protocol.ts";
import type { RestartCounter } from "./restart-counter.ts";
import { type SupervisedChild, supervisedChildren } from "./supervision.ts";
import { treeRow } from "./tree-row.ts";

/** A line that is still to be written: how deep, who, and what its supervisor says of it. */
export interface Place {
  readonly depth: number;
  /** Null for a child that is not running. */
  readonly process: Process | null;
  /** Null for a process that is nobody's child by spec. */
  readonly supervised: SupervisedChild | null;
}

/** The bounds of an outline. */
export interface TreeLimits {
  /** Children shown of each process; the others are counted. */
  readonly childrenMax: number;
  readonly limit: number;
}

/** The outline of what is below `root`, or of the whole node. */
export function supervisionTree(
  node: Node,
  root: Process | undefined,
  { childrenMax, limit }: TreeLimits,
  restarts: RestartCounter,
): TreeRow[] {
  const spawned = spawnedBy(node);
  const shown = new Set<Process>();
  const rows: TreeRow[] = [];
  // The next line is the last element.
  const places = placed(root === undefined ? rootsOf(node) : [root], 0).toReversed();
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    if (rows.length === limit) break;
    if (place.process !== null && shown.has(place.process)) continue;
    if (place.process !== null) shown.add(place.process);
    const children = childrenOf(place, spawned, restarts);
    rows.push(treeRow(place, Math.max(0, children.length - childrenMax), restarts));
    places.push(...children.slice(0, childrenMax).toReversed());
  }
  return rows;
}

function rootsOf(node: Node): Process[] {
  return [...node.table].filter(({ parent }) => parent === null || !isAlive(parent) || parent.node !== node);
}

function spawnedBy(node: Node): ReadonlyMap<Process, Process[]> {
  const spawned = new Map<Process, Process[]>();
  for (const process of node.table) {
    const { parent } = process;
    if (parent === null) continue;
    const siblings = spawned.get(parent);
    if (siblings === undefined) spawned.set(parent, [process]);
    else siblings.push(process);
  }
  return spawned;
}

function childrenOf(
  { process, depth }: Place,
  spawned: ReadonlyMap<Process, Process[]>,
  restarts: RestartCounter,
): Place[] {
  if (process === null) return [];
  const supervised = supervisedChildren(process, restarts);
  const known = new Set(supervised.map((child) => child.process));
  const others = (spawned.get(process) ?? []).filter((child) => !known.has(child));
  return [
    ...supervised.map((child) => ({ depth: depth + 1, process: child.process, supervised: child })),
    ...placed(others, depth + 1),
  ];
}

function placed(processes: readonly Process[], depth: number): Place[] {
  return processes.map((process) => ({ depth, process, supervised: null }));
}
