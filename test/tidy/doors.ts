// The doors: what is not deterministic enters the core through its platforms, and only the command prints.

import { type FreeGlobal, freeGlobals } from "./free-globals.ts";
import { isNode, type Source, type Violation, violationAt } from "./source.ts";

/** Clocks, chance, the event loop, input and output, and the back entrance to all of them. */
const OUTSIDE_WORLD = [
  "clearImmediate",
  "clearInterval",
  "clearTimeout",
  "console",
  "crypto",
  "fetch",
  "globalThis",
  "MessageChannel",
  "performance",
  "process",
  "queueMicrotask",
  "setImmediate",
  "setInterval",
  "setTimeout",
  "Temporal",
];

/** Uses of the outside world where it may not be used. */
export function checkDoors(source: Source): Violation[] {
  return freeGlobals(source)
    .filter((use) => isForbidden(source.path, use))
    .map(({ name, node }) => violationAt(source, node.start, `${name} belongs behind a door`));
}

function isForbidden(path: string, use: FreeGlobal): boolean {
  const [, name, isPlatform] = /^packages\/([^/]+)\/src\/(platforms\/)?/.exec(path) ?? [];
  if (name === undefined || name === "cli" || isPlatform !== undefined) return false;
  if (name !== "core" && name !== "supervisor") return use.name === "console";
  return OUTSIDE_WORLD.includes(use.name) || readsClock(use) || drawsChance(use);
}

/** `Date()`, `new Date()`, `Date.now()`. A date made from a number and `instanceof Date` read no clock. */
function readsClock({ name, node, ancestors: [parent] }: FreeGlobal): boolean {
  if (name !== "Date" || parent === undefined) return false;
  if (parent.type === "NewExpression" && parent["callee"] === node) {
    const { arguments: given } = parent;
    return Array.isArray(given) && given.length === 0;
  }
  return parent.type === "CallExpression" || isMember(parent, "now");
}

function drawsChance({ name, ancestors: [parent] }: FreeGlobal): boolean {
  return name === "Math" && isMember(parent, "random");
}

function isMember(node: unknown, name: string): boolean {
  if (!isNode(node) || node.type !== "MemberExpression") return false;
  const { property } = node;
  return isNode(property) && property["name"] === name;
}
