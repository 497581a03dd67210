// The processes of a node as an outline: parents first, each directly followed by its children.
//
// A supervisor says who its children are and in which order; those of any other process are the living processes it spawned, in order
// of slots. A process whose parent has ended stands at depth 0. The walk keeps its own stack, so that a chain of any length needs no
// recursion, and remembers whom it has shown, so that nobody appears twice.

import { isAlive, type Node, processInfo } from "@krarup/core";
import type { Process } from "@krarup/core/internal";
import type { TreeRow } from "../protocol.ts";
import { labelText, nameText } from "./preview.ts";
import { waitingText } from "./process-rows.ts";
import type { RestartCounter } from "./restart-counter.ts";
import { type Supervision, supervisionOf } from "./supervision.ts";

/** A line that is still to be written. */
interface Place {
  readonly depth: number;
  readonly process: Process | null;
  readonly childId: string | null;
  readonly kind: "worker" | "process";
  readonly absent: "restarting" | "undefined";
  readonly restarts: number;
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
  limits: TreeLimits,
  restarts: RestartCounter,
): TreeRow[] {
  const spawned = spawnedBy(node);
  const shown = new Set<Process>();
  const rows: TreeRow[] = [];
  // The next line is the last element.
  const places = (root === undefined ? rootsOf(node) : [root])
    .map((process) => placeOf(process, 0))
    .toReversed();
  for (
    let place = places.pop();
    place !== undefined && rows.length < limits.limit;
    place = places.pop()
  ) {
    const { process } = place;
    if (process === null) rows.push(absentRow(place));
    if (process === null || shown.has(process)) continue;
    shown.add(process);
    const supervision = supervisionOf(process);
    const children = childrenOf(process, place.depth + 1, supervision, spawned, restarts);
    const row = presentRow(
      process,
      place,
      supervision,
      restarts,
      Math.max(0, children.length - limits.childrenMax),
    );
    if (row === undefined) continue;
    rows.push(row);
    for (const child of children.slice(0, limits.childrenMax).toReversed()) places.push(child);
  }
  return rows;
}

function rootsOf(node: Node): Process[] {
  return [...node.table].filter(
    ({ parent }) => parent === null || !isAlive(parent) || parent.node !== node,
  );
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
  process: Process,
  depth: number,
  supervision: Supervision | undefined,
  spawned: ReadonlyMap<Process, Process[]>,
  restarts: RestartCounter,
): Place[] {
  const others = (spawned.get(process) ?? []).map((child) => placeOf(child, depth));
  if (supervision === undefined) return others;
  const supervised = supervision.children.map(({ id, process: child, absent }): Place => {
    return {
      depth,
      process: child,
      childId: id,
      kind: "worker",
      absent,
      restarts: restarts.ofChild(process, id),
    };
  });
  const known = new Set(supervised.map((place) => place.process));
  return [...supervised, ...others.filter((place) => !known.has(place.process))];
}

function placeOf(process: Process, depth: number): Place {
  return { depth, process, childId: null, kind: "process", absent: "undefined", restarts: 0 };
}

function presentRow(
  process: Process,
  place: Place,
  supervision: Supervision | undefined,
  restarts: RestartCounter,
  hiddenChildren: number,
): TreeRow | undefined {
  const info = processInfo(process);
  if (info === undefined) return undefined;
  return {
    depth: place.depth,
    pid: process.toString(),
    childId: place.childId,
    name: info.registeredName === undefined ? null : nameText(info.registeredName),
    label: labelText(info.label),
    initialCall: nameText(info.initialCall),
    kind: supervision === undefined ? place.kind : "supervisor",
    status: info.status,
    waitingFor: waitingText(info.waitingFor),
    messageQueueLength: info.messageQueueLength,
    restarts: place.restarts,
    supervisor:
      supervision === undefined
        ? null
        : { ...supervision.details, restarts: restarts.ofSupervisor(process) },
    hiddenChildren,
  };
}

function absentRow({ depth, childId, absent, restarts }: Place): TreeRow {
  return {
    depth,
    pid: null,
    childId,
    name: null,
    label: null,
    initialCall: null,
    kind: "worker",
    status: absent,
    waitingFor: null,
    messageQueueLength: 0,
    restarts,
    supervisor: null,
    hiddenChildren: 0,
  };
}
