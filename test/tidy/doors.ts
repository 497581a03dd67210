// The doors: what is not deterministic enters the core through its platforms, and only the command prints.

import { type FreeGlobal, freeGlobals, TYPE_WRAPPERS } from "./free-globals.ts";
import { isNode, nodesIn, type Source, type SyntaxNode, type Violation, violationAt } from "./source.ts";

/** Clocks, chance, the event loop, input and output. */
const OUTSIDE_WORLD = [
  "clearImmediate",
  "clearInterval",
  "clearTimeout",
  "console",
  "crypto",
  "fetch",
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
  return OUTSIDE_WORLD.includes(use.name) || readsClock(use) || drawsChance(use) || opensBackDoor(use);
}

/** `globalThis` as a whole, or something of the outside world by way of it. Asking it for a new class is fine. */
function opensBackDoor({ name, ancestors }: FreeGlobal): boolean {
  if (name !== "globalThis") return false;
  const [user] = ancestors.filter(({ type }) => !TYPE_WRAPPERS.includes(type));
  const taken = user === undefined ? [] : namesTaken(user);
  return taken.length === 0 || taken.some((each) => ["", "Date", "Math", ...OUTSIDE_WORLD].includes(each));
}

/** `name` of `globalThis.name`, of `const { name } = globalThis`; empty for one that is only known when it runs. */
function namesTaken(user: SyntaxNode): string[] {
  const { id, property } = user;
  if (user.type === "MemberExpression" && user["computed"] !== true) return [nameOf(property)];
  if (user.type !== "VariableDeclarator" || !isNode(id) || id.type !== "ObjectPattern") return [];
  return nodesIn(id["properties"]).map(({ key }) => nameOf(key));
}

function nameOf(node: unknown): string {
  return isNode(node) ? String(node["name"]) : "";
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
